import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import type { TelegramFault, TelegramSim } from './api.ts'

/** Serves `/_sim/…`. */
export type Control = (method: string, url: URL, body: Buffer, response: ServerResponse) => Promise<void>

const id = z.number().int()
const state = z.enum(['open', 'closed', 'deleted'])
const status = z.enum(['member', 'administrator', 'restricted', 'left', 'kicked'])

const Effect: z.ZodType<TelegramFault> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('error'),
    code: z.number().int(),
    description: z.string(),
    parameters: z
      .object({ retry_after: z.number().exactOptional(), migrate_to_chat_id: id.exactOptional() })
      .exactOptional(),
  }),
  z.object({
    kind: z.literal('body'),
    status: z.number().int(),
    body: z.string(),
    contentType: z.string().exactOptional(),
    done: z.boolean().exactOptional(),
  }),
  z.object({ kind: z.literal('truncated') }),
  z.object({ kind: z.literal('reset'), when: z.enum(['before', 'after']) }),
  z.object({ kind: z.literal('hang'), done: z.boolean() }),
  z.object({ kind: z.literal('slow'), ms: z.number(), drip: z.boolean().exactOptional() }),
])

const NewBot = z.object({
  token: z.string(),
  username: z.string(),
  name: z.string().exactOptional(),
  canReadAllGroupMessages: z.boolean().exactOptional(),
})
const NewUser = z.object({
  id,
  name: z.string(),
  username: z.string().exactOptional(),
  languageCode: z.string().exactOptional(),
  started: z.boolean().exactOptional(),
})
const NewChat = z.object({
  id,
  type: z.enum(['group', 'supergroup', 'channel']),
  title: z.string(),
  members: z.array(id).exactOptional(),
  admins: z.array(id).exactOptional(),
  botAdmin: z.boolean().exactOptional(),
  bots: z.array(id).exactOptional(),
  topics: z.array(z.object({ id, name: z.string() })).exactOptional(),
})
const Say = z.object({
  chat: id,
  user: id,
  text: z.string(),
  replyTo: id.exactOptional(),
  thread: id.exactOptional(),
  as: z.enum(['anonymous-admin', 'channel', 'auto-forward']).exactOptional(),
  bot: id.exactOptional(),
})
const Press = z.object({
  chat: id,
  message: z.union([id, z.object({ ephemeral: id })]),
  user: id,
  button: z.union([z.object({ text: z.string() }), z.object({ data: z.string() })]),
  inaccessible: z.boolean().exactOptional(),
  bot: id.exactOptional(),
  /** Answer only when the bot has, or when the window has closed. */
  wait: z.boolean().default(false),
})
const Fault = z.object({
  /** Whom it hits; every call if left out. */
  method: z.string().exactOptional(),
  chat: id.exactOptional(),
  after: id.exactOptional(),
  /** Left out: once. */
  times: z.number().exactOptional(),
  effect: Effect,
})

/** One deed of the test API: what its body must be, and what it does. */
function deed<Schema extends z.ZodType>(schema: Schema, run: (body: z.output<Schema>) => unknown) {
  return (body: unknown) => run(schema.parse(body))
}

function deedsOf(sim: TelegramSim): Record<string, (body: unknown) => unknown> {
  return {
    addBot: deed(NewBot, (bot) => sim.addBot(bot)),
    addUser: deed(NewUser, (user) => sim.addUser(user)),
    addChat: deed(NewChat, (chat) => sim.addChat(chat)),
    say: deed(Say, ({ chat, user, text, ...options }) => sim.say(chat, user, text, options)),
    press: deed(Press, async ({ chat, message, user, button, wait, ...options }) => {
      const press = sim.press(chat, message, user, button, options)
      return wait ? { id: press.id, answer: (await press.answered) ?? null } : { id: press.id }
    }),
    deleteMessage: deed(z.object({ chat: id, message: id }), ({ chat, message }) =>
      sim.deleteMessage(chat, message),
    ),
    setMember: deed(z.object({ chat: id, id, status }), (to) => sim.setMember(to.chat, to.id, to.status)),
    setTopic: deed(z.object({ chat: id, topic: id, state }), (to) =>
      sim.setTopic(to.chat, to.topic, to.state),
    ),
    migrate: deed(z.object({ chat: id, to: id }), ({ chat, to }) => sim.migrate(chat, to)),
    deleteChat: deed(z.object({ chat: id }), ({ chat }) => sim.deleteChat(chat)),
    revokeToken: deed(z.object({ token: z.string() }), ({ token }) => sim.revokeToken(token)),
    deliver: deed(z.looseObject({ update_id: id.exactOptional() }), (update) => sim.deliver(update)),
    redeliver: deed(z.object({ count: id }), ({ count }) => sim.redeliver(count)),
    restartUpdateIds: deed(z.object({ next: id.exactOptional() }), ({ next }) => sim.restartUpdateIds(next)),
    advance: deed(z.object({ ms: z.number() }), ({ ms }) => sim.clock.advance(ms)),
    clearFaults: deed(z.object({}), () => sim.faults.clear()),
    addFault: deed(Fault, ({ method, chat, ...fault }) => {
      sim.faults.add({
        ...fault,
        when: (call) =>
          (method === undefined || call.method === method) &&
          (chat === undefined || Number(call.payload.chat_id) === chat),
      })
    }),
  }
}

/**
 * The test API over HTTP: `POST /_sim/<name of the deed>` with a JSON object, `GET /_sim/calls`, `GET /_sim/pushes`,
 * `GET /_sim/messages?chat=ID&viewer=ID`. Answers `{ result }`, or 400 with `{ error }`.
 */
export function createControl(sim: TelegramSim): Control {
  const deeds = deedsOf(sim)

  function read(url: URL): unknown {
    const number = (name: string) =>
      url.searchParams.has(name) ? Number(url.searchParams.get(name)) : undefined
    switch (url.pathname) {
      case '/_sim/calls':
        return sim.calls
      case '/_sim/pushes':
        return sim.pushes
      case '/_sim/messages':
        return sim.messages(number('chat') ?? 0, number('viewer'))
      default:
        throw new Error(`Nothing to read at ${url.pathname}`)
    }
  }

  return async (method, url, body, response) => {
    const reply = (code: number, value: unknown) => {
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    }
    try {
      if (method === 'GET') return reply(200, { result: read(url) })
      const run = deeds[url.pathname.slice('/_sim/'.length)]
      if (!run) throw new Error(`No such deed: ${url.pathname}`)
      reply(200, { result: (await run(JSON.parse(body.toString() || '{}'))) ?? null })
    } catch (error) {
      reply(400, { error: error instanceof Error ? error.message : String(error) })
    }
  }
}
