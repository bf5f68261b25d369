import Fastify, { type FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { serveFolder } from '../http/page-files.ts'
import {
  deedSchema,
  doTo,
  languageSchema,
  lineSchema,
  pictureSchema,
  press,
  pressSchema,
  viewerSchema,
  write,
} from './actions.ts'
import { pictureIn } from './chat-views.ts'
import { snapshot } from './snapshot.ts'
import type { Stage } from './stage.ts'

const PAGES = {
  '/': new URL('../pages/playground/', import.meta.url),
  '/kit/': new URL('../pages/kit/', import.meta.url),
}

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

/** The page with the breakers and the three chats, and what stands behind its buttons. Builds, does not listen. */
export function createPlayground(stage: Stage): FastifyInstance {
  const { sims } = stage
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 16 * 1024 })
  app.addHook('onRequest', async (_request, reply) => void reply.headers(HEADERS))
  // A web page of somebody else's can neither read answers nor send JSON here without asking first, which is never granted.
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    reply.code(error.statusCode ?? 409).send({ message: error.message }),
  )

  app.get('/api/state', async (request) => snapshot(stage, parse(viewerSchema, request.query).as))
  app.get('/api/picture', async (request, reply) => {
    const { chat, id } = parse(pictureSchema, request.query)
    const bytes = pictureIn(sims, chat, id)
    // Whatever it is, it is never taken for anything but a picture.
    return bytes ? reply.type('image/png').send(Buffer.from(bytes)) : reply.callNotFound()
  })
  app.post('/api/deed', async ({ body }) => {
    await doTo(stage, parse(deedSchema, body))
    return {}
  })
  app.post('/api/press', async ({ body }) => press(sims, parse(pressSchema, body)))
  app.post('/api/line', async ({ body }) => {
    write(sims, parse(lineSchema, body))
    return {}
  })
  app.post('/api/language', async ({ body }) => {
    stage.speak(parse(languageSchema, body).locale)
    return {}
  })
  for (const [prefix, folder] of Object.entries(PAGES))
    app.register((one) => serveFolder(one, prefix, folder, { page: true }))
  return app
}

class BadRequest extends Error {
  readonly statusCode = 400
}

function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new BadRequest(
    parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  )
}
