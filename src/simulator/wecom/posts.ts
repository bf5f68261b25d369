import type { JsonObject } from '../kit/json.ts'
import type { ChatMessage } from './api.ts'
import { member, textOf } from './json.ts'
import { type Conversation, cardKey, newId, type World } from './world.ts'

export interface Post {
  from: ChatMessage['from']
  via: ChatMessage['via']
  body: JsonObject
  hidden?: boolean
}

/** Puts a message into a chat. */
export function post(
  world: World,
  conversation: Conversation,
  { from, via, body, hidden = false }: Post,
): ChatMessage {
  const taskId = textOf(cardOf(body), 'task_id')
  const unseen = hidden || hasSource(world, cardOf(body))
  const message: ChatMessage = {
    id: newId(),
    at: world.clock.now(),
    from,
    via,
    msgtype: textOf(body, 'msgtype') ?? '',
    text: readable(body),
    body,
    ...(taskId !== undefined && { taskId }),
    ...(unseen && { hidden: true }),
  }
  conversation.messages.push(message)
  if ('bot' in from) placeCard(world, conversation, from.bot, body, unseen)
  return message
}

/** Seen: a card with a `source` is accepted and never drawn. */
export const hasSource = (world: World, card: JsonObject | undefined) =>
  world.settings.sourceHidesCard && card?.source !== undefined

const CARD_BEARERS = ['template_card', 'stream_with_template_card']

/** The card that a message bears, if it is of a type that can. */
export const cardOf = (body: JsonObject): JsonObject | undefined =>
  CARD_BEARERS.includes(textOf(body, 'msgtype') ?? '') ? member(body, 'template_card') : undefined

/** Puts the card that a body bears, if any, on the members' screens. */
export function placeCard(world: World, at: Conversation, botId: string, body: JsonObject, hidden: boolean) {
  const card = cardOf(body)
  const taskId = textOf(card, 'task_id')
  if (!card || taskId === undefined) return
  world.cards.set(cardKey(botId, taskId), { botId, taskId, conversation: at.key, hidden, drawn: [{ card }] })
}

/** What a person can read of a message. */
export function readable(body: JsonObject): string {
  for (const type of ['text', 'markdown', 'markdown_v2', 'stream']) {
    const content = textOf(member(body, type), 'content')
    if (content !== undefined) return content
  }
  return textOf(member(cardOf(body), 'main_title'), 'title') ?? ''
}
