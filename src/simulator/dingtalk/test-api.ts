import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { DingTalkSim } from './api.ts'

const chat = z.union([z.string(), z.object({ user: z.string() })])

const schemas = {
  app: z.object({
    clientId: z.string(),
    clientSecret: z.string(),
    scopes: z.array(z.string()).exactOptional(),
    published: z.boolean().exactOptional(),
  }),
  user: z.object({
    userId: z.string(),
    name: z.string(),
    admin: z.boolean().exactOptional(),
    outsider: z.boolean().exactOptional(),
  }),
  group: z.object({
    conversationId: z.string(),
    title: z.string(),
    members: z.array(z.string()),
    robots: z.array(z.string()),
  }),
  say: z.object({ chat, user: z.string(), text: z.string(), at: z.boolean().default(false) }),
  click: z.object({ user: z.string(), outTrackId: z.string(), buttonId: z.string() }),
  clock: z.object({ advance: z.number() }),
  view: z.object({ outTrackId: z.string(), user: z.string() }),
  chat: z.union([
    z.object({ chat: z.string() }).transform((query) => query.chat),
    z.object({ user: z.string() }),
  ]),
}

/**
 * The essentials over HTTP, for tests from outside and for a page: POST `apps`, `users`, `groups`, `say`, `click`,
 * `clock`; GET `users`, `groups`, `messages` and `cards` (`?chat=<conversationId>` or `?user=<userId>`),
 * `view?outTrackId=&user=`, `calls`, `counters`, `violations`. What cannot be done is a 400 with `{error}`.
 */
export function testApi(server: FastifyInstance, sim: DingTalkSim): void {
  server.setErrorHandler((error, _request, reply) => {
    const message = error instanceof Error ? error.message : String(error)
    reply.code(400).send({ error: message })
  })
  const post = <T>(path: string, schema: z.ZodType<T>, work: (input: T) => unknown) =>
    server.post(path, async (request) => (await work(schema.parse(request.body))) ?? {})
  const get = <T>(path: string, schema: z.ZodType<T>, work: (input: T) => unknown) =>
    server.get(path, async (request) => work(schema.parse(request.query)))
  const anything = z.unknown()

  post('/apps', schemas.app, sim.addApp)
  post('/users', schemas.user, sim.addUser)
  post('/groups', schemas.group, sim.addGroup)
  post('/say', schemas.say, ({ chat, user, text, at }) => ({ msgId: sim.say(chat, user, text, { at }) }))
  post('/click', schemas.click, async ({ user, outTrackId, buttonId }) => ({
    outcome: await sim.click(user, outTrackId, buttonId).outcome,
  }))
  post('/clock', schemas.clock, ({ advance }) => sim.clock.advance(advance))

  get('/users', anything, () => sim.users)
  get('/groups', anything, () => sim.groups)
  get('/messages', schemas.chat, (chat) => sim.messages(chat))
  get('/cards', schemas.chat, (chat) => sim.cards(chat))
  get('/view', schemas.view, ({ outTrackId, user }) => sim.view(outTrackId, user))
  get('/calls', anything, () => sim.calls)
  get('/counters', anything, () => sim.counters)
  get('/violations', anything, () => sim.violations)
}
