import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { JsonObject } from '../kit/json.ts'
import { type Answer, ok, refuse, withSuffix } from './answers.ts'
import { checkRobotCard } from './card-rules.ts'
import { checkBudget, checkContent } from './content.ts'
import { ROBOT_CMD } from './faults.ts'
import { listOf, member, parseObject, textOf, textsOf } from './json.ts'
import { post } from './posts.ts'
import { underFault } from './under-fault.ts'
import { messageBudget, robotBudget, type World } from './world.ts'

/** The two HTTP addresses of the platform. Errors come as HTTP 200 with an `errcode`, too. */
export function platformRoutes(app: FastifyInstance, world: World): void {
  const answer = (request: FastifyRequest, given: Answer) =>
    world.settings.errmsgSuffix ? withSuffix(given, request.ip) : given
  app.post('/cgi-bin/aibot/response', async (request) =>
    answer(request, useResponseUrl(world, read(request))),
  )
  app.post('/cgi-bin/webhook/send', async (request) => answer(request, await callRobot(world, read(request))))
}

function callRobot(world: World, call: Call): Promise<Answer> {
  const frame = { cmd: ROBOT_CMD, reqId: '', body: call.body ?? {}, botId: undefined }
  return new Promise((give) => underFault(world, frame, (lose) => useRobot(world, call, lose), give))
}

interface Call {
  query: (name: string) => string
  /** Undefined if it is no JSON object. */
  body: JsonObject | undefined
}

function read(request: FastifyRequest): Call {
  const query = new URL(request.url, 'http://sim').searchParams
  const body = typeof request.body === 'string' ? parseObject(request.body) : undefined
  return { query: (name) => query.get(name) ?? '', body }
}

/**
 * The `response_url` of a callback: one message, once, within an hour. Seen: an update of a card is refused there
 * with 40008. The codes for an unknown, old, or used address are inferred.
 */
function useResponseUrl(world: World, { query, body }: Call): Answer {
  const known = world.responseCodes.get(query('response_code'))
  if (!known) return refuse(846605)
  const { conversation, botId, at } = known.callback
  if (world.clock.now() - at > world.settings.responseUrlWindow) return refuse(846604)
  if (known.used && world.settings.answerOnce) return refuse(846606)
  if (!body) return refuse(47001)
  const refusal =
    checkContent(world, botId, body, ['markdown', 'template_card']) ?? checkBudget(world, botId, conversation)
  if (refusal) return refusal
  known.used = true
  post(world, conversation, { from: { bot: botId }, via: 'response_url', body })
  messageBudget(world, botId, conversation).count()
  return ok()
}

/** A group robot: sends into its group and hears nothing. Our choice: what is refused does not count. */
function useRobot(world: World, { query, body }: Call, lose: boolean): Answer {
  const key = query('key')
  const chat = world.conversations.get(world.robots.get(key) ?? '')
  if (!chat) return refuse(93000)
  const budget = robotBudget(world, key)
  if (budget.spent([{ within: 60_000, max: world.settings.robotPerMinute }])) return refuse(45009)
  if (!body) return refuse(47001)
  const refusal = checkRobotMessage(world, body)
  if (refusal) return refusal
  post(world, chat, { from: { robot: key }, via: 'robot', body, hidden: lose })
  budget.count()
  return ok()
}

const ROBOT_BYTES = new Map([
  ['text', 2_048],
  ['markdown', 4_096],
  ['markdown_v2', 4_096],
])

/** Types and sizes are documented; 40058 for what is too long or missing is inferred. */
function checkRobotMessage(world: World, body: JsonObject): Answer | undefined {
  const type = textOf(body, 'msgtype') ?? ''
  const content = member(body, type)
  if (!content) return refuse(40008)
  const limit = ROBOT_BYTES.get(type)
  if (limit !== undefined) return checkRobotText(content, limit)
  if (type === 'template_card') return world.settings.checkCards ? checkRobotCard(content) : undefined
  if (type === 'image') return textOf(content, 'base64') && textOf(content, 'md5') ? undefined : refuse(40058)
  if (type === 'news') {
    const articles = listOf(content, 'articles') ?? []
    return articles.length >= 1 && articles.length <= 8 ? undefined : refuse(40058, 'articles: 1 to 8')
  }
  // Uploads of a robot are not simulated, so there is no media_id that it could send.
  return type === 'file' || type === 'voice' ? refuse(40007) : refuse(40008)
}

function checkRobotText(content: JsonObject, limit: number): Answer | undefined {
  const text = textOf(content, 'content')
  if (text === undefined || Buffer.byteLength(text) > limit)
    return refuse(40058, `content: 1 to ${limit} bytes`)
  const lists = ['mentioned_list', 'mentioned_mobile_list'].filter((name) => content[name] !== undefined)
  return lists.every((name) => textsOf(content, name)) ? undefined : refuse(40058, 'mentioned_list')
}
