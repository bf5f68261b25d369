import type { SimClock } from '../kit/clock.ts'
import type { FaultScript } from '../kit/faults.ts'
import type { MessageRef, Press, PressedButton, PressOptions, SayOptions } from './api/deeds.ts'
import type { MemberStatus, NewBot, NewChat, NewUser, TopicState } from './api/people.ts'
import type { SeenMessage } from './api/screen.ts'
import type { ApiCall, TelegramFault, WebhookPush } from './api/traffic.ts'

export type * from './api/deeds.ts'
export type * from './api/options.ts'
export type * from './api/people.ts'
export type * from './api/screen.ts'
export type * from './api/traffic.ts'

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
  /** Also makes the person's private chat (same id) with every bot added so far. */
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
  /** What was uploaded, by the id that it has in a message. */
  file(id: string): Uint8Array | undefined
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
