import { hash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Engine } from '../engine/engine.ts'
import type { PushAnswer } from '../engine/pushes.ts'
import { readBody } from './read-body.ts'

export interface PushParts {
  pushes: Engine['pushes']
  /** The secret part of the address; undefined: pushes do not come by HTTP. */
  pushToken: string | undefined
}

const PATH = '/api/device/callback/:token'

/** The cloud's pushes: answered 200 only when on disk, for it looks at nothing but the status and never repeats. */
export function pushRoutes({ pushes, pushToken }: PushParts) {
  return async (app: FastifyInstance): Promise<void> => {
    if (pushToken === undefined) return
    const isRight = tokenCheck(pushToken)

    // Before the body is read: who does not know the token gets the same answer whatever they send.
    app.addHook<{ Params: { token: string } }>('onRequest', (request, reply, done) => {
      if (isRight(request.params.token)) done()
      else reply.callNotFound()
    })

    app.post(PATH, async (request, reply) => {
      try {
        const answer = await take(typeof request.body === 'string' ? request.body : '')
        if (answer.ok) return reply.send({ ok: true })
        return reply.code(400).send({ error: 'UNREADABLE', message: answer.why })
      } catch (error) {
        request.log.error({ error: String(error) }, 'a push could not be stored')
        return reply
          .code(503)
          .send({ error: 'NOT_STORED', message: 'the push could not be stored; send it again' })
      }
    })

    app.route({
      method: ['GET', 'PUT', 'PATCH', 'DELETE'],
      url: PATH,
      handler: (_request, reply) =>
        reply
          .code(405)
          .header('allow', 'POST')
          .send({ error: 'METHOD', message: 'pushes are sent with POST' }),
    })
  }

  async function take(raw: string): Promise<PushAnswer> {
    const body = readBody(raw)
    if (body.ok) return pushes.take(body.value, raw)
    await pushes.keepUnreadable(raw, body.why)
    return body
  }
}

/** Compares in constant time, whatever the length. */
function tokenCheck(token: string): (other: string) => boolean {
  const digest = (text: string) => hash('sha256', text, 'buffer')
  const right = digest(token)
  return (other) => timingSafeEqual(right, digest(other))
}
