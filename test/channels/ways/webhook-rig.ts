import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { createWebhookWay } from '../../../src/channels/webhook/index.ts'
import { closedPort } from '../../support/closed-port.ts'
import { createRecorder } from '../../support/recorder.ts'
import type { Trouble, WayRig } from './rig.ts'
import { countSockets } from './sockets.ts'

export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

export interface Received {
  headers: Record<string, string>
  body: string
}

export interface WebhookRig extends WayRig {
  /** Answers the next request so. */
  reply(status: number, headers?: Record<string, string>, body?: string): void
  received: Received[]
  url: string
  /** How many connections were ever made. */
  opened(): number
}

/** A receiver as anybody would write it: it verifies with the official library and refuses what is not signed. */
export async function createWebhookRig(within: number): Promise<WebhookRig> {
  const received: Received[] = []
  let begun = 0
  let next: ((response: ServerResponse) => void) | undefined

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    begun++
    const body = await text(request)
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, it]) => [name, String(it)]),
    )
    const now = next
    next = undefined
    if (now) return now(response)
    try {
      new Webhook(SECRET).verify(body, headers)
      received.push({ headers, body })
      response.writeHead(204).end()
    } catch (error) {
      response.writeHead(401).end(String(error))
    }
  }

  const server = createServer((request, response) => void handle(request, response))
  const connections = countSockets(server)
  let opened = 0
  server.on('connection', () => opened++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const { log, lines } = createRecorder()
  const at = (where: number) =>
    createWebhookWay({
      hooks: { ops: { url: `http://127.0.0.1:${where}/hook?token=path-secret`, secret: SECRET } },
      log,
      within,
    })
  return {
    way: at(port),
    again: () => at(port),
    nowhere: async () => at(await closedPort()),
    to: 'ops',
    received,
    url: `http://127.0.0.1:${port}/`,
    taken: async () => received.map(({ body }) => body),
    begun: () => begun,
    connections,
    opened: () => opened,
    secrets: [SECRET, SECRET.slice('whsec_'.length), 'path-secret'],
    lines,
    reply(status, headers = {}, body = '') {
      next = (response) => response.writeHead(status, headers).end(body)
    },
    hurt(trouble) {
      next = TROUBLE[trouble]
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const TROUBLE: Record<Trouble, (response: ServerResponse) => void> = {
  reset: (response) => response.socket?.resetAndDestroy(),
  hang: () => {},
  html: (response) =>
    response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>'),
  torn: (response) => {
    response.socket?.write('HTTP/1.1 20')
    response.socket?.end()
  },
  drip(response) {
    const drip = setInterval(() => response.socket?.write('x'), 20)
    response.socket?.on('close', () => clearInterval(drip))
  },
}
