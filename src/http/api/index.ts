import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { Console } from '../../engine/console/console.ts'
import {
  type AuthParts,
  countedAs,
  createIdentifying,
  keepNothing,
  refuse,
  requireCaller,
  viewerOf,
} from './auth.ts'
import { deedRoutes } from './deed-routes.ts'
import { describe } from './describe.ts'
import { type EventOptions, eventRoutes } from './events.ts'
import { measuredRoutes } from './measured-routes.ts'
import { readingRoutes } from './reading-routes.ts'
import { sessionRoutes } from './session-routes.ts'

export interface ApiParts extends AuthParts, EventOptions {
  console: Console
}

/** Calls in a minute by one caller, or from one address without one. */
const CALLS = 300
/** What is asked for is short. */
const MAX_BODY = 16 * 1024

/** The JSON API under /api/v1, and its description at /openapi.json. */
export function apiRoutes(parts: ApiParts) {
  const { metrics } = parts.console
  return async (app: FastifyInstance): Promise<void> => {
    await app.register(cookie)
    await app.register(swagger, { openapi: describe(), transform: jsonSchemaTransform })
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
    app.register(
      async (api) => {
        api.setValidatorCompiler(unbroken)
        api.setSerializerCompiler(serializerCompiler)
        takeJson(api)
        keepNothing(api)
        api.addHook('onRequest', createIdentifying(parts))
        await api.register(rateLimit, { ...limited(CALLS), keyGenerator: countedAs })
        api.addHook('onResponse', async (request, reply) => {
          metrics.apiCalls.inc({ via: viaOf(request), status: String(reply.statusCode) })
        })
        api.setErrorHandler(explain)
        api.register(async (guarded) => {
          // After the limit, which counts those who are turned away too.
          guarded.addHook('preParsing', requireCaller(parts))
          guarded.register(readingRoutes(parts.console))
          guarded.register(measuredRoutes(parts.console))
          guarded.register(deedRoutes(parts.console))
          guarded.register(sessionRoutes(parts))
          guarded.register(eventRoutes(parts.console, parts))
        })
      },
      { prefix: '/api/v1' },
    )
  }
}

/** What zod cannot even look at (a `length` that cannot become a number) is not of its form. */
const unbroken: typeof validatorCompiler = (route) => {
  const validate = validatorCompiler(route)
  return (data: unknown) => {
    try {
      return validate(data)
    } catch {
      return { error: new Error('what was sent is not of its form') }
    }
  }
}

/** How a limit is kept: by the minute, and told in our own form. */
export const limited = (max: number) => ({
  max,
  timeWindow: 60_000,
  errorResponseBuilder: (_request: FastifyRequest, { ttl }: { ttl: number }) =>
    Object.assign(new Error(`too many calls; go on in ${Math.ceil(ttl / 1000)} s`), {
      statusCode: 429,
      code: 'TOO_MANY',
    }),
})

/** The body is JSON and says so: a form of another site's page can send none. */
function takeJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: MAX_BODY },
    app.getDefaultJsonParser('error', 'error'),
  )
}

function explain(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error.validation) return refuse(reply, 400, 'INVALID', error.message)
  const status = error.statusCode ?? 500
  if (status < 500) return refuse(reply, status, error.code ?? 'REFUSED', error.message)
  request.log.error({ error: String(error), route: request.routeOptions.url }, 'a call of the API failed')
  return refuse(reply, status, 'INTERNAL', 'a fault of the service; its log says more')
}

function viaOf(request: FastifyRequest): string {
  try {
    return viewerOf(request).caller.via
  } catch {
    return 'nobody'
  }
}
