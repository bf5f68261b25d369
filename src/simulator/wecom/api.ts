import type { SimClock } from '../kit/clock.ts'
import type { WeComFaults } from './faults.ts'
import type { WeComSettings } from './settings.ts'

export type { ClientFrame, FrameMatch, WeComFaults } from './faults.ts'
export type { WeComSettings } from './settings.ts'

/** A JSON object as it travels; nothing about its members is known before they are looked at. */
export type JsonObject = Record<string, unknown>

export interface WeComSimOptions {
  /** A clock shared with other simulators; its own if left out. */
  clock?: SimClock
  /** Port on 127.0.0.1; default 0 (any free one). */
  port?: number
  settings?: Partial<WeComSettings>
}

export interface BotSpec {
  botId: string
  secret: string
  /** The name people mention; default `BreakerBot`. */
  name?: string
}

export interface UserSpec {
  userid: string
  /** Within the bot's visible range; default true. */
  visible?: boolean
  /** Has talked to the bot in the one-to-one chat; default: as before, at first false. */
  interacted?: boolean
}

export interface ChatSpec {
  chatid: string
  /** Userids; unknown ones are added as users. */
  members: string[]
  /** The bot is in the group; default true. */
  botMember?: boolean
  /** Someone has talked to the bot here; default: as before, at first false. */
  interacted?: boolean
}

/** A group by its chatid, or somebody's one-to-one chat with the bot. */
export type ChatRef = string | { user: string }

export interface ChatMessage {
  /** The simulator's own id. */
  id: string
  /** When it was posted, ms since 1970. */
  at: number
  from: { user: string } | { bot: string } | { robot: string }
  /** How it came: a person, one of the three commands, a `response_url`, or the group robot's address. */
  via: 'person' | 'send' | 'reply' | 'welcome' | 'response_url' | 'robot'
  msgtype: string
  /** What can be read: the text, the markdown, the stream so far, or the card's title. */
  text: string
  /** The body as it was sent. */
  body: JsonObject
  /** Set on cards. The views of it: {@link WeComSim.cardAsSeenBy}. */
  taskId?: string
  /** Accepted, but never shown to anyone. */
  hidden?: boolean
}

export interface CardButtonView {
  text: string
  key: string
  style: number
  /** Set on a link, which calls nobody back. */
  url?: string
}

export interface CardView {
  taskId: string
  cardType: string
  title: string
  desc: string
  subTitle: string
  rows: { keyname: string; value: string }[]
  buttons: CardButtonView[]
  /** 1 as sent, one more for each update that this viewer got. */
  version: number
  /** This viewer's copy was last changed by an update for named people only. */
  private: boolean
  /** The whole card. */
  card: JsonObject
}

/**
 * What became of a click within the 5 s (at once where the callback was lost):
 * `updated`: an update was accepted and drawn; `unchanged`: accepted but not drawn (another task_id, a `source`);
 * `refused`: there were answers, all refused; `unanswered`: there was none.
 */
export type ClickOutcome = 'updated' | 'unchanged' | 'refused' | 'unanswered'

export interface Callback {
  /** False if it did not reach a bot: nobody connected, no mention, outside the visible range. */
  delivered: boolean
  msgid: string
  reqId: string
}

export interface Click extends Callback {
  outcome: Promise<ClickOutcome>
}

export interface SayOptions {
  /** Default true. Without it a group keeps the message to itself. */
  mention?: boolean
  /** The quoted message's text. */
  quote?: string
  /** Between the mention and the text; default one space. Clients also put U+2005. */
  gap?: string
  /** Default: the bot added first. */
  bot?: string
  /** Last changes to the callback's body, for pictures, voice, empty texts, and what may be missing. */
  edit?: (body: JsonObject) => void
}

export interface ClickOptions {
  /** Choices by question key, for votes, multiple choices, and drop-downs. */
  selected?: Record<string, string[]>
}

/** A click that nothing was checked for: unknown cards, absent buttons, strangers, any age. */
export interface ForgedClick extends ClickOptions {
  taskId: string
  userid: string
  key: string
  /** Default: the card's chat, if there is such a card. */
  chat?: ChatRef
  msgid?: string
  /** How many seconds ago `create_time` says it was. */
  ageS?: number
  bot?: string
  /** Last changes to the callback's body. */
  edit?: (body: JsonObject) => void
}

export interface LoggedFrame {
  at: number
  conn: number
  /** From the client's side: `sent` by the client, `received` by it. */
  direction: 'sent' | 'received'
  /** Undefined for answers (they have none) and for what is not JSON. */
  cmd?: string
  reqId?: string
  errcode?: number
  /** The frame, or undefined if the text is not a JSON object. */
  frame?: JsonObject
  text: string
}

export interface ConnView {
  id: number
  botId?: string
  /** `kicked` ones still answer pings but get nothing. */
  state: 'new' | 'subscribed' | 'kicked'
  open: boolean
  openedAt: number
  pings: number
}

/** What `createWeComSim(options?: WeComSimOptions): Promise<WeComSim>` of `index.ts` starts. */
export interface WeComSim {
  /** For the bot's client: `ws://127.0.0.1:PORT`. */
  readonly wsUrl: string
  /** For the group robot and `response_url`: `http://127.0.0.1:PORT`, in place of https://qyapi.weixin.qq.com. */
  readonly url: string
  readonly clock: SimClock
  readonly settings: WeComSettings
  readonly faults: WeComFaults

  /** Adds a bot, or changes the secret or name of one. */
  addBot(bot: BotSpec): void
  addUser(user: UserSpec): void
  /** Adds a group, or replaces what is known of it; what was posted stays. */
  addChat(chat: ChatSpec): void
  addGroupRobot(robot: { key: string; chatid: string }): void

  /** A person writes. Throws if the chat or the person does not exist, or the person is not in the chat. */
  say(chat: ChatRef, userid: string, text: string, options?: SayOptions): Callback
  /** A person presses. Throws if the copy on that person's screen has no such button. */
  click(taskId: string, userid: string, key: string, options?: ClickOptions): Click
  /** Sends a click that no screen could have produced. */
  forgeClick(click: ForgedClick): Click
  /** Opens the one-to-one chat for the first time today. */
  enter(userid: string, bot?: string): Callback

  /** What was posted, oldest first, with what was accepted but never shown. */
  messages(chat: ChatRef): ChatMessage[]
  /** A person's copy of a card; undefined if there is none on that screen. */
  cardAsSeenBy(taskId: string, userid: string): CardView | undefined
  frames(): LoggedFrame[]
  /** All connections since the start, closed ones included. */
  conns(): ConnView[]
  /** How many callbacks were lost because no client was connected. */
  lostCallbacks(): number

  close(): Promise<void>
}
