import type { SimClock } from '../kit/clock.ts'
import type { Callback, Click, ClickOptions, ForgedClick, SayOptions } from './api/deeds.ts'
import type { BotSpec, ChatRef, ChatSpec, UserSpec } from './api/people.ts'
import type { CardView, ChatMessage } from './api/screen.ts'
import type { ConnView, LoggedFrame } from './api/traffic.ts'
import type { WeComFaults } from './faults.ts'
import type { WeComSettings } from './settings.ts'

export type { JsonObject } from '../kit/json.ts'
export type * from './api/deeds.ts'
export type * from './api/people.ts'
export type * from './api/screen.ts'
export type * from './api/traffic.ts'
export type { ClientFrame, FrameMatch, WeComFaults } from './faults.ts'
export type { WeComSettings } from './settings.ts'

export interface WeComSimOptions {
  /** A clock shared with other simulators; its own if left out. */
  clock?: SimClock
  /** Port on 127.0.0.1; default 0 (any free one). */
  port?: number
  settings?: Partial<WeComSettings>
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
  /** What was uploaded. */
  media(mediaId: string): Uint8Array | undefined
  /** A person's copy of a card; undefined if there is none on that screen. */
  cardAsSeenBy(taskId: string, userid: string): CardView | undefined
  frames(): LoggedFrame[]
  /** All connections since the start, closed ones included. */
  conns(): ConnView[]
  /** How many callbacks were lost because no client was connected. */
  lostCallbacks(): number

  close(): Promise<void>
}
