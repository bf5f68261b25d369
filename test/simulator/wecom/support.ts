import { type EventMessage, type TextMessage, WSClient, type WsFrame } from '@wecom/aibot-node-sdk'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { createWeComSim, type JsonObject, type WeComSettings } from '../../../src/simulator/wecom/index.ts'
import { asObject, member, parseObject, textOf } from '../../../src/simulator/wecom/json.ts'
import { until } from '../../support/until.ts'

export { card } from './sample.ts'

export const BOT = { botId: 'BOT', secret: 'secret' }
export const GROUP = 'wrGROUP'

/** A simulator with one bot, one group of two people who have talked to it, and one group who have not. */
export async function startSim(settings: Partial<WeComSettings> = {}) {
  const sim = await createWeComSim({ settings })
  onTestFinished(() => sim.close())
  sim.addBot(BOT)
  sim.addChat({ chatid: GROUP, members: ['zhangsan', 'lisi'], interacted: true })
  sim.addChat({ chatid: 'wrNEW', members: ['zhangsan'] })
  sim.addGroupRobot({ key: 'robot-key', chatid: GROUP })
  return sim
}

export const markdown = (content: string) => ({ msgtype: 'markdown', markdown: { content } })
export const template = (value: JsonObject) => ({ msgtype: 'template_card', template_card: value })
export const toGroup = (body: JsonObject, chatid = GROUP) => ({ chatid, chat_type: 2, ...body })

/** The SDK as it is, with its events collected. */
export function sdkClient(wsUrl: string, options: { secret?: string; reconnectInterval?: number } = {}) {
  const silent = () => {}
  const client = new WSClient({
    ...{ ...BOT, ...options, wsUrl },
    logger: { debug: silent, info: silent, warn: silent, error: silent },
  })
  onTestFinished(() => client.disconnect())
  const seen = { authenticated: 0, errors: [] as Error[], disconnected: [] as string[] }
  const texts: WsFrame<TextMessage>[] = []
  const events: WsFrame<EventMessage>[] = []
  client.on('authenticated', () => seen.authenticated++)
  client.on('error', (error) => seen.errors.push(error))
  client.on('disconnected', (reason) => seen.disconnected.push(reason))
  client.on('message.text', (frame) => texts.push(frame))
  client.on('event', (frame) => events.push(frame))
  return {
    ...{ client, seen, texts, events },
    async ready() {
      client.connect()
      await until(() => seen.authenticated > 0)
    },
    /** `sendMessage` with members that the SDK's types lack; it passes them on. */
    send: (chatid: string, body: JsonObject): Promise<WsFrame> =>
      Reflect.apply(client.sendMessage, client, [chatid, body]),
    update: (frame: WsFrame, value: JsonObject, userids?: string[]): Promise<WsFrame> =>
      Reflect.apply(client.updateTemplateCard, client, [frame, value, userids]),
  }
}

/** The code that a call of the SDK was refused with: it rejects with the raw frame. */
export async function codeOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (frame) => asObject(frame)?.errcode,
    (frame) => asObject(frame)?.errcode ?? frame,
  )
}

/** A client of the bare protocol, which can do what the SDK never would. */
export async function rawClient(wsUrl: string) {
  const socket = new WebSocket(wsUrl)
  onTestFinished(() => socket.terminate())
  const received: JsonObject[] = []
  const closed: number[] = []
  socket.on('message', (data) => received.push(parseObject(data.toString()) ?? {}))
  socket.on('close', (code) => closed.push(code))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  let count = 0
  const reqIdOf = (frame: JsonObject) => textOf(member(frame, 'headers'), 'req_id')

  /** Sends a command; `reqId` is that of the callback which it answers, if it answers one. */
  async function command(cmd: string, body?: JsonObject, reqId = `raw-${++count}`) {
    const before = received.length
    socket.send(JSON.stringify({ cmd, headers: { req_id: reqId }, ...(body && { body }) }))
    return until(() => received.slice(before).find((it) => reqIdOf(it) === reqId && it.cmd === undefined))
  }
  return {
    ...{ socket, received, closed, command },
    /** The errcode of the answer. */
    code: async (cmd: string, body?: JsonObject, reqId?: string) => (await command(cmd, body, reqId)).errcode,
    subscribe: async (secret = BOT.secret) =>
      (await command('aibot_subscribe', { bot_id: BOT.botId, secret })).errcode,
    pushes: () => received.filter((frame) => frame.cmd !== undefined),
  }
}

/** A simulator and a client that has subscribed. */
export async function subscribed(settings: Partial<WeComSettings> = {}) {
  const sim = await startSim(settings)
  const client = await rawClient(sim.wsUrl)
  await client.subscribe()
  const send = (body: JsonObject, chatid = GROUP) => client.code('aibot_send_msg', toGroup(body, chatid))
  return { sim, ...client, send }
}
