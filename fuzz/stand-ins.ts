import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

/**
 * The least that lets the adapters work: the cloud and the three platforms on one port, which agree to everything and keep
 * nothing. The simulators remember what they heard, and would be measured along with the service.
 */
export interface StandIns {
  url: string
  /** Sends a frame as it is to whoever is connected; false where nobody is. */
  toDingTalk(frame: string): boolean
  toWeCom(frame: string): boolean
  /** How often each platform was connected to. */
  connected: { dingtalk: number; wecom: number }
  close(): Promise<void>
}

export async function startStandIns(): Promise<StandIns> {
  const sockets: { dingtalk?: WebSocket; wecom?: WebSocket } = {}
  const connected = { dingtalk: 0, wecom: 0 }
  let messages = 0
  let webhook = ''

  function telegram(method: string, body: string): unknown {
    if (method === 'getme') return { id: 1, is_bot: true, first_name: 'fuzz', username: 'breaker_bot' }
    if (method === 'setwebhook') webhook = (JSON.parse(body) as { url: string }).url
    if (method === 'getwebhookinfo') return { url: webhook, pending_update_count: 0 }
    if (!/^(?:send(?!chataction)|editmessage)/.test(method)) return true
    return { message_id: ++messages, date: 1, chat: { id: -100, type: 'supergroup' } }
  }

  function answerTo({ url = '/' }: IncomingMessage, body: string): unknown {
    if (url.startsWith('/bot'))
      return { ok: true, result: telegram(url.split('/').at(-1)!.toLowerCase(), body) }
    if (url.endsWith('/ntp/')) return String(Date.now())
    if (url.includes('/device/')) return { code: 200, msg: 'ok', data: [] }
    if (url.endsWith('/connections/open'))
      return { endpoint: `${origin().replace('http', 'ws')}/dingtalk`, ticket: 't' }
    return {
      accessToken: 'token',
      expireIn: 7200,
      success: true,
      result: { deliverResults: [{ success: true }] },
      errcode: 0,
    }
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const answer = answerTo(request, body)
      response.setHeader('content-type', 'application/json')
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
    })
  })
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  new WebSocketServer({ server }).on('connection', (socket, { url = '' }) => {
    const name = url.startsWith('/dingtalk') ? 'dingtalk' : 'wecom'
    connected[name]++
    sockets[name] = socket
    socket.on('error', () => socket.terminate())
    if (name === 'wecom') socket.on('message', (data) => agree(socket, String(data)))
  })

  /** What is subscribed to, pinged or sent is well. */
  function agree(socket: WebSocket, text: string): void {
    const { headers } = JSON.parse(text) as { headers: object }
    socket.send(JSON.stringify({ headers, errcode: 0, errmsg: 'ok' }))
  }

  function push(socket: WebSocket | undefined, frame: string): boolean {
    if (socket?.readyState !== socket?.OPEN) return false
    socket!.send(frame)
    return true
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: origin(),
    toDingTalk: (frame) => push(sockets.dingtalk, frame),
    toWeCom: (frame) => push(sockets.wecom, frame),
    connected,
    close() {
      for (const socket of Object.values(sockets)) socket?.terminate()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
