import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A span as it stands on the wire (OTLP/HTTP, JSON). */
export interface ReceivedSpan {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  startTimeUnixNano: string
  endTimeUnixNano: string
  links: { traceId: string; spanId: string }[]
  status: { code: number }
}

/** A collector of traces on loopback that keeps what it is sent. */
export async function startCollector() {
  const spans: ReceivedSpan[] = []
  const headers: (string | undefined)[] = []
  const faults: string[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    if (request.url !== '/v1/traces' || request.headers['content-type'] !== 'application/json')
      faults.push(`${request.method} ${request.url} ${request.headers['content-type']}`)
    headers.push(request.headers['x-key'] as string | undefined)
    const { resourceSpans } = JSON.parse(body) as {
      resourceSpans: { scopeSpans: { spans: ReceivedSpan[] }[] }[]
    }
    spans.push(...resourceSpans.flatMap((one) => one.scopeSpans.flatMap((scope) => scope.spans)))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    headers,
    faults,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}
