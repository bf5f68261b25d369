import type { Locale } from './card-text.ts'
import type { ChannelName, Person } from './people.ts'

/** One conversation on one platform. */
export interface ChatRef {
  channel: ChannelName
  chat: string
}

/** The same team's chats on all platforms, kept in step. */
export interface Room {
  name: string
  locale: Locale
  chats: ChatRef[]
}

/** A breaker as configured. */
export interface BreakerConfig {
  /** Thingboot device id. */
  id: string
  name: string
  site: string
  room: string
  /** A. Absent: not known, and then no reading is called near the rating. */
  ratedCurrent?: number
  /** Circuit keys with the name people use; a breaker of one circuit has `power` with an empty name. */
  circuits: Record<string, string>
  groups: string[]
  /** ms between two reports; 0: it reports changes only. Absent: learned from what it does. */
  reportEvery?: number
  /** False for a model whose lever cannot be engaged from afar. */
  remoteClose: boolean
}

/** What the configuration says, in the form that decisions use. Never changes while the program runs. */
export interface Policy {
  locale: Locale
  /** IANA name of the sites' time zone. */
  timezone: string
  /** False: alerting only; no command ever leaves. */
  actuation: boolean
  rooms: Room[]
  people: Person[]
  breakers: BreakerConfig[]
  /** ms within which a close must be confirmed. */
  confirmWithin: number
  /** ms after which a command that the breaker has not reported is looked up, then called not confirmed. */
  feedbackWithin: number
  /** ms between two closes of a group, so that their inrush does not come at once. */
  groupCloseEvery: number
}

/** «3号增氧机», or «双泵箱 右泵» for one circuit of several. */
export function circuitTitle(breaker: BreakerConfig, circuit: string): string {
  const name = breaker.circuits[circuit] ?? circuit
  return name ? `${breaker.name} ${name}` : breaker.name
}
