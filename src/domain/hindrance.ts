import { DAY } from './local-time.ts'
import type { Actor } from './people.ts'
import type { Cause } from './report.ts'

/** Somebody's tag on a breaker, or on one of its circuits: nobody may close until it is lifted. */
export interface Hold {
  /** Absent: on the breaker as a whole. */
  circuit?: string
  by: Actor
  at: number
  reason: string
}

/** The holds that stand on a circuit, those on its breaker included. */
export function holdsOn(holds: readonly Hold[] | undefined, circuit: string): Hold[] {
  return (holds ?? []).filter((one) => one.circuit === undefined || one.circuit === circuit)
}

/** No more closing until an admin lifts it: what tripped will most likely trip again, or hurt somebody. */
export interface LockOut {
  why: 'short-circuit' | 're-trip' | 'leakage-again'
  at: number
  /** The incident that it came with. */
  incident?: string
  /** Kept for what the gate and the card say of the incident afterwards. */
  lifted?: { by: Actor; at: number; reason: string }
}

export function isLockedOut(lockOut: LockOut | undefined): lockOut is LockOut & { lifted?: never } {
  return lockOut !== undefined && !lockOut.lifted
}

/** A command to close that left, or may have: the gate counts them. */
export interface PastClose {
  operation: string
  /** By our own clock, ms. */
  at: number
  automatic?: true
}

const MAX_CLOSES = 200

/** Those of the last day, with one more. */
export function withClose(closes: readonly PastClose[] = [], close: PastClose): PastClose[] {
  return [...closes.filter((one) => one.at > close.at - DAY), close].slice(-MAX_CLOSES)
}

/** How many closes left within the last so many ms. One that a clock puts into the future counts. */
export function closesWithin(closes: readonly PastClose[] = [], within: number, now: number): number {
  return closes.filter((one) => one.at > now - within).length
}

/** How many of them were automatic, in the last day. */
export function shotsToday(closes: readonly PastClose[] = [], now: number): number {
  return closesWithin(
    closes.filter((one) => one.automatic),
    DAY,
    now,
  )
}

/** That the contacts were seen to close: what trips soon after has tripped again. */
export interface Closing {
  /** By the clock of the one who told of it, and by our own, ms. */
  at: number
  heardAt: number
  /** By our command: whether it was automatic, and what it had tripped on. */
  ours?: { automatic?: true; cause?: Cause }
}

/** True when `at` lies within `reclaim` ms after the closing, by either clock; 0: never. */
export function isSoonAfter(closing: Closing | undefined, at: number, now: number, reclaim: number): boolean {
  if (!closing || reclaim === 0) return false
  return at - closing.at <= reclaim || now - closing.heardAt <= reclaim
}
