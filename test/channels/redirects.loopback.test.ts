import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStream } from '../../src/channels/dingtalk/stream-client.ts'
import { callJson } from '../../src/channels/kit/http.ts'
import { createClient } from '../../src/channels/telegram/client.ts'
import { createTransport } from '../../src/thingboot/transport.ts'

/** Two hosts: what is said to the one must never reach the other. */
interface Host {
  url: string
  asked: IncomingMessage[]
  close(): void
}

async function host(
  answer: (request: IncomingMessage) => { status: number; headers?: object; body?: string },
): Promise<Host> {
  const asked: IncomingMessage[] = []
  const server = createServer((request, response) => {
    asked.push(request)
    request.resume()
    const { status, headers = {}, body = '{}' } = answer(request)
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} }
let elsewhere: Host
beforeEach(async () => {
  elsewhere = await host(() => ({ status: 200, body: '{"ok":true,"result":true,"code":200}' }))
})
afterEach(() => elsewhere.close())

describe.each([301, 302, 303, 307, 308])('a redirect by %i to another host', (status) => {
  let platform: Host
  beforeEach(async () => {
    platform = await host(() => ({ status, headers: { location: `${elsewhere.url}/taken` } }))
  })
  afterEach(() => {
    expect(platform.asked).toHaveLength(1)
    expect(elsewhere.asked).toHaveLength(0)
    platform.close()
  })

  test('is not followed by Telegram’s client', async () => {
    const client = createClient({ token: '1:secret', apiRoot: platform.url, proxy: null, callTimeout: 2000 })
    const answer = await client.call('sendMessage', { chat_id: 1, text: 'x' })
    expect(answer).toMatchObject({ ok: false, fault: { text: expect.stringContaining('another host') } })
    client.close()
  })

  test('is not followed by calls of DingTalk and WeCom', async () => {
    const call = { method: 'POST', url: `${platform.url}/x?token=secret`, body: {}, timeout: 2000 } as const
    expect(await callJson(call)).toMatchObject({ kind: 'lost' })
  })

  test('is not followed by signed calls', async () => {
    const account = { appId: 'a', appSecret: 'secret', baseUrl: platform.url }
    const transport = createTransport({ ...account, now: Date.now, timeoutMs: 2000, log: quiet })
    expect(await transport.call('device/control', {})).toMatchObject({ ok: false })
  })
})

test.each([
  'ws://evil.example/',
  'wss://127.0.0.2:1/',
  'wss://api.dingtalk.com.evil.example/',
  'ws://[::1]:1/',
])('a gateway that names %s is not connected to', async (endpoint) => {
  const gateway = await host(() => ({
    status: 200,
    body: JSON.stringify({ endpoint, ticket: 'secret-ticket' }),
  }))
  const opened = openStream(
    {
      clientId: 'c',
      clientSecret: 's',
      apiBase: gateway.url,
      openWithin: 2000,
      pingEvery: 1000,
      onCallback() {},
      onFrameError() {},
    },
    AbortSignal.timeout(5000),
  )
  await expect(opened).rejects.toThrow(`a host that is not DingTalk's: ${new URL(endpoint).host}`)
  gateway.close()
})
