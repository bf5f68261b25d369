import { isObject, type JsonObject, parseJson } from '../kit/json.ts'
import { authorize, type Exchange, ok, type Routes, refuse } from './answers.ts'
import type { Chats } from './chats.ts'
import type { Core } from './core.ts'
import { canShow } from './media-api.ts'
import { byteLength, fields, isText, textList } from './read.ts'
import { fitsKey, isMessageKey, writeRobotMessage } from './robot-messages.ts'
import { type App, MESSAGE_SCOPE } from './world.ts'

/** Documented: 15,000 bytes. */
const PARAM_LIMIT = 15_000

/** Proactive messages of an app's robot, on the new API. */
export function robotRoutes(core: Core, chats: Chats): Routes {
  const enter = (exchange: Exchange): { app: App; body: JsonObject } => {
    const app = authorize(core, exchange, MESSAGE_SCOPE)
    const body = fields(exchange.body)
    checkRobotCode(core, app, body.robotCode)
    return { app, body }
  }

  const groupOf = (app: App, { openConversationId }: JsonObject): string => {
    const group = isText(openConversationId) ? core.world.groups.get(openConversationId) : undefined
    if (!group || group.dissolved) refuse(400, 'invalid.openConversationId', '无效的openConversationId')
    // Which code a robot outside the group gets is our choice among the documented ones.
    if (!group.robots.includes(app.clientId)) refuse(400, 'resource.not.found', '机器人不在群内')
    return group.conversationId
  }

  /** A message sent into this group by its key. */
  const sent = (chat: string, key: unknown) => {
    const found = isText(key) ? chats.find(key) : undefined
    return found?.chat === chat ? found.message : undefined
  }

  return {
    'POST /v1.0/robot/groupMessages/send': (exchange) => {
      const { app, body } = enter(exchange)
      const message = readMessage(core, app, body)
      const chat = groupOf(app, body)
      return ok({ processQueryKey: writeRobotMessage(core, chats, chat, message) })
    },
    'POST /v1.0/robot/groupMessages/query': (exchange) => {
      const { app, body } = enter(exchange)
      const message = sent(groupOf(app, body), body.processQueryKey)
      if (!message || Number(body.maxResults ?? 0) > 200)
        refuse(400, 'invalidParameter.param.invalid', '参数无效')
      const sendStatus = message.recalled ? 'RECALLED' : 'SUCCESS'
      return ok({ sendStatus, readUserIds: [], hasMore: false })
    },
    'POST /v1.0/robot/groupMessages/recall': (exchange) => {
      const { app, body } = enter(exchange)
      const chat = groupOf(app, body)
      const successResult: string[] = []
      const failedResult: Record<string, string> = {}
      for (const key of textList(body.processQueryKeys)) {
        const message = sent(chat, key)
        if (message) {
          message.recalled = true
          successResult.push(key)
        } else failedResult[key] = 'message not found'
      }
      return ok({ successResult, failedResult })
    },
    'POST /v1.0/robot/oToMessages/batchSend': (exchange) => {
      const { app, body } = enter(exchange)
      const message = readMessage(core, app, body)
      const userIds = textList(body.userIds)
      if (userIds.length === 0) refuse(400, 'invalidParameter.param.invalid', 'userIds')
      if (userIds.length > 20) refuse(400, 'too.many.people', '接收人超过20个')
      const known = userIds.filter((id) => core.world.users.get(id)?.outsider === false)
      const flowControlled = known.filter((id) => core.behaviour.flowControlledUsers.includes(id))
      const keys = known
        .filter((id) => !flowControlled.includes(id))
        .map((id) => writeRobotMessage(core, chats, `user:${id}`, message))
      return ok({
        processQueryKey: keys[0] ?? '',
        invalidStaffIdList: userIds.filter((id) => !known.includes(id)),
        flowControlledStaffIdList: flowControlled,
      })
    },
  }
}

/** Codes as documented, the misspelling included; which of them means what is partly our choice. */
export function checkRobotCode(core: Core, app: App, robotCode: unknown): void {
  const bad = (why: string) => refuse(400, `invalidParameter.robotCode.${why}`, `robotCode: ${why}`)
  if (robotCode === undefined) bad('missing')
  if (robotCode === '') bad('empty')
  if (!isText(robotCode)) bad('invalid')
  else if (!core.world.apps.has(robotCode)) bad('notExsit')
  else if (robotCode !== app.clientId) bad('auth')
}

function readMessage(core: Core, app: App, { msgKey, msgParam }: JsonObject) {
  if (msgKey === undefined || msgKey === '') refuse(400, 'invalidParameter.msgKey.empty', 'msgKey')
  if (!isText(msgKey) || !isMessageKey(msgKey)) refuse(400, 'invalidParameter.msgKey.invalid', 'msgKey')
  if (!isText(msgParam)) refuse(400, 'invalidParameter.msgParam.invalid', 'msgParam')
  if (byteLength(msgParam) > PARAM_LIMIT) refuse(400, 'invalidParameter.msgParam.tooLong', 'msgParam')
  const content = parseJson(msgParam)
  if (!isObject(content) || !fitsKey(msgKey, content)) {
    refuse(400, 'invalidParameter.msgParam.invalid', 'msgParam')
  }
  const { photoURL: photo } = content
  if (isText(photo) && core.behaviour.unknownMedia === 'refused' && !canShow(core, app.clientId, photo)) {
    refuse(400, 'invalidParameter.msgParam.invalid', 'msgParam: photoURL')
  }
  return { via: 'robot' as const, type: msgKey, content }
}
