import type { ChannelName, Content, PressInput, TextInput } from '../channels/channel.ts'
import type { Handed } from '../channels/way.ts'
import type { Chart } from '../domain/chart.ts'
import type { AlarmEvent } from '../domain/decide-alarm.ts'
import type { TellWhat } from '../domain/escalation.ts'
import type { BreakerEvent, EndingWindow } from '../domain/event.ts'
import type { Message } from '../domain/message.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { Position, Report } from '../domain/report.ts'
import type { RunEvent } from '../domain/run-event.ts'
import type { StormAsk } from '../domain/storm-ack.ts'
import type { Job } from '../store/store.ts'
import type { Pressed } from '../text/tokens.ts'
import type { ConsoleWork } from './console/deed.ts'

/** What lies in the inbox (queue `events`): everything that came in, until it has been decided upon. */
export type EventWork =
  /** `raw`: the body as it came, where it tells more than readings. */
  | { from: 'push'; report: Report; raw?: string }
  | { from: 'press'; channel: ChannelName; input: PressInput; pressed: Pressed }
  | { from: 'text'; channel: ChannelName; input: TextInput }
  /** Timers and the outcomes of calls. */
  | { from: 'inside'; breaker: string; event: BreakerEvent }
  /** The same of a group run. */
  | { from: 'run'; run: string; event: RunEvent }
  /** The same of an alarm that is no breaker's. */
  | { from: 'alarm'; alarm: string; event: AlarmEvent }
  /** It is looked whether the site as a whole is away, or is back. */
  | SiteWork
  /** A storm is counted anew; or, with `ack`, its incidents are acknowledged one by one. */
  | StormWork
  | WindowWork
  | ConsoleWork

/** An occurrence of a window is over; `isSet`: set in a chat, which is told also where nothing happened; `isEnded`: by
 * word, before its time. */
export interface WindowWork {
  from: 'window'
  window: EndingWindow
  isSet?: true
  isEnded?: true
}

export interface SiteWork {
  from: 'site'
  room: string
  site: string
  /** What is away without an alarm is to have its grace anew: what explained it is over. */
  wake?: true
}

export interface StormWork {
  from: 'storm'
  storm: string
  /** Who acknowledged all, where, and when: what joined later is not meant. */
  ack?: StormAsk & { chat: ChatRef; at: number }
}

export type PressWork = Extract<EventWork, { from: 'press' }>
export type TextWork = Extract<EventWork, { from: 'text' }>
export type PushWork = Extract<EventWork, { from: 'push' }>

/**
 * Whom a text calls on, and which of the bot's messages it is about: named, or the one that shows a card. A chart goes
 * with it as a picture, or as text where none can be shown.
 */
export type TextMore = Pick<Extract<Content, { text: string }>, 'replyTo' | 'mention'> & {
  about?: string
  chart?: Chart
  /** It tells of a time that is over, and says the same however late it comes. */
  isReport?: true
}

/** What is to be sent to one chat ({@link SEND_QUEUE}), or to an admin. */
export type SendWork =
  /**
   * The card as it stands when its turn comes, not as it was when the job was made. `breaker` is {@link GROUP_CARD} for
   * that of a group run, {@link STORM_CARD} for that of a storm. `swept`: refused, it is tried with the next sweep; `since`: an alarm, and when what it tells came in.
   */
  | { what: 'card'; breaker: string; id: string; chat: ChatRef; fresh: boolean; swept?: true; since?: number }
  /** The load before a trip, after its card; as the samples are when its turn comes. */
  | { what: 'trip-picture'; breaker: string; id: string; chat: ChatRef }
  /** One message that shows a card, which is to show it as it is now. */
  | { what: 'mend'; breaker: string; id: string; chat: ChatRef; message: string }
  /** `passedOn`: it tells of alarms that another chat did not get. */
  | ({ what: 'text'; chat: ChatRef; lines: Message[]; passedOn?: true } & TextMore)
  /** The room's alarms that nobody has acknowledged, with whoever is called on, as it is when its turn comes. */
  | { what: 'remind'; chat: ChatRef; room: string }
  /** A step of a drill that would be a reminder. */
  | { what: 'remind-drill'; chat: ChatRef; alarm: string; step: number; people: string[] }
  /** A link for signing in to the console; what became of it is told in `askedIn`. */
  | { what: 'link'; chat: ChatRef; sender: string; person: string; askedIn: ChatRef }
  /** How many texts came too late to be sent. */
  | { what: 'late'; chat: ChatRef }
  /**
   * To the first admin who can be reached, or to the one person whom it concerns; `turn` is whose it is, once it is in the
   * queue of a platform. `call`: it calls that person, and is told what came of it.
   */
  | { what: 'admin'; text: Message; to?: { person: string; room: string }; call?: WordWork; turn?: AdminTurn }

/** Which alarm a deed is for: an incident of a breaker, or with `ALARM_CARD` another alarm. */
export interface AlarmRef {
  breaker: string
  id: string
}

/** Somebody is to be called, by the first of their ways that works (queue `summons`). */
export interface SummonWork {
  /** What all tries of one call have in common. */
  call: string
  person: string
  /** The ways that came to nothing, in this round. */
  tried: string[]
  /** How often all of them came to nothing. */
  round: number
  /** For this drill, and for nothing else. */
  drill?: string
  /** What came of a word to them alone, the last of the ways. */
  word?: { about: readonly AlarmRef[]; handed: Handed }
}

/** A word to somebody alone by which they are called, and the alarms that it is about. */
export interface WordWork extends SummonWork {
  about: readonly AlarmRef[]
}

/** What is posted about one alarm, or one storm (queue `posts`). `to`: an address or a person's name; a web-hook's name. */
export interface PostWork {
  way: 'mail' | 'webhook'
  to: string
  what: TellWhat
  ref: AlarmRef
  storm?: string
  /** Of a drill: which step it is, from 0. */
  drill?: number
}

/** Looks whether a chat has taken its alarms (queue `watch`). */
export interface WatchWork {
  chat: ChatRef
  /** It has just refused some for good. */
  afterRefusal?: true
}

/** How far the search for an admin has come. Only the instance that holds a platform's connection can try there. */
export interface AdminTurn {
  chat: ChatRef
  /** The id of the job that was first made for the word, and when that was. */
  word: string
  since: number
  /** How often all of them were tried before, and whether any of this round could be reached later. */
  round: number
  isWorthwhile: boolean
}

/** Calls to the cloud (queues `commands` and `lookUps`). */
export type CloudWork =
  | {
      what: 'switch'
      breaker: string
      operation: string
      circuit: string
      to: Position
      ref: string
      /** When the person gave it: it must not leave much later. */
      askedAt: number
    }
  | { what: 'look-up'; breaker: string; operation: string; circuit: string }

/** A breaker is asked for its counter (queue `queries`). */
export interface QueryWork {
  breaker: string
  /** When the next question is due, ms: then this one is left out. */
  until: number
}

/** What the platform's clock and ours may be apart, at most, ms. */
const CLOCKS_APART = 120_000

/**
 * When a person acted: when it came in; or earlier, where the platform has kept it for so long that no clock explains
 * it, or may have.
 */
export function actedAt({ createdAt }: Job, input: PressInput | TextInput): number {
  if ('mayHaveLain' in input && input.mayHaveLain !== undefined) return createdAt - input.mayHaveLain
  return createdAt - input.at > CLOCKS_APART ? input.at : createdAt
}
