import type { Ownership } from './ownership.ts'
import type { Cause } from './report.ts'
import type { Severity } from './severity.ts'

/** Whom a step calls: those on duty, everybody of the room, or one person by name. */
export type Target = 'duty' | 'all' | { person: string }

/** One step of a policy; what it names is done together. */
export interface Step {
  /** From the beginning of the round, ms. */
  after: number
  /** The room is reminded. That the card itself leaves at once is no step. */
  cards?: true
  /** Who is mentioned in the room's chats. */
  mention?: Target
  /** Who is called by their own ways, the first that works. */
  call?: Target
  /** Addresses, or names of people. */
  mail?: string[]
  /** The name of a web-hook. */
  webhook?: string
  /** Only for alarms at least that severe. */
  severity?: Severity
  /** Only for these causes. */
  causes?: Cause[]
}

/** What is done, and when, while nobody has acknowledged. */
export interface EscalationPolicy {
  name: string
  /** So long an acknowledgement holds, ms; 0: for good. */
  ackTimeout: number
  /** How often all steps are gone through once more. */
  repeat: number
  /** From the last step to the next round, ms. */
  repeatAfter: number
  steps: Step[]
}

/** Which policy is whose. */
export interface Escalations {
  policies: Record<string, EscalationPolicy>
  /** Names of policies, by name of room, site and id of breaker. */
  rooms: Record<string, string>
  sites: Record<string, string>
  breakers: Record<string, string>
}

/** Everybody and everything that was told of an alarm. */
export interface Told {
  /** Names of those mentioned, and of those called. */
  mention: string[]
  call: string[]
  mail: string[]
  hooks: string[]
}

export const TOLD_NOBODY: Told = { mention: [], call: [], mail: [], hooks: [] }

/** How far the telling of one alarm has come. */
export interface Escalation {
  /** `over`: it is resolved. */
  stage: 'running' | 'stopped' | 'over'
  /** Grows each time it begins anew: timers of before are void. */
  run: number
  /** 0 the first time, then the repeats. */
  round: number
  /** When the round began, ms. */
  since: number
  /** Steps of the round up to here have been taken, ms; -1: none. */
  reached: number
  told: Told
}

/** What has to be answered by people: an incident, or another alarm. */
export interface Escalating extends Ownership {
  severity?: Severity
  cause?: Cause
  escalation?: Escalation
  /** It was open in a store that was put back, and may be over: until then nobody is called for it, ms. */
  heldUntil?: number
}

/** When to look again, and at what. */
export interface Look {
  at: number
  run: number
  round: number
  after: number
}

/** A timer of an alarm: the next step, or that its acknowledgement lapses. */
export type AlarmTimer =
  | { type: 'escalate'; alarm: string; look: Look }
  | { type: 'ack-lapses'; alarm: string; acknowledgedAt: number }
  /** The configuration may be another: it begins, or goes on, by what holds now. `again` makes its timer's id unique. */
  | { type: 'follow'; alarm: string; again: number }
  /** No chat of its room has got it, or none in time. */
  | { type: 'unheard'; alarm: string }

/** What is to be done for a step, with names in place of targets. */
export type Deed =
  | { do: 'remind'; people: string[] }
  | { do: 'summon'; person: string }
  | { do: 'mail'; to: string; what: TellWhat }
  | { do: 'hook'; hook: string; what: TellWhat }
  /** There was nobody whom the step could have meant; those were taken in their stead. */
  | { do: 'nobody'; wanted: Target; instead: string[] }

export type TellWhat = 'raised' | 'repeated' | 'acknowledged' | 'reopened' | 'resolved'

/** What follows for the escalation of one alarm. */
export interface Progress {
  escalation: Escalation
  deeds: Deed[]
  /** The timer that is set; the earlier one is void. */
  look?: Look
}

/** Who a target is at this moment; `instead`: there is nobody, and these are taken in their stead. */
export type Resolve = (target: Target) => { people: string[]; instead?: true }

/** The policy of a breaker, or of a room or site as a whole; undefined: nothing escalates. */
export function policyFor(
  escalations: Escalations | undefined,
  { room, site, id }: { room: string; site?: string; id?: string },
): EscalationPolicy | undefined {
  if (!escalations) return undefined
  const { policies, rooms, sites, breakers } = escalations
  const name =
    (id === undefined ? undefined : breakers[id]) ??
    (site === undefined ? undefined : sites[site]) ??
    rooms[room] ??
    'default'
  return Object.hasOwn(policies, name) ? policies[name] : undefined
}
