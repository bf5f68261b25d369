import type { SimClock } from '../kit/clock.ts'
import type { Timers } from '../kit/timers.ts'
import type { ChatType, Entity, MemberStatus, PressAnswer, TopicState } from './api.ts'
import { badRequest } from './errors.ts'
import type { Keyboard } from './keyboard.ts'
import type { Limiter } from './limits.ts'
import type { Polling } from './polling.ts'
import type { Settings } from './settings.ts'
import type { UpdateQueue } from './updates.ts'
import type { Webhook } from './webhook.ts'

/** All that the simulated Telegram knows. */
export interface World {
  settings: Settings
  clock: SimClock
  timers: Timers
  limiter: Limiter
  bots: Map<number, Bot>
  users: Map<number, User>
  chats: Map<number, Chat>
  /** Presses of the last moments, by `callback_query.id`. */
  presses: Map<string, OpenPress>
  files: Map<string, StoredFile>
}

/** As the Bot API shows a person or a bot. */
export interface User {
  id: number
  is_bot: boolean
  first_name: string
  username?: string
  language_code?: string
}

export interface Bot {
  token: string
  user: User
  readsAll: boolean
  revoked: boolean
  updates: UpdateQueue
  polling: Polling
  webhook: Webhook
  /** When a webhook was last set, ms. */
  webhookSetAt: number
  /** Command lists by scope and language. */
  commands: Map<string, { command: string; description: string }[]>
}

export interface Chat {
  id: number
  type: ChatType
  title: string
  members: Map<number, MemberStatus>
  /** Set in forums. Without General. */
  topics?: Map<number, { name: string; state: TopicState }>
  messages: Map<number, Message>
  nextMessageId: number
  /** By `ephemeral_message_id`. */
  ephemerals: Map<number, Message>
  /** The bot that wrote last. */
  lastBot?: number
  movedTo?: number
  deleted?: boolean
}

export interface StoredFile {
  id: string
  kind: 'photo' | 'document'
  name?: string
  mime?: string
  bytes: Buffer
  width?: number
  height?: number
}

export interface Message {
  id: number
  ephemeral?: Ephemeral
  chat: Chat
  kind: 'text' | 'rich' | 'photo' | 'document' | 'service'
  from?: User
  senderChat?: { id: number; type: ChatType; title: string }
  text: string
  entities: Entity[]
  /** What the bot sent as `rich_message`. */
  rich?: Record<string, unknown>
  keyboard?: Keyboard
  file?: StoredFile
  replyTo?: number
  thread?: number
  silent: boolean
  protectedContent: boolean
  pinned: boolean
  reactions: string[]
  at: number
  editedAt?: number
  /** Further fields of the Message, such as `migrate_to_chat_id`. */
  extra: Record<string, unknown>
}

export interface Ephemeral {
  id: number
  receiver: number
  /** The message in whose place the receiver sees it. */
  replaces?: number
}

export interface OpenPress {
  bot: number
  user: number
  chat: number
  /** `message_id` of the message with the button. */
  message: number
  at: number
  answered: boolean
  answer(answer: PressAnswer | undefined): void
}

/** Users that Telegram itself puts in front of messages (documented, the channel one reported). */
export const GROUP_ANONYMOUS_BOT: User = {
  id: 1087968824,
  is_bot: true,
  first_name: 'Group',
  username: 'GroupAnonymousBot',
}
export const CHANNEL_BOT: User = {
  id: 136817688,
  is_bot: true,
  first_name: 'Channel',
  username: 'Channel_Bot',
}
export const TELEGRAM: User = { id: 777000, is_bot: false, first_name: 'Telegram' }

/** A known person or bot, or one that nobody has heard of. */
export function userOf(world: World, id: number): User {
  return world.users.get(id) ?? world.bots.get(id)?.user ?? { id, is_bot: false, first_name: `User ${id}` }
}

/** The chat of that id, whatever became of it; throws the Bot API's error if there never was one. */
export function chatOf(world: World, id: number | undefined): Chat {
  const chat = id === undefined ? undefined : world.chats.get(id)
  if (!chat) throw badRequest('Chat not found')
  return chat
}

export function isMember(chat: Chat, id: number): boolean {
  const status = chat.members.get(id)
  return status !== undefined && status !== 'left' && status !== 'kicked'
}

export function isAdmin(chat: Chat, id: number): boolean {
  return chat.members.get(id) === 'administrator'
}

/** Adds a message to its chat under the next id, or as an ephemeral one under the lowest free one. */
export function addMessage(
  world: World,
  chat: Chat,
  content: Partial<Message> & Pick<Message, 'kind'>,
  ephemeral?: Omit<Ephemeral, 'id'>,
): Message {
  const message: Message = {
    id: ephemeral === undefined ? chat.nextMessageId++ : 0,
    chat,
    text: '',
    entities: [],
    silent: false,
    protectedContent: false,
    pinned: false,
    reactions: [],
    at: world.clock.now(),
    extra: {},
    ...content,
  }
  if (ephemeral === undefined) {
    chat.messages.set(message.id, message)
  } else {
    let id = 1
    while (chat.ephemerals.has(id)) id++
    message.ephemeral = { id, ...ephemeral }
    chat.ephemerals.set(id, message)
  }
  if (message.from && world.bots.has(message.from.id)) chat.lastBot = message.from.id
  return message
}
