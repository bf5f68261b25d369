import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StubCall {
  /** Path and query as they came. */
  url: string
  method: string
  headers: IncomingMessage['headers']
  body: string
}

export type StubAnswer = (call: StubCall, response: ServerResponse) => void

export interface CloudStub {
  url: string
  calls: StubCall[]
  /** What happens to calls from now on. */
  answer: StubAnswer
  close(): Promise<void>
}

/** Answers with the cloud's envelope. */
export function envelope(code: number, data?: unknown, msg = ''): StubAnswer {
  return (_call, response) => response.end(JSON.stringify({ code, msg, data }))
}

/** A server that misbehaves on demand: what a cloud simulator would never do. */
export async function startCloudStub(): Promise<CloudStub> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const call = { url: request.url ?? '', method: request.method ?? '', headers: request.headers, body }
    stub.calls.push(call)
    stub.answer(call, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stub: CloudStub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    answer: envelope(200),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return stub
}
