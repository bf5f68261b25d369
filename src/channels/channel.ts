import type { CardText } from '../domain/card-text.ts'
import type { Log } from '../domain/log.ts'
import type { ChannelName } from '../domain/people.ts'

export type { ChannelName, Log }

/** Who pressed or wrote, as the platform itself says it. */
export interface Sender {
  /** The platform's own id of the person: Telegram `from.id`, DingTalk staff id, WeCom userid. */
  id: string
  /** A display name where the platform gives one; never used to decide anything. */
  name?: string
  /**
   * Set when the platform does not say which person it was (an anonymous Telegram admin, a channel post,
   * a DingTalk sender from outside the organisation). Such a sender may never act.
   */
  anonymous?: boolean
}

/** What a person did in a chat. `id` is the platform's own, and the same deed has the same id when delivered twice. */
export type ChatInput = PressInput | TextInput | MovedInput

export interface PressInput {
  kind: 'press'
  id: string
  /** The chat it happened in; see {@link ChatChannel.send} for the form. Empty where the platform does not tell. */
  chat: string
  sender: Sender
  /** The button's `data`, exactly as it came. May be forged; it is only a key to look things up by. */
  data: string
  /** The message (as {@link Delivery} named it) that the button stood on, where the platform tells. */
  message?: string
  /** When it happened by the platform's clock, ms since 1970, or when it arrived. */
  at: number
  /** Where the platform does not say when: for so long it may have lain there before it arrived, whole ms. */
  mayHaveLain?: number
}

export interface TextInput {
  kind: 'text'
  id: string
  chat: string
  /** True in a group, false in a one-to-one chat with the bot. */
  group: boolean
  /**
   * False for group talk that was not meant for the bot (no mention, no slash, no answer to one of its
   * messages) on a platform that delivers it all the same. Left out: it was meant for the bot.
   */
  addressed?: boolean
  sender: Sender
  /** What was written, without the mention of the bot where the platform marks it. */
  text: string
  /** The bot's message that this one answers (as {@link Delivery} named it), where the platform tells. */
  replyTo?: string
  at: number
}

/** The platform gave a chat another id (a Telegram group became a supergroup). */
export interface MovedInput {
  kind: 'moved'
  id: string
  chat: string
  to: string
  at: number
}

/** What the person who pressed is shown at once. All parts may be missing: then nothing changes for now. */
export interface ChatAnswer {
  /** One short sentence for the presser. */
  toast?: string
  /** The toast refuses or warns: show it so that it cannot be overlooked. */
  alert?: boolean
  /** The card as it stands now. */
  card?: CardText
  /** The same card as the presser alone should see it, with the steps that are theirs. */
  own?: CardText
  /** It is for the presser alone: where a platform shows one thing only, their card and `toast` to them. */
  privately?: boolean
}

export interface Receipt {
  /** Resolves when the input is on disk: only then may the platform be told that it was taken. Rejects if it is not. */
  taken: Promise<void>
  /** Resolves with what to show the presser, within about 1 s: if the decision takes longer, that it is being worked
   * on; what comes of it then follows by a text. */
  answer: Promise<ChatAnswer>
  /**
   * Says what became of the answer. `taken`, for adapters with {@link ChatChannel.abilities}.cardInAnswer: the platform
   * has taken `answer.card`, so that it need not be brought to this chat in another way. Not called, or called with
   * false: it is.
   * @param own the presser has been shown `answer.own`, and will be until the card is changed; default as `taken`
   * @param told false: the presser could not be shown `answer.toast` (it came too late, or had no place), and is told
   *   by a text; default true
   */
  shown(taken: boolean, own?: boolean, told?: boolean): void
}

export type Receive = (input: ChatInput) => Receipt

/** Somebody whose phone should ring, as the platform knows them. */
export interface Mention {
  id: string
  /** What stands in the text where the platform needs a name. */
  name: string
}

/** A picture that goes with a text. */
export interface Picture {
  png: Uint8Array
  /** Pixels. */
  width: number
  height: number
  /** What is added to the text where the picture cannot be shown. */
  instead: string
}

