import type { BreakerState } from './breaker.ts'
import type { Effect } from './event.ts'
import type { Incident } from './incident.ts'
import { type Message, type MessageKey, message } from './message.ts'
import type { BreakerConfig, Policy } from './policy.ts'
import type { ChangedMember } from './storm-member.ts'

/** What an event meets: the breaker as last committed, and its incidents that the event may touch. */
export interface Situation {
  config: BreakerConfig
  breaker: BreakerState | undefined
  incidents: Incident[]
}

/** What is told at once to the one who pressed or wrote. */
export interface Reply {
  text: Message
  /** It refuses or warns. */
  refused: boolean
  /** The card that was pressed is an old one: it should be brought up to date. */
  outdated?: true
}

export function refuse(key: MessageKey, values?: Message['values']): Reply {
  return { text: message(key, values), refused: true }
}

export function answer(key: MessageKey, values?: Message['values']): Reply {
  return { text: message(key, values), refused: false }
}

export interface AuditLine {
  who: string
  what: string
  details?: Record<string, unknown>
}

/** Everything that follows from one event. */
export interface Decision {
  breaker: BreakerState
  /** The incidents that changed. */
  incidents: Incident[]
  effects: Effect[]
  audit: AuditLine[]
  reply?: Reply
  /** What storms have to know of their incidents. */
  members?: ChangedMember[]
}

/** What of storms a decision must know. */
export interface StormsGiven {
  /** Those that have not passed, of those that the incidents belong to. */
  standing: ReadonlySet<string>
  /** The incidents that have been on no card yet. */
  unseen?: ReadonlySet<string>
  /** The one that a new incident joins. */
  join?: string
}

/** What decisions are made with, besides the state: nothing in the domain reads a clock or draws lots. */
export interface Given {
  policy: Policy
  /** ms since 1970. */
  now: number
  /** A new random id each time: 12 letters and digits. */
  newId: () => string
  storms?: StormsGiven
}
