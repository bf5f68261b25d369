import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Control } from './control.ts'
import { ApiError } from './errors.ts'
import { type Exchange, errorReply, write } from './exchange.ts'
import { readBody, readParams } from './request-body.ts'
import type { Bot, World } from './world.ts'

export interface Server {
  url: string
  stop(): Promise<void>
  /** Listens again on the same port. */
  start(): Promise<void>
}

/** Serves `/bot<token>/<method>` and, for tests, `/_sim/…` on 127.0.0.1. */
export async function startServer(
  world: World,
  exchange: Exchange,
  control: Control,
  port: number,
): Promise<Server> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error) => fail(response, error))
  })
  // A client may hold a long poll on a kept-alive connection for as long as it likes.
  server.requestTimeout = 0

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', 'http://simulator')
    const body = await readBody(request)
    if (url.pathname.startsWith('/_sim/')) return control(request.method ?? 'GET', url, body, response)
    const [, token, method] = /^\/bot([^/]+)\/([^/]+)$/.exec(url.pathname) ?? []
    if (token === undefined || method === undefined) throw new ApiError(404, '')
    const bot = botOf(world, decodeURIComponent(token))
    const params = await readParams(url.searchParams, request.headers['content-type'] ?? '', body)
    return exchange.answer(bot, method, params, response)
  }

  const listen = (on: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(on, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })

  await listen(port)
  const taken = (server.address() as AddressInfo).port
  return {
    url: `http://127.0.0.1:${taken}`,
    start: () => listen(taken),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function fail(response: ServerResponse, error: unknown) {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { code, message } = error instanceof ApiError ? error : new ApiError(500, String(error))
  await write(response, errorReply(code, message))
}

function botOf(world: World, token: string): Bot {
  if (!token.includes(':') || token.startsWith('0')) throw new ApiError(401, 'Invalid token specified')
  const bot = [...world.bots.values()].find((candidate) => candidate.token === token)
  if (!bot || bot.revoked) throw new ApiError(401, '')
  return bot
}
