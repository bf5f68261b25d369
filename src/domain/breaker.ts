import type { Closing, Hold, LockOut, PastClose } from './hindrance.ts'
import type { Absence, Flaps } from './offline.ts'
import type { Operation } from './operation.ts'
import type { Actor } from './people.ts'
import type { Reclosing } from './reclosing.ts'
import type { Position, Readings, Report } from './report.ts'

/** Why a circuit stands open, as far as is known. */
export type Opening =
  /** `guessed`: no event said so; a state told of it, and no cause. */
  | { by: 'trip'; guessed?: true }
  | { by: 'hand' }
  /** `fullOff`: together with the rest of its group. */
  | { by: 'command'; actor: Actor; fullOff?: true }
  | { by: 'client' }

export interface CircuitState {
  /** Absent until first reported. */
  position?: Position
  /** When the position was last reported changed (or first reported), ms. */
  since?: number
  /** The same by our own clock, ms. */
  heardAt?: number
  /** We asked the cloud for it; no push told it. */
  asked?: true
  opening?: Opening
  /** Id of the open incident. */
  incident?: string
  /** The one reservation of this circuit: the last operation asked for, also when it has ended. */
  operation?: Operation
  /** The ones before it whose cards are their own, as they ended: those cards may still have to be brought to that. */
  earlier?: Operation[]
  /** When it was last seen to close. */
  closing?: Closing
  /** Our closes of the last day, oldest first. */
  closes?: PastClose[]
  /** The last one; it stands until it is lifted. */
  lockOut?: LockOut
  /** When it last tripped, oldest first, ms; as many as count for how grave the next one is. */
  trips?: number[]
  /** Automatic reclosing, while it is at work or has given up. */
  reclosing?: Reclosing
}

export interface TimedReadings {
  at: number
  readings: Readings
}

/** How often a breaker reports of its own accord, as far as it has shown. */
export interface Rhythm {
  /** The newest plain reading's own time, ms. */
  at: number
  /** The last pauses between plain readings, ms, oldest first. */
  gaps: number[]
}

/** No word has come of a breaker for so long that it must be said. */
export interface Silence {
  /** When it was last heard of, by our own clock, ms. */
  since: number
}

/** All that is remembered of one breaker. */
export interface BreakerState extends Flaps {
  id: string
  /** Absent until first known. */
  online?: boolean
  onlineSince?: number
  /** Ids of the last reports taken in, so that a repeated one changes nothing. */
  seen: string[]
  /** The newest push's own time, ms. */
  lastReportAt?: number
  /** When a push of it last came, by our own clock, ms. */
  heardAt?: number
  rhythm?: Rhythm
  /** No word of it for too long; never while it is known to be offline. */
  silent?: Silence
  /** While it is away, for whichever of these reasons. */
  absence?: Absence
  /** Readings of the last {@link EVIDENCE_WINDOW}, oldest first. */
  recent: TimedReadings[]
  /** When a warning was last told, by its word as it came; those that may be told again are forgotten. */
  warned: Record<string, number>
  holds?: Hold[]
  circuits: Record<string, CircuitState>
}

/** How far back readings are kept as evidence for the next trip, ms. */
export const EVIDENCE_WINDOW = 120_000
const MAX_RECENT = 30
const MAX_SEEN = 30

export function newBreaker(id: string): BreakerState {
  return { id, seen: [], recent: [], warned: {}, circuits: {} }
}

export function circuitState(breaker: BreakerState, circuit: string): CircuitState {
  return breaker.circuits[circuit] ?? {}
}

export function withCircuit(breaker: BreakerState, circuit: string, state: CircuitState): BreakerState {
  return { ...breaker, circuits: { ...breaker.circuits, [circuit]: state } }
}

/** A push overtakes another by so much at most, ms: the cloud gives up after 5 s (documented), and the rest is slack. */
const OVERTAKES = 10_000

/**
 * The cloud's record may lag behind its own pushes (not documented): what reconciliation finds against something heard
 * of more recently than this is not believed. ms.
 */
const SETTLED = 30_000

/** True when what was heard of at `heardAt` may not be in the cloud's record yet as it was asked for at `askedAt`. */
export function mayLag(heardAt: number | undefined, askedAt: number): boolean {
  return heardAt !== undefined && heardAt > askedAt - SETTLED
}

/** The same of a circuit's position; one that came from the cloud's record cannot be ahead of it. */
export function positionMayLag({ asked, heardAt }: CircuitState, askedAt: number): boolean {
  return !asked && mayLag(heardAt, askedAt)
}

/**
 * True when the report is older than what is already known of the circuit: it must not move anything. What we asked
 * the cloud for bears our own clock and makes no push look old. An event of an opening that seems far older was not
 * overtaken; clocks differ, and an alarm must not be lost for that.
 */
export function isStale(state: CircuitState, report: Report): boolean {
  if (report.reconciled && positionMayLag(state, report.at)) return true
  if (state.since === undefined || state.asked || report.at >= state.since) return false
  const opens = report.mover === 'trip' || Object.values(report.positions).includes('open')
  return !(report.kind === 'event' && opens && report.at < state.since - OVERTAKES)
}

/** When a position was told, for a circuit's state: by the report's clock and by ours. */
export function toldBy(
  report: Report,
  now: number,
): Pick<CircuitState, 'since' | 'heardAt'> & { asked: true | undefined } {
  return { since: report.at, heardAt: now, asked: report.asked }
}

export function hasReadings(readings: Readings): boolean {
  return Object.keys(readings).length > 0
}

/** Takes in what every report tells besides positions: that it came (`now`, by our clock), readings, being online. */
export function withReport(breaker: BreakerState, report: Report, now: number): BreakerState {
  const recent = hasReadings(report.readings)
    ? [...breaker.recent, { at: report.at, readings: report.readings }]
        .sort((a, b) => a.at - b.at)
        .filter((one) => one.at >= report.at - EVIDENCE_WINDOW)
        .slice(-MAX_RECENT)
    : breaker.recent
  const newest = report.at >= (breaker.lastReportAt ?? 0)
  const online = newest ? onlineAfter(breaker, report) : breaker.online
  return {
    ...breaker,
    seen: [...breaker.seen, report.id].slice(-MAX_SEEN),
    recent,
    // What was asked for bears our clock: it must make no push look old.
    ...(!report.asked && { heardAt: now, ...(newest && { lastReportAt: report.at }) }),
    ...(online !== undefined && online !== breaker.online && { online, onlineSince: report.at }),
  }
}

/** Who speaks is online. Of what the cloud was asked for that is true only where it says so. */
function onlineAfter(breaker: BreakerState, report: Report): boolean | undefined {
  if (report.kind === 'offline') return false
  return report.asked && !report.online ? breaker.online : true
}

/** The newest value of each measured quantity among readings, oldest first. */
export function latestReadings(recent: readonly TimedReadings[]): Readings {
  return Object.assign({}, ...recent.map((one) => one.readings))
}

/**
 * The circuits of a breaker: those configured, and those it has reported of itself (a model without a
 * profile).
 */
export function circuitsOf(configured: readonly string[], breaker: BreakerState | undefined): string[] {
  const reported = Object.keys(breaker?.circuits ?? {})
  const isPlain = configured.length === 1 && configured[0] === 'power'
  if (isPlain && reported.length > 0 && !reported.includes('power')) return reported
  return [...new Set([...configured, ...reported])]
}
