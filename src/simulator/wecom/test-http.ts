import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { parseJson } from '../kit/json.ts'
import type { WeComSettings, WeComSim } from './api.ts'
import type { World } from './world.ts'

const chatRef = z.union([z.string(), z.strictObject({ user: z.string() })])
const selected = z.record(z.string(), z.array(z.string())).default({})

const bodies = {
  bot: z.strictObject({ botId: z.string(), secret: z.string(), name: z.string().default('BreakerBot') }),
  user: z.strictObject({
    userid: z.string(),
    visible: z.boolean().default(true),
    interacted: z.boolean().default(false),
  }),
  chat: z.strictObject({
    chatid: z.string(),
    members: z.array(z.string()),
    botMember: z.boolean().default(true),
    interacted: z.boolean().default(false),
  }),
  robot: z.strictObject({ key: z.string(), chatid: z.string() }),
  say: z.strictObject({
    chat: chatRef,
    userid: z.string(),
    text: z.string(),
    mention: z.boolean().default(true),
  }),
  click: z.strictObject({ taskId: z.string(), userid: z.string(), key: z.string(), selected }),
  enter: z.strictObject({ userid: z.string() }),
  clock: z.strictObject({ advance: z.number() }),
  drop: z.strictObject({ code: z.number().optional() }).default({}),
  kick: z.strictObject({ delay: z.number().optional() }).default({}),
  /** `null` stands for «no limit»: JSON has no Infinity. */
  settings: z.record(z.string(), z.union([z.boolean(), z.number(), z.string(), z.null()])),
}

/** The test API over HTTP, under `/_sim/`: for a playground, and for tests that see the service from outside only. */
export function testRoutes(app: FastifyInstance, world: World, sim: WeComSim): void {
  const post = <T>(path: string, schema: z.ZodType<T>, act: (body: T) => unknown) =>
    app.post(`/_sim/${path}`, async (request, reply) => {
      const body = schema.safeParse(jsonOf(request))
      if (!body.success) return reply.code(400).send({ error: z.prettifyError(body.error) })
      return answer(reply, () => act(body.data))
    })
  post('bots', bodies.bot, sim.addBot)
  post('users', bodies.user, sim.addUser)
  post('chats', bodies.chat, sim.addChat)
  post('robots', bodies.robot, sim.addGroupRobot)
  post('say', bodies.say, ({ chat, userid, text, mention }) => sim.say(chat, userid, text, { mention }))
  post('click', bodies.click, async ({ taskId, userid, key, ...choices }) => {
    const { outcome, ...click } = sim.click(taskId, userid, key, choices)
    return { ...click, outcome: await outcome }
  })
  post('enter', bodies.enter, ({ userid }) => sim.enter(userid))
  post('clock', bodies.clock, ({ advance }) => sim.clock.advance(advance))
  post('drop', bodies.drop, ({ code }) => sim.faults.drop(code))
  post('kick', bodies.kick, ({ delay }) => sim.faults.kick(delay === undefined ? {} : { delay }))
  post('settings', bodies.settings, (changes) => change(sim.settings, changes))
  readRoutes(app, world, sim)
}

function readRoutes(app: FastifyInstance, world: World, sim: WeComSim): void {
  app.get('/_sim/users', () => [...world.users.values()])
  app.get('/_sim/chats', () => [...world.conversations.values()].map(({ messages: _, ...chat }) => chat))
  app.get('/_sim/frames', () => sim.frames())
  app.get('/_sim/conns', () => sim.conns())
  app.get('/_sim/messages', (request, reply) => {
    const query = queryOf(request)
    return answer(reply, () => sim.messages(query('chat') || { user: query('user') }))
  })
  app.get('/_sim/card', (request, reply) => {
    const query = queryOf(request)
    const view = sim.cardAsSeenBy(query('taskId'), query('userid'))
    return view ?? reply.code(404).send({ error: 'no such card on that screen' })
  })
}

function queryOf(request: FastifyRequest): (name: string) => string {
  const query = new URL(request.url, 'http://sim').searchParams
  return (name) => query.get(name) ?? ''
}

/** What no person could do (a chat that does not exist, a button that is not there) is a 409. */
async function answer(reply: FastifyReply, act: () => unknown) {
  try {
    return (await act()) ?? {}
  } catch (error) {
    return reply.code(409).send({ error: error instanceof Error ? error.message : String(error) })
  }
}

function jsonOf(request: FastifyRequest): unknown {
  return typeof request.body === 'string' ? parseJson(request.body) : undefined
}

function change(settings: WeComSettings, changes: Record<string, boolean | number | string | null>): void {
  for (const [name, value] of Object.entries(changes)) {
    const wanted = value ?? Infinity
    const present = Object.entries(settings).find(([known]) => known === name)?.[1]
    if (typeof present !== typeof wanted) throw new Error(`${name} is no setting of that kind`)
    Object.assign(settings, { [name]: wanted })
  }
}
