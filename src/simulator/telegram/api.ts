import type { SimClock } from '../kit/clock.ts'
import type { FaultScript } from '../kit/faults.ts'

/**
 * The in-process test API of the Telegram Bot API simulator; `createTelegramSim(options?)` in `index.ts` starts one.
 * Dates in ms since 1970 unless said otherwise.
 */
export interface TelegramSim {
  /** The apiRoot for clients, without a trailing slash: `http://127.0.0.1:PORT`. */
  readonly url: string
  readonly clock: SimClock
  /** Every Bot API call in the order of arrival; `status` appears once it was answered. */
  readonly calls: readonly ApiCall[]
  /** Every attempt to push an update to a webhook, in order. */
  readonly pushes: readonly WebhookPush[]
  /** Decides on arrival what goes wrong with a call; see {@link TelegramFault} and `faults.ts` for ready-made ones. */
  readonly faults: FaultScript<ApiCall, TelegramFault>

  /** The bot's user id is the number in front of the token's colon, which is returned. */
  addBot(bot: NewBot): number
  /** Also opens the person's private chat (same id) with every bot added so far, as if `/start` had been pressed. */
  addUser(user: NewUser): void
  /** All bots added so far are in it, unless `bots` says otherwise. Queues no `my_chat_member`. */
  addChat(chat: NewChat): void

  /** A person (or a channel) writes. Tells whether it reached a bot (privacy mode) and the new message's id. */
  say(
    chat: number,
    user: number,
    text: string,
    options?: SayOptions,
  ): { delivered: boolean; messageId: number }
  /** A person presses a button. Throws if `{ text }` names no pressable button; `{ data }` is taken unseen (forged). */
  press(chat: number, message: MessageRef, user: number, button: PressedButton, options?: PressOptions): Press
  /** What is to be seen in a chat, oldest first; ephemeral messages only with their receiver in `viewer`. */
  messages(chat: number, viewer?: number): SeenMessage[]
  /** A person deletes a message of the chat. */
  deleteMessage(chat: number, messageId: number): void

  /** Changes the standing of a person or bot in a chat; a bot gets `my_chat_member` about itself. */
  setMember(chat: number, id: number, status: MemberStatus): void
  /** {@link setMember} with `kicked` for every bot of the chat; in a private chat the person blocks the bot. */
  kickBot(chat: number): void
  setTopic(chat: number, topic: number, state: TopicState): void
  /** A group becomes a supergroup with a new id: service messages in both, sends to the old id are refused. */
  migrate(chat: number, newId: number): void
  deleteChat(chat: number): void
  /** From now on the token gets 401. */
  revokeToken(token: string): void

  /**
   * Queues an update as it stands, past privacy mode and `allowed_updates`. Without `update_id` it gets the next one;
   * with one it may repeat, skip or go back. Returns its id. `bot` defaults to the first bot.
   */
  deliver(update: { update_id?: number; [field: string]: unknown }, bot?: number): number
  /** Queues the last `count` confirmed updates again with their old ids, as after an offset was lost. */
  redeliver(count: number, bot?: number): void
  /** The next update gets this id (default: a random one). */
  restartUpdateIds(next?: number, bot?: number): void
  /** Another instance polls with the same token until the returned function is called. */
  secondPoller(bot?: number): () => void
  /** Updates not confirmed yet. */
  pending(bot?: number): number

  /** Closes the listener and all connections: connection refused. State is kept. */
  goOffline(): Promise<void>
  /** Listens again on the same port. */
  goOnline(): Promise<void>
  close(): Promise<void>
}

export interface TelegramSimOptions {
  clock?: SimClock
  /** Default 0: any free port. */
  port?: number
  /** How long a press can be answered, ms of the sim's clock. Default 15 000 (reported). */
  answerWindow?: number
  /** How late a repeated 409 is answered, ms of the sim's clock. Default 3000 (seen in the official server). */
  conflictDelay?: number
  /**
   * How long a repeated `getUpdates` with the same offset waits at least, ms of the sim's clock; within half a second it
   * gets a single update only. Default 3000 (seen in the official server); 0 turns both off.
   */
  sameOffsetDelay?: number
  /**
   * The Bot API version that it speaks, as a number. Default 10.3. Below 10.3 there are no disabled buttons and no
   * ephemeral messages, below 10.1 no rich messages, below 9.5 no `tg-time`, below 9.4 no button styles.
   */
  level?: number
  /** Real ms that the receiver of a webhook push has to answer. Default 60 000. */
  webhookTimeout?: number
  /**
   * A failed push is repeated at once, then after `first`, twice that, and so on up to `longest`, ms of the sim's clock.
   * Default 2000 and 60 000 (seen: 2, 4, 8 s … up to a random 60–120 s).
   */
  webhookBackoff?: { first: number; longest: number }
  /** Off by default. */
  limits?: RateLimits
}

/** Budgets for sends and edits alike; `answerCallbackQuery` is exempt. */
export interface RateLimits {
  /** Messages per minute in one group. Telegram: 20. */
  groupPerMinute?: number
  /** Messages per second in one chat, averaged after a burst. Telegram: 1. */
  chatPerSecond?: number
  /** How many messages may come at once before `chatPerSecond` holds. Default 3. */
  burst?: number
  /** Messages per second over all chats. Telegram: about 30. */
  overallPerSecond?: number
  /** A call before `retry_after` has passed makes the wait longer by this many seconds. Default 0. */
  earlyPenalty?: number
}

