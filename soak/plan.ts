import type { PlannedTrip } from '../chaos/plan.ts'
import { createRandom, type Random } from '../chaos/random.ts'
import type { TripCause } from '../src/simulator/thingboot/api.ts'
import { type FaultKind, SIDES, type Side } from './faults/kind.ts'
import { FAULTS } from './faults.ts'

/** A fault that will happen. */
export interface PlannedFault {
  side: Side
  kind: FaultKind
  /** From the beginning of the run, ms. */
  at: number
  lasts: number
  /** Which room's chat it concerns, counted from 0. */
  room: number
}

/** How long a fault lasts, and the pause until the next one on its side, ms. */
const LASTS = [1500, 9000] as const
const PAUSE = [1000, 8000] as const

/** Grave faults come in runs of at least so many ms only, and in the first part of them. */
const LONG = 5 * 60_000
const GRAVE_UNTIL = 0.6

export interface PlanOptions {
  /** How long faults happen, ms. */
  ms: number
  seed: number
  rooms: number
}

/** On each side one fault after the other, each kind in turn, in an order of the seed's. All end in time. */
export function planFaults(options: PlanOptions): PlannedFault[] {
  return SIDES.flatMap((side) => planSide(side, options)).sort((a, b) => a.at - b.at)
}

function planSide(side: Side, { ms, seed, rooms }: PlanOptions): PlannedFault[] {
  const random = createRandom(seed, `faults ${side}`)
  const deck = createDeck(FAULTS[side], random)
  const planned: PlannedFault[] = []
  for (let at = random.between(...PAUSE); ; ) {
    const lasts = random.between(...LASTS)
    if (at + lasts > ms) return planned
    const kind = deck(ms >= LONG && at < ms * GRAVE_UNTIL)
    planned.push({ side, kind, at, lasts, room: random.below(rooms) })
    at += lasts + random.between(...PAUSE)
  }
}

/** Deals each kind once before any comes again; grave ones once at all, and only where they may come. */
function createDeck(kinds: readonly FaultKind[], random: Random): (graveAllowed: boolean) => FaultKind {
  const ordinary = kinds.filter((one) => !one.grave)
  const grave = random.shuffled(kinds.filter((one) => one.grave))
  let left: FaultKind[] = []
  return (graveAllowed) => {
    if (graveAllowed && random.chance(0.15)) {
      const one = grave.pop()
      if (one) return one
    }
    if (left.length === 0) left = random.shuffled(ordinary)
    return left.pop()!
  }
}

/** Mean pause between two trips, ms. */
export const TRIP_EVERY = 7000
/** A burst comes about so often, ms, and is of so many trips at one site. */
const BURST_EVERY = 150_000
const BURST = [20, 30] as const
/** In a run this short a burst is of as many, and comes in its first half. */
const FIRST_BURST = 0.3

/** By how often they come. Short circuits lock out, so that they are rare. */
const CAUSES: readonly TripCause[] = [
  ...(['overload', 'overload', 'overload', 'under-voltage', 'over-voltage', 'phase-loss'] as const),
  ...(['unknown', 'leakage', 'over-temperature', 'short-circuit'] as const),
]

/** The trips of a run of so many ms: one now and then in any room, and bursts at one site. Pauses in {@link TRIP_EVERY}. */
export function planSoakTrips({ ms, seed, rooms }: PlanOptions, breakers: number): PlannedTrip[] {
  const random = createRandom(seed, 'trips')
  const trips: PlannedTrip[] = []
  let burstAt = Math.min(BURST_EVERY, ms * FIRST_BURST)
  for (let at = 0; at < ms; ) {
    const pause = random.between(0.5, 1.5)
    at += pause * TRIP_EVERY
    if (at >= ms) break
    trips.push({ cause: random.pick(CAUSES), first: random.below(breakers), pause })
    if (at < burstAt) continue
    trips.push(...burst(random, rooms, breakers))
    burstAt += BURST_EVERY * random.between(0.7, 1.3)
  }
  return trips
}

/** Breakers of one room follow one another by its number. */
function burst(random: Random, rooms: number, breakers: number): PlannedTrip[] {
  const room = random.below(rooms)
  const there = Math.floor(breakers / rooms)
  const size = Math.min(there, Math.round(random.between(...BURST)))
  return Array.from({ length: size }, (_, index) => ({
    cause: random.pick(['under-voltage', 'overload'] as const),
    first: room + index * rooms,
    pause: 0,
  }))
}
