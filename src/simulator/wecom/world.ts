import { randomBytes } from 'node:crypto'
import { createClock, type SimClock } from '../kit/clock.ts'
import { createTimers, type Timers } from '../kit/timers.ts'
import type {
  BotSpec,
  ChatMessage,
  ChatRef,
  ChatSpec,
  ClickOutcome,
  UserSpec,
  WeComSettings,
  WeComSimOptions,
} from './api.ts'
import { type Budget, createBudget } from './budget.ts'
import type { Card } from './cards.ts'
import { createFaults, type FaultState } from './faults.ts'
import { strictSettings } from './settings.ts'

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

/** An upload under way; its chunks may come in any order and more than once. */
export interface Upload {
  botId: string
  type: string
  size: number
  count: number
  md5: string | undefined
  startedAt: number
  chunks: Map<number, Buffer>
}

export interface World {
  clock: SimClock
  settings: WeComSettings
  timers: Timers
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
  /** By media_id. */
  media: Map<string, { botId: string; type: string; expiresAt: number; content: Buffer }>
}

export function createWorld(options: WeComSimOptions): World {
  const clock = options.clock ?? createClock()
  return {
    clock,
    settings: { ...strictSettings(), ...options.settings },
    timers: createTimers(clock),
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
