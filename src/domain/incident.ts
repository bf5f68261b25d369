import { type Changes, changed } from './changes.ts'
import type { Escalating } from './escalation.ts'
import type { Evidence } from './evidence.ts'
import { type Message, message } from './message.ts'
import type { Cause, Readings } from './report.ts'
import type { Severity } from './severity.ts'
import type { Hush } from './window.ts'

/** One line of who did what. */
export interface StoryLine {
  at: number
  text: Message
}

/**
 * How the opening became known: by its own event, by a state that no event announced, when the breaker started up, or
 * by comparing with the cloud's list.
 */
export type Discovery = 'event' | 'state' | 'boot' | 'reconciliation'

/** From a fault until it is resolved: one for each circuit and fault. */
export interface Incident extends Escalating {
  id: string
  breaker: string
  circuit: string
  cause: Cause
  /** The word for the cause as it came. */
  raw?: string
  discovery: Discovery
  openedAt: number
  /** It opened after this and not later than `openedAt`, ms: no push told when. */
  openedAfter?: number
  /** Grows with each change that the card shows, those of its operation included. */
  version: number
  /** The version as of which a close was last asked for: buttons of older cards ask for none again. */
  closeAsked?: number
  resolvedAt?: number
  /** It turned out that somebody had opened the circuit on purpose. */
  noTrip?: true
  /** Absent in what was written before it was kept: read it by `severityOf`. */
  severity?: Severity
  /** Which trip of its circuit within `tripsWithin` ms it is; absent for the first. */
  tripNumber?: number
  tripsWithin?: number
  /** The circuit tripped while we closed it, or soon after. */
  cameBack?: true
  /** Set when a newer incident of the same circuit took its place. */
  supersededBy?: string
  /** The storm on whose card it stands, in place of one of its own. */
  storm?: { id: string; joinedAt: number }
  /** The window it opened under; `over`: it is told of like any other since. */
  hush?: Hush & { over?: true }
  /** Last readings at the trip. */
  readings: Readings
  evidence?: Evidence
  /** How often the same trip was reported again while open. */
  repeats: number
  story: StoryLine[]
  /** What the log, and a collector of traces, call all that belongs to it. */
  trace?: string
}

const MAX_STORY = 30

/** The incident with a change and, where given, a new line of its story. */
export function change(incident: Incident, fields: Changes<Incident>, line?: StoryLine): Incident {
  const story = line ? [...incident.story, line].slice(-MAX_STORY) : incident.story
  return { ...changed(incident, fields), story, version: incident.version + 1 }
}

export function isOpen(incident: Incident): boolean {
  return incident.status !== 'resolved'
}

/** True while a window keeps it from being told of. */
export const isHushed = (incident: Incident): incident is Incident & { hush: Hush } =>
  incident.hush !== undefined && !incident.hush.over

/** The cause in words; one that is not known by name is shown as it came. */
export function causeName({ cause, raw }: { cause: Incident['cause']; raw?: string }): Message | string {
  return cause === 'unknown' && raw ? raw : message(`cause.${cause}`)
}
