import { createHmac } from 'node:crypto'
import { isObject, type JsonObject } from '../kit/json.ts'
import { type Exchange, okOld, type Routes, refuseOld } from './answers.ts'
import type { CustomRobotSeed } from './api.ts'
import type { Chats } from './chats.ts'
import type { Core } from './core.ts'
import { fields, isText } from './read.ts'
import { writeRobotMessage } from './robot-messages.ts'

const minute = 60_000

/** The signature of a custom robot (documented): base64, not yet encoded for the URL. */
export const customRobotSign = (secret: string, timestamp: string): string =>
  createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')

/** The old API's two ways in: the reply address of a message, and the custom robot of a group. */
export function webhookRoutes(core: Core, chats: Chats): Routes {
  const rates = new Map<string, { times: number[]; blockedUntil: number }>()

  /** Documented: 20 a minute, then nothing for 10 minutes. */
  const checkRate = (token: string) => {
    const now = core.clock.now()
    const rate = rates.get(token) ?? { times: [], blockedUntil: 0 }
    rates.set(token, rate)
    rate.times = rate.times.filter((at) => at > now - minute)
    if (now >= rate.blockedUntil && rate.times.length < 20) return void rate.times.push(now)
    if (now >= rate.blockedUntil) rate.blockedUntil = now + 10 * minute
    refuseOld(core, 410100, '发送速度太快而限流')
  }

  const checkSafety = (robot: CustomRobotSeed, { query }: Exchange, text: string) => {
    if (robot.secret !== undefined) {
      const timestamp = query.timestamp ?? ''
      const off = Math.abs(Number(timestamp) - core.clock.now())
      if (!(off <= 60 * minute)) refuseOld(core, 310000, 'invalid timestamp')
      if (query.sign !== customRobotSign(robot.secret, timestamp)) refuseOld(core, 310000, 'sign not match')
    }
    if (robot.keywords && !robot.keywords.some((word) => text.includes(word))) {
      refuseOld(core, 310000, 'keywords not in content')
    }
  }

  return {
    'POST /robot/sendBySession': (exchange) => {
      const session = chats.session(exchange.query.session ?? '')
      if (!session || session.until <= core.clock.now()) {
        refuseOld(core, 300001, 'session 不存在', core.behaviour.expiredSessionStatus)
      }
      const { chat, clientId } = session
      const message = readMessage(core, exchange)
      const group = core.world.groups.get(chat)
      if (group?.dissolved) refuseOld(core, 400013, '群已被解散')
      if (group && !group.robots.includes(clientId)) refuseOld(core, 400106, '机器人不存在')
      if (core.behaviour.sessionCounts && !core.quota.takeCall()) refuseOld(core, 90030, '本月调用次数已用完')
      writeRobotMessage(core, chats, chat, { via: 'sessionWebhook', ...message })
      return okOld(core)
    },
    'POST /robot/send': (exchange) => {
      const robot = core.world.customRobots.get(exchange.query.access_token ?? '')
      if (!robot) refuseOld(core, 300005, 'token is not exist')
      const group = core.world.group(robot.conversationId)
      if (group.dissolved) refuseOld(core, 400013, '群已被解散')
      const message = readMessage(core, exchange)
      checkSafety(robot, exchange, JSON.stringify(message.content))
      checkRate(robot.token)
      writeRobotMessage(core, chats, group.conversationId, { via: 'custom robot', ...message })
      return okOld(core)
    },
  }
}

/** What each message type must have (documented). */
const REQUIRED = new Map<string, (content: JsonObject) => boolean>(
  Object.entries({
    text: ({ content }) => filled(content),
    markdown: ({ title, text }) => filled(title) && filled(text),
    link: ({ title, text, messageUrl }) => filled(title) && filled(text) && filled(messageUrl),
    actionCard: ({ title, text, singleTitle, singleURL, btns }) =>
      filled(title) &&
      filled(text) &&
      ((filled(singleTitle) && filled(singleURL)) || each(btns, ['title', 'actionURL'])),
    feedCard: ({ links }) => each(links, ['title', 'messageURL', 'picURL']),
  }),
)

function readMessage(core: Core, { headers, body }: Exchange): { type: string; content: JsonObject } {
  if (!String(headers['content-type'] ?? '').startsWith('application/json')) {
    refuseOld(core, 43004, '无效的HTTP HEADER Content-Type')
  }
  const { msgtype, at, ...parts } = fields(body)
  if (!isText(msgtype)) refuseOld(core, 40035, '缺少参数 msgtype')
  const complete = REQUIRED.get(msgtype)
  if (!complete) refuseOld(core, 400105, '不支持的消息类型')
  const content = fields(parts[msgtype])
  if (!complete(content)) refuseOld(core, 40035, `缺少参数 ${msgtype}`)
  if (people(at) > 50) refuseOld(core, 40035, '@的人数超过50')
  return { type: msgtype, content }
}

const filled = (value: unknown): boolean => isText(value) && value !== ''

const each = (value: unknown, names: string[]): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => isObject(one) && names.every((name) => filled(one[name])))

const people = (at: unknown): number =>
  [fields(at).atMobiles, fields(at).atUserIds].flatMap((list) => (Array.isArray(list) ? list : [])).length
