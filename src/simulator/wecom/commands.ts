import type { JsonObject } from '../kit/json.ts'
import { type Answer, ok, refuse } from './answers.ts'
import { checkCard } from './card-rules.ts'
import { type Command, callbackFor } from './command.ts'
import { checkBudget, checkContent, SENDABLE } from './content.ts'
import { member, textOf, textsOf } from './json.ts'
import { hasSource, post } from './posts.ts'
import { respond } from './replies.ts'
import { uploadChunk, uploadFinish, uploadInit } from './uploads.ts'
import {
  addGroup,
  type Conversation,
  cardKey,
  keyOf,
  messageBudget,
  type OpenCallback,
  type World,
} from './world.ts'

/** The commands beside `aibot_subscribe` and `ping`, which belong to the connection. */
export const COMMANDS = new Map<string, (command: Command) => Answer>([
  ['aibot_send_msg', send],
  ['aibot_respond_msg', respond],
  ['aibot_respond_welcome_msg', welcome],
  ['aibot_respond_update_msg', updateCard],
  ['aibot_upload_media_init', uploadInit],
  ['aibot_upload_media_chunk', uploadChunk],
  ['aibot_upload_media_finish', uploadFinish],
])

function send({ world, botId, body, lose }: Command): Answer {
  const target = findTarget(world, body)
  if (!target) return refuse(93006)
  const refusal =
    checkTarget(world, target) ??
    checkContent(world, botId, body, SENDABLE) ??
    checkBudget(world, botId, target)
  if (refusal) return refusal
  post(world, target, { from: { bot: botId }, via: 'send', body, hidden: lose })
  messageBudget(world, botId, target).count()
  return ok()
}

/** Documented: 1 = a person, 2 = a group, 0 or none = a group first. */
function findTarget(world: World, body: JsonObject): Conversation | undefined {
  const id = textOf(body, 'chatid') ?? ''
  const type = body.chat_type ?? 0
  const group = type === 1 ? undefined : world.conversations.get(id)
  const person = type === 2 ? undefined : world.conversations.get(keyOf({ user: id }))
  const found = (group?.group ? group : undefined) ?? person
  return found ?? (world.settings.checkTarget ? undefined : addGroup(world, { chatid: id, members: [] }))
}

function checkTarget(world: World, target: Conversation): Answer | undefined {
  const { checkTarget, requireInteraction, notInteractedCode } = world.settings
  if (checkTarget && !target.botMember) return refuse(93001)
  return requireInteraction && !target.interacted ? refuse(notInteractedCode) : undefined
}

/** Why an event cannot be answered (any more), or undefined. The 5 s run from the push. */
function checkEvent(world: World, callback: OpenCallback): Answer | undefined {
  if (world.clock.now() - callback.at > world.settings.eventWindow) return refuse(846604)
  return callback.answered && world.settings.answerOnce ? refuse(846606) : undefined
}

function welcome(command: Command): Answer {
  const { world, botId, body, lose } = command
  const callback = callbackFor(command, 'enter')
  if (!callback) return refuse(846605)
  const refusal = checkEvent(world, callback) ?? checkContent(world, botId, body, ['text', 'template_card'])
  if (refusal) return refusal
  callback.answered = true
  post(world, callback.conversation, { from: { bot: botId }, via: 'welcome', body, hidden: lose })
  messageBudget(world, botId, callback.conversation).count()
  return ok()
}

function updateCard(command: Command): Answer {
  const { world, botId } = command
  const callback = callbackFor(command, 'card')
  if (!callback) return refuse(846605)
  const tooLate = checkEvent(world, callback)
  if (tooLate) return tooLate
  const refusal = checkUpdate(world, command.body)
  if (refusal) {
    if (callback.click) callback.click.refused = true
    return refusal
  }
  callback.answered = true
  if (world.settings.updatesCount) messageBudget(world, botId, callback.conversation).count()
  callback.click?.settle(draw(command, callback.click.taskId) ? 'updated' : 'unchanged')
  return ok()
}

/** The codes for a wrong `response_type` or `userids` are inferred. */
function checkUpdate(world: World, body: JsonObject): Answer | undefined {
  if (body.response_type !== 'update_template_card') return refuse(40008)
  const userids = textsOf(body, 'userids')
  if (body.userids !== undefined && !userids) return refuse(40058, 'userids')
  const card = member(body, 'template_card')
  if (!card) return refuse(40058, 'template_card is missing')
  return world.settings.checkCards ? checkCard(card) : undefined
}

/** Whether anything changed on a screen. Seen: another task_id than the event's is accepted and not drawn. */
function draw({ world, botId, body, lose }: Command, taskId: string): boolean {
  const card = member(body, 'template_card')
  const known = world.cards.get(cardKey(botId, taskId))
  if (!card || !known || card.task_id !== taskId) return false
  if (lose || known.hidden || hasSource(world, card)) return false
  const userids = textsOf(body, 'userids') ?? []
  known.drawn.push({ card, ...(userids.length > 0 && { userids }) })
  return true
}
