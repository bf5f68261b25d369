import type { AlarmFacts } from './alarm.ts'
import type { AlarmTimer, Deed } from './escalation.ts'
import type { Message } from './message.ts'
import type { Stage } from './operation.ts'
import type { ChannelName, Via } from './people.ts'
import type { ChatRef } from './policy.ts'
import type { Position, Report } from './report.ts'
import type { Scope, WindowKind } from './window.ts'

/** What a person may ask of a breaker. */
export type AskAction =
  | 'ack'
  | 'reclose'
  | 'open'
  | 'confirm'
  | 'cancel'
  | 'hold'
  | 'release'
  | 'unlock'
  /** Stops automatic reclosing. */
  | 'stop'
  /** It is nobody's again. */
  | 'unack'
  /** To {@link Ask.to}. */
  | 'handover'

/** Something a person asked for, by a button or a typed command. */
export interface Ask {
  type: 'ask'
  action: AskAction
  /** Absent for a program. */
  channel?: ChannelName
  /** The platform's own id of the one who asks, for the audit of strangers; of a program its name. */
  sender: string
  /** The platform could not say who it was. */
  anonymous: boolean
  /** Where it was asked; absent for a program. */
  chat?: ChatRef
  /** By what, where by no chat. */
  via?: Via
  circuit?: string
  /** The incident or operation whose button was pressed or card answered. */
  subject?: string
  /** The version of the card whose button was pressed. */
  version?: number
  /** The confirming step's single-use word; may be missing when confirmed by a typed command. */
  nonce?: string
  typed: boolean
  /** When the person gave it, ms since 1970; absent: only just now. */
  givenAt?: number
  /** Why, in the person's own words: of a hold, a release, an unlocking. */
  reason?: string
  /** Of a hand-over: the name of whom to. */
  to?: string
  /** The group run that asks in this person's name. */
  run?: string
}

/** What a group run is told of one of its circuits. */
export interface StepTold {
  /** `already`: it stood so. `refused`: no operation was begun. Otherwise where its operation stands. */
  stage: Stage | 'already' | 'refused'
  operation?: string
  /** The operation's version; 0 without one. */
  version: number
  why?: Message[]
}

/** What became of a command on its way to the cloud. */
export type ControlOutcome =
  | { result: 'taken' }
  /** Surely not carried out. */
  | { result: 'refused'; why: Message }
  /** May or may not have been carried out: never repeated, looked up. */
  | { result: 'unknown'; why: Message }

/** Everything that can change a breaker's state. */
export type BreakerEvent =
  | { type: 'report'; report: Report }
  | Ask
  /** A group run asks for its circuit to be opened or closed, in the name of the one who asked for the run. */
  | { type: 'group-step'; run: string; ask: Ask & { action: 'open' | 'reclose'; circuit: string } }
  | { type: 'confirm-expired'; operation: string }
  | { type: 'control-outcome'; operation: string; outcome: ControlOutcome }
  | { type: 'feedback-due'; operation: string }
  /** The dead time of automatic reclosing is over, or it is time to look at the voltage again. */
  | { type: 'reclose-due'; reclosing: string; step: number }
  /** It has stood closed for its reclaim time. */
  | { type: 'reclaimed'; reclosing: string }
  /**
   * The cloud was asked for the state, because no report came. `report`: what it knows, in a report's form.
   */
  | { type: 'looked-up'; operation: string; report?: Report; online?: boolean }
  /**
   * No push has come since `heardAt`, though one is usual each so many ms, and the cloud could not explain it.
   */
  | { type: 'silent'; heardAt: number; every: number }
  /** The grace of the absence noticed then is over. */
  | { type: 'away-due'; noticed: number }
  /** A timer of an incident: the next step of its escalation, or that its acknowledgement lapses. */
  | AlarmTimer
  /** The windows over an incident may have passed. */
  | { type: 'hush-over'; incident: string }
  /** A storm has passed: what it still covers has a card of its own again. */
  | { type: 'storm-over'; storm: string }

/** One occurrence of a window, and the room that is told of it. */
export interface EndingWindow {
  id: string
  kind: WindowKind
  scope: Scope
  room: string
  /** ms. */
  from: number
  until: number
}

/** What must follow from a decision; the engine makes jobs of it. */
export type Effect =
  /** Bring the card of this incident or operation up to date in all chats of the breaker's room. */
  | { do: 'card'; subject: string; urgent: boolean; freshIn?: ChatRef }
  /** The load before the trip of this incident, as a picture after its card. */
  | { do: 'trip-picture'; incident: string }
  /** One line to all chats of the breaker's room; `about`: the incident whose card it belongs to. */
  | { do: 'notice'; text: Message; urgent?: true; about?: string }
  /** One line to one person: one-to-one, else to the breaker's room. */
  | { do: 'tell'; person: string; text: Message }
  | { do: 'switch'; operation: string; circuit: string; to: Position; ref: string }
  | { do: 'tell-run'; run: string; circuit: string; told: StepTold }
  /** Somebody is to be told of an alarm that nobody has acknowledged, or of what became of it. */
  | { do: 'deed'; alarm: string; deed: Deed }
  /** An alarm of the breaker as a whole begins, and ends. */
  | { do: 'raise'; alarm: string; facts: AlarmFacts }
  | { do: 'resolve'; alarm: string; outcome: Message }
  /** Its breakers may all be away, or be back. */
  | { do: 'look-at-site'; at: number }
  /** Something has changed that a storm's card shows. */
  | { do: 'storm'; storm: string }
  /** Lists for a room what happened in a window, when it is over. */
  | { do: 'list-window'; window: EndingWindow }
  | { do: 'look-up'; operation: string; circuit: string }
  | { do: 'timer'; id: string; at: number; event: BreakerEvent }
  | { do: 'cancel-timer'; id: string }
