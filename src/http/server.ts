import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Logger } from '../log.ts'
import { type HealthParts, healthRoutes } from './health-routes.ts'
import { type PushParts, pushRoutes } from './push-routes.ts'
import { type WebhookParts, webhookRoutes } from './webhook-routes.ts'

export interface ServerParts extends PushParts, HealthParts, WebhookParts {
  log: Logger
}

/** The service's HTTP face. Builds, does not listen. */
export function createServer(parts: ServerParts): FastifyInstance {
  const app = Fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    // Addresses hold tokens: requests are not logged.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY,
    requestTimeout: 10_000,
    keepAliveTimeout: 30_000,
    forceCloseConnections: true,
    return503OnClosing: true,
  })
  app.setErrorHandler((error: { statusCode?: number; code?: string; message: string }, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) parts.log.error({ error: error.message, code: error.code }, 'a request failed')
    return reply
      .code(status)
      .send({ error: error.code ?? 'INTERNAL', message: explained(error.code) ?? error.message })
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: 'NOT_FOUND', message: 'there is nothing at this address' }),
  )
  // Whatever the content type says, the body is taken as text: the cloud's is not documented.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.register(pushRoutes(parts))
  app.register(healthRoutes(parts))
  app.register(webhookRoutes(parts))
  return app
}

/** The largest push that is taken, bytes. */
const MAX_BODY = 64 * 1024

function explained(code: string | undefined): string | undefined {
  return code === 'FST_ERR_CTP_BODY_TOO_LARGE' ? `the body is larger than ${MAX_BODY} bytes` : undefined
}
