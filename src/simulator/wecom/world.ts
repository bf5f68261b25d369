import { randomBytes } from 'node:crypto'
import { createClock, type SimClock } from '../kit/clock.ts'
import type {
  BotSpec,
  ChatMessage,
  ChatRef,
  ChatSpec,
  ClickOutcome,
  JsonObject,
  UserSpec,
  WeComSettings,
  WeComSimOptions,
} from './api.ts'
import { type Budget, createBudget } from './budget.ts'
import type { Card } from './cards.ts'
import { createFaults, type FaultState } from './faults.ts'
import { member, textOf } from './json.ts'
import { createSchedule, type Schedule } from './schedule.ts'
import { strictSettings } from './settings.ts'
import type { Upload } from './uploads.ts'

/** A group, or one person's chat with the bot. */
export interface Conversation {
  /** The chatid, or `user:` and the userid. */
  key: string
  group: boolean
  /** The chatid or the userid. */
  id: string
  members: string[]
  botMember: boolean
  interacted: boolean
  messages: ChatMessage[]
}

/** A push to the bot that may be answered. */
export interface OpenCallback {
  reqId: string
  kind: 'message' | 'enter' | 'card'
  botId: string
  /** When it was pushed: the windows run from here. */
  at: number
  conversation: Conversation
  answered: boolean
  streams: Map<string, { startedAt: number; finished: boolean; message: ChatMessage }>
  /** Set on clicks. */
  click?: { taskId: string; refused: boolean; settle: (outcome: ClickOutcome) => void }
}

export interface World {
  clock: SimClock
  settings: WeComSettings
  schedule: Schedule
  faults: FaultState
  bots: Map<string, Required<BotSpec>>
  users: Map<string, { userid: string; visible: boolean }>
  conversations: Map<string, Conversation>
  /** By bot and task_id, see {@link cardKey}. */
  cards: Map<string, Card>
  /** By req_id. */
  callbacks: Map<string, OpenCallback>
  /** By the code in the address. */
  responseCodes: Map<string, { callback: OpenCallback; used: boolean }>
  /** Chatid by key. */
  robots: Map<string, string>
  budgets: Map<string, Budget>
  /** By upload_id. */
  uploads: Map<string, Upload>
  media: Map<string, { type: string; expiresAt: number }>
}

export function createWorld(options: WeComSimOptions): World {
  const clock = options.clock ?? createClock()
  return {
    clock,
    settings: { ...strictSettings(), ...options.settings },
    schedule: createSchedule(clock),
    faults: createFaults(),
    bots: new Map(),
    users: new Map(),
    conversations: new Map(),
    cards: new Map(),
    callbacks: new Map(),
    responseCodes: new Map(),
    robots: new Map(),
    budgets: new Map(),
    uploads: new Map(),
    media: new Map(),
  }
}

/** Random, so that a client with a memory never meets an id of an earlier run again. */
export const newId = () => randomBytes(12).toString('base64url')

export const keyOf = (chat: ChatRef) => (typeof chat === 'string' ? chat : `user:${chat.user}`)
export const cardKey = (botId: string, taskId: string) => `${botId} ${taskId}`
export const findCard = (world: World, taskId: string) =>
  [...world.cards.values()].find((card) => card.taskId === taskId)

export function addUser(world: World, user: UserSpec): void {
  const { userid, visible = true, interacted } = user
  world.users.set(userid, { userid, visible })
  const key = keyOf({ user: userid })
  addConversation(world, { key, group: false, id: userid, members: [userid], botMember: true }, interacted)
}

export function addGroup(world: World, chat: ChatSpec): Conversation {
  const { chatid, members, botMember = true, interacted } = chat
  for (const userid of members) if (!world.users.has(userid)) addUser(world, { userid })
  return addConversation(world, { key: chatid, group: true, id: chatid, members, botMember }, interacted)
}

function addConversation(
  world: World,
  facts: Omit<Conversation, 'messages' | 'interacted'>,
  interacted: boolean | undefined,
): Conversation {
  const known = world.conversations.get(facts.key) ?? { ...facts, interacted: false, messages: [] }
  world.conversations.set(facts.key, Object.assign(known, facts, interacted !== undefined && { interacted }))
  return known
}

/** Replies and proactive messages of a bot in one conversation share a budget (documented). */
export const messageBudget = (world: World, botId: string, conversation: Conversation) =>
  budget(world, `${botId} ${conversation.key}`)
export const uploadBudget = (world: World, botId: string) => budget(world, `${botId} uploads`)
export const subscribeBudget = (world: World, botId: string) => budget(world, `${botId} subscribes`)
export const robotBudget = (world: World, key: string) => budget(world, `${key} robot`)

function budget(world: World, key: string): Budget {
  const known = world.budgets.get(key) ?? createBudget(world.clock)
  world.budgets.set(key, known)
  return known
}

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