/**
 * What a chat is to be shown.
 * - `picture`: shown with the text, as near to it as the platform can; where it cannot be, `instead` stands for it. A text
 *   is never lost to its picture: what goes wrong with that after the text went out is no failure of the message.
 * - `replyTo`: the bot's message that a text is about; no more than a hint where a platform knows no replies.
 * - `silent`: no phone rings for it, where the platform can tell them apart.
 * - `mention`: whom the platform should call on, where it can.
 * - `urgent`: an alarm. While the usual way is shut, the adapter may tell its facts by another one; see
 *   {@link Delivery} `told`.
 */
export type Content = (
  | { card: CardText }
  | { text: string; replyTo?: string; picture?: Picture; silent?: true }
) & {
  mention?: Mention[]
  urgent?: boolean
}

/** At most so many in any span of so many ms. */
export interface Limit {
  most: number
  within: number
}

/** What may be sent, sends and updates together: what the platform takes, less a margin. */
export interface SendLimits {
  /** To one group, to one person, and by the bot as a whole. */
  group: readonly Limit[]
  person: readonly Limit[]
  bot: readonly Limit[]
}

/**
 * What became of a message. A provider's error code inside an HTTP 200 is an error.
 * - `delivered`: the platform took it; `message` names it for later updates.
 * - `later`: refused for now; try again after `retryAfter` ms (all of this chat waits where `wholeChat` is set).
 *   `told`: the facts reached the chat in another way meanwhile, without buttons.
 * - `refused`: refused for good. `gone` says what is missing, `movedTo` the chat's new id.
 * - `unknown`: it may or may not be there (time-out, connection lost after writing).
 */
export type Delivery =
  | { outcome: 'delivered'; message: string }
  | { outcome: 'later'; why: string; retryAfter?: number; wholeChat?: boolean; code?: string; told?: true }
  | { outcome: 'refused'; why: string; code?: string; gone?: 'message' | 'chat'; movedTo?: string }
  | { outcome: 'unknown'; why: string }

export interface ChannelHealth {
  /** `standby`: another instance holds the bot's connection. */
  state: 'starting' | 'ready' | 'standby' | 'waiting' | 'failed' | 'stopped'
  /** Since when it is in this state, ms since 1970. */
  since: number
  /** How often it has become ready since the start: more than once means that the connection was lost. */
  connects?: number
  /** One sentence for the person who runs the service: what is wrong and what to do. */
  detail?: string
}

/**
 * One chat platform. An adapter supervises its own connection, never lets an exception of its SDK reach the
 * process, logs no secret, and keeps no state that must survive a restart.
 */
export interface ChatChannel {
  readonly name: ChannelName
  readonly abilities: {
    /** A card can be changed at any time. Where false, only as the answer to a press on it. */
    updateAnyTime: boolean
    /** The answer to a press brings the new card with it; see {@link Receipt.shown}. */
    cardInAnswer: boolean
    /** The answer to a press can be shown to the presser alone. */
    privateAnswer: boolean
    /** {@link Content} `mention` makes phones ring. */
    mention: boolean
    /** {@link Content} `picture` can be shown. */
    pictures: boolean
    maxButtons: number
  }
  readonly limits: SendLimits
  /**
   * Starts receiving and supervising. Resolves as soon as the work has begun, not when the platform answers:
   * {@link health} tells when it is ready. Rejects only for faults in the configuration itself.
   */
  start(receive: Receive): Promise<void>
  health(): ChannelHealth
  /**
   * Sends to a chat. `chat` is the platform's own id (Telegram chat id, DingTalk openConversationId, WeCom
   * chatid), or `user:<id>` for a one-to-one chat on platforms where that has no id of its own.
   * `key` is the same when the same message is tried again; [0-9A-Za-z_-], at most 64 characters: the platform's
   * idempotency key where there is one (DingTalk `outTrackId`, WeCom `task_id`). Never rejects.
   */
  send(chat: string, content: Content, key: string): Promise<Delivery>
  /** Changes a card sent before. Only where {@link abilities}.updateAnyTime. Never rejects. */
  update(chat: string, message: string, card: CardText): Promise<Delivery>
  /** Stops for good: no timer, socket or retry is left. */
  stop(): Promise<void>
}
