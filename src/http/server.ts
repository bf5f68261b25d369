import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Logger } from '../log.ts'
import { type ApiParts, apiRoutes } from './api/index.ts'
import { consoleRoutes } from './console-routes.ts'
import { type EnergyParts, energyRoutes } from './energy-routes.ts'
import { type HealthParts, healthRoutes } from './health-routes.ts'
import { LIMITS, type Limits, limitConnections, limitsOf } from './limits.ts'
import { type PushParts, pushRoutes } from './push-routes.ts'
import { type WebhookParts, webhookRoutes } from './webhook-routes.ts'

export interface ServerParts extends PushParts, HealthParts, WebhookParts, EnergyParts {
  log: Logger
  /** Absent: no console, no API. */
  api?: ApiParts
  /** The reverse proxies whose word for a caller's address is taken. */
  trustProxy?: readonly string[]
  /** Tests shorten them. */
  limits?: Partial<Limits>
}

/** The service's HTTP face. Builds, does not listen. */
export function createServer(parts: ServerParts): FastifyInstance {
  const limits = { ...LIMITS, ...parts.limits }
  const app = Fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    // Addresses hold tokens: requests are not logged.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY,
    ...limitsOf(limits),
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    ...(parts.trustProxy && parts.trustProxy.length > 0 && { trustProxy: [...parts.trustProxy] }),
    routerOptions: { maxParamLength: MAX_PATH },
    schemaController: { compilersFactory: { buildValidator: noForms, buildSerializer: noForms } },
  })
  limitConnections(app, limits)
  app.setErrorHandler((error: { statusCode?: number; code?: string; message: string }, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) parts.log.error({ error: error.message, code: error.code }, 'a request failed')
    return reply.code(status).send({ error: error.code ?? 'INTERNAL', message: explained(status, error) })
  })
  const { api } = parts
  if (api) {
    app.register(apiRoutes(api))
    app.register(consoleRoutes(api))
  }
  app.register(async (open) => {
    takeAnyBody(open)
    open.setNotFoundHandler((_request, reply) =>
      reply.code(404).send({ error: 'NOT_FOUND', message: 'there is nothing at this address' }),
    )
    open.register(pushRoutes(parts))
    open.register(healthRoutes(parts))
    open.register(webhookRoutes(parts))
    open.register(energyRoutes(parts))
  })
  return app
}

/** The API brings zod's compilers for its own; fastify would load its two, which nothing here needs. */
function noForms(): never {
  throw new Error('this route has a form, and nothing to compile it')
}

/** Whatever the content type says, and be it nonsense, the body is taken as text: the cloud's is not documented. */
function takeAnyBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.addHook('onRequest', ({ headers }, _reply, done) => {
    headers['content-type'] = 'text/plain'
    done()
  })
}

/** The largest push that is taken, bytes. */
const MAX_BODY = 64 * 1024

/** Longer than any that Node takes: a token may be longer than fastify's own limit, and a wrong one is not told apart. */
const MAX_PATH = 16 * 1024
/** How long requests under way may take to end at a stop, ms. */
const CLOSE_WITHIN = 2000

function explained(status: number, error: { code?: string; message: string }): string {
  if (status >= 500) return 'a fault of the service; its log says more'
  return error.code === 'FST_ERR_CTP_BODY_TOO_LARGE'
    ? `the body is larger than ${MAX_BODY} bytes`
    : error.message
}

/**
 * Listens, and answers with the address.
 * @throws Error with a sentence for the person who runs the service
 */
export async function listenOn(
  app: FastifyInstance,
  { host, port }: { host: string; port: number },
): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw new Error(LISTEN_FAULTS[code]?.(host, port) ?? `cannot listen on ${host}:${port}: ${error}`)
  }
  const { port: taken } = app.server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`
}

const LISTEN_FAULTS: Record<string, (host: string, port: number) => string> = {
  EADDRINUSE: (_host, port) =>
    `port ${port} is taken by another program: stop that one, or set another server.port`,
  EACCES: (_host, port) => `port ${port} is not open to this user: set server.port to one above 1023`,
  EADDRNOTAVAIL: (host) => `${host} is not an address of this machine: set server.host to 0.0.0.0`,
}

/** Takes no more requests, and lets those under way end; but not for ever. */
export async function closeServer(app: FastifyInstance): Promise<void> {
  // One whose request ends only now would else be kept open for the next.
  const sweep = setInterval(() => app.server.closeIdleConnections(), 50)
  const cut = setTimeout(() => app.server.closeAllConnections(), CLOSE_WITHIN)
  await app.close().finally(() => {
    clearInterval(sweep)
    clearTimeout(cut)
  })
}
