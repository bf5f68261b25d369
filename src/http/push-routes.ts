import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Engine } from '../engine/engine.ts'
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

    app.post<{ Params: { token: string } }>(PATH, async (request, reply) => {
      if (!isRight(request.params.token)) return reply.callNotFound()
      const raw = typeof request.body === 'string' ? request.body : ''
      const body = readBody(raw)
      if (!body.ok) {
        await pushes.keepUnreadable(raw, body.why)
        return reply.code(400).send({ error: 'UNREADABLE', message: body.why })
      }
      const answer = await pushes.take(body.value, raw)
      if (!answer.ok) return reply.code(400).send({ error: 'UNREADABLE', message: answer.why })
      return reply.send({ ok: true })
    })

    app.route<{ Params: { token: string } }>({
      method: ['GET', 'PUT', 'PATCH', 'DELETE'],
      url: PATH,
      handler: async (request, reply) => {
        if (!isRight(request.params.token)) return reply.callNotFound()
        return reply
          .code(405)
          .header('allow', 'POST')
          .send({ error: 'METHOD', message: 'pushes are sent with POST' })
      },
    })
  }
}

/** Compares in constant time, whatever the length. */
function tokenCheck(token: string): (other: string) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const right = digest(token)
  return (other) => timingSafeEqual(right, digest(other))
}