export interface NewBot {
  token: string
  username: string
  name?: string
  /** False (the default) means privacy mode is on. */
  canReadAllGroupMessages?: boolean
}

export interface NewUser {
  id: number
  name: string
  username?: string
  languageCode?: string
}

export type ChatType = 'private' | 'group' | 'supergroup' | 'channel'

export interface NewChat {
  /** Negative for groups, supergroups and channels. */
  id: number
  type: Exclude<ChatType, 'private'>
  title: string
  /** User ids. */
  members?: number[]
  /** User ids; they are members too. */
  admins?: number[]
  /** The bots are administrators, so privacy mode does not hold them. */
  botAdmin?: boolean
  /** Bot ids. Default: all. */
  bots?: number[]
  /** Makes it a forum. General (id 1) is always there. */
  topics?: { id: number; name: string }[]
}

export type MemberStatus = 'member' | 'administrator' | 'restricted' | 'left' | 'kicked'

export type TopicState = 'open' | 'closed' | 'deleted'

export interface SayOptions {
  /** Message id that it answers. */
  replyTo?: number
  /** Topic. */
  thread?: number
  /**
   * `anonymous-admin`: from GroupAnonymousBot with `sender_chat` = the chat. `channel`: from «Channel Bot» with some
   * channel as `sender_chat`. `auto-forward`: from 777000, forwarded from the linked channel.
   */
  as?: 'anonymous-admin' | 'channel' | 'auto-forward'
  /** Which bot a private message is for. Default: the first. */
  bot?: number
}

/** A message by its id, or an ephemeral one by its `ephemeral_message_id`. */
export type MessageRef = number | { ephemeral: number }

export type PressedButton = { text: string } | { data: string }

export interface PressOptions {
  /** The update carries an InaccessibleMessage (`date: 0`). Always so when the message was deleted. */
  inaccessible?: boolean
  /** Whose press it is to hear of when the message does not tell. Default: the first bot. */
  bot?: number
}

export interface Press {
  /** `callback_query.id`. */
  id: string
  /** Resolves with what the presser is shown, or undefined when the window closes unanswered. */
  answered: Promise<PressAnswer | undefined>
}

export interface PressAnswer {
  text?: string
  showAlert: boolean
  url?: string
}

/** UTF-16 offsets, as in the Bot API. */
export interface Entity {
  type: string
  offset: number
  length: number
  url?: string
  language?: string
  user?: { id: number }
  custom_emoji_id?: string
  unix_time?: number
  date_time_format?: string
}

export interface SeenButton {
  text: string
  data?: string
  url?: string
  copyText?: string
  disabled?: boolean
  style?: 'primary' | 'success' | 'danger'
}

export interface SeenMessage {
  /** 0 for an ephemeral message. */
  id: number
  ephemeralId?: number
  /** The only person who sees it. */
  receiver?: number
  kind: 'text' | 'rich' | 'photo' | 'document' | 'service'
  /** User or bot id; absent for channel posts. */
  from?: number
  /** Plain text, caption, or the rich message's source. Empty for service messages. */
  text: string
  entities: Entity[]
  /** Rows of buttons; empty when there is no keyboard. */
  keyboard: SeenButton[][]
  file?: { name?: string; bytes: number }
  replyTo?: number
  thread?: number
  silent: boolean
  pinned: boolean
  /** The bot's reactions, as emoji. */
  reactions: string[]
  at: number
  /** When it was last edited. */
  editedAt?: number
}

export interface ApiCall {
  /** 1, 2, 3 … in order of arrival. */
  n: number
  at: number
  bot: number
  /** In the documented spelling, whatever the client wrote. */
  method: string
  /** Parameters after JSON strings were parsed; uploads as `{ file: name, bytes }`. */
  payload: Record<string, unknown>
  /** HTTP status sent, 0 when the connection was broken or left hanging by a fault. */
  status?: number
  /** The description sent, which every error has and few successes. */
  description?: string
  answeredAt?: number
  /** Set when a fault hit it. */
  fault?: TelegramFault
}

export interface WebhookPush {
  at: number
  bot: number
  updateId: number
  /** HTTP status received, 0 for a connection error or timeout. */
  status: number
}

/** What goes wrong with one call. */
export type TelegramFault =
  /** Refused in the Bot API's own form; nothing is done. */
  | {
      kind: 'error'
      code: number
      description: string
      parameters?: { retry_after?: number; migrate_to_chat_id?: number }
    }
  /** Something in front answers with this body; nothing is done. */
  | { kind: 'body'; status: number; body: string; contentType?: string }
  /** The work is done, but the 200 carries only half of the JSON. */
  | { kind: 'truncated' }
  /** The connection is reset, before or after the work is done. */
  | { kind: 'reset'; when: 'before' | 'after' }
  /** Never answered, with the work left or done. */
  | { kind: 'hang'; done: boolean }
  /** Done at once, answered after so many real ms; with `drip` the body comes byte by byte over that time. */
  | { kind: 'slow'; ms: number; drip?: boolean }
