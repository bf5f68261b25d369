import type { TripCause } from '../src/simulator/thingboot/api.ts'
import type { Platform } from './fleet.ts'
import { MISHAPS, type MishapKind, STEPS, type Step } from './ledger.ts'
import { createRandom, type Random } from './random.ts'

/** The time after the ready line, or after the start, in which a kill at no particular step falls, ms. */
const WINDOW = { instant: 900, starting: 700 }
/** How often the store is harmed as well, where that can be. */
const MISHAP_SHARE = 0.3
/** How often both instances die at once, and how often a dead one stays away for so many ms: its bots move. */
const ALL_DIE = 0.2
const STAYS_AWAY = { share: 0.1, ms: 14_000 }
/** How often a life is left in peace at first, for up to so many ms: what others take over from the dead takes its time. */
const CALM = { share: 0.1, ms: 9000 }

/** One life of the service and its end. */
export interface Plan {
  step: Step
  /** Which instances are killed. */
  victims: readonly number[]
  /** ms, for steps that are a time. */
  wait: number
  /** In which chat program a step of sending is watched. */
  watch: Platform
  /** How long the dead stay away before they are started again, ms. */
  away: number
  /** How long the life lasts before its end is looked for, ms. */
  calm: number
  mishap?: { kind: MishapKind; wait: number }
}

export interface PlanOptions {
  kills: number
  seed: number
  instances: number
  /** The store is a server of its own: something may befall it, too, and an instance's work is another's after a while. */
  shared: boolean
}

/** Every step in turn, so that each is met also in a short run; then shuffled. The same seed plans the same. */
export function planKills({ kills, seed, instances, shared }: PlanOptions): Plan[] {
  const random = createRandom(seed, 'kills')
  const plans = Array.from({ length: kills }, (_, index): Plan => {
    const step = STEPS[index % STEPS.length]!
    const wait = random.between(0, step === 'starting' ? WINDOW.starting : WINDOW.instant)
    const watch = random.pick(['telegram', 'telegram', 'dingtalk', 'wecom'] as const)
    return {
      ...{ step, wait, watch, victims: victimsOf(instances, random) },
      away: instances > 1 ? sometimes(STAYS_AWAY, random) : 0,
      calm: shared ? sometimes(CALM, random) : 0,
      ...(shared && random.chance(MISHAP_SHARE) && { mishap: mishapOf(random) }),
    }
  })
  return random.shuffled(plans)
}

const sometimes = ({ share, ms }: typeof CALM, random: Random) =>
  random.chance(share) ? random.between(0, ms) : 0

function victimsOf(instances: number, random: Random): number[] {
  const all = Array.from({ length: instances }, (_, index) => index)
  return random.chance(ALL_DIE) ? all : [random.pick(all)]
}

const mishapOf = (random: Random) => ({
  kind: random.pick(MISHAPS),
  wait: random.between(0, WINDOW.instant),
})

/** By how often they come. */
const CAUSES: readonly TripCause[] = [
  ...(['overload', 'overload', 'overload', 'overload', 'under-voltage', 'over-voltage'] as const),
  ...(['unknown', 'unknown', 'leakage', 'short-circuit'] as const),
]

export interface PlannedTrip {
  cause: TripCause
  /** Which breaker, counted from 0: it or the next one that can trip then. */
  first: number
  /** The pause before it, in mean pauses. */
  pause: number
}

/** The trips of a run, in order. */
export function planTrips(trips: number, breakers: number, seed: number): PlannedTrip[] {
  const random = createRandom(seed, 'trips')
  return Array.from({ length: trips }, () => ({
    cause: random.pick(CAUSES),
    first: random.below(breakers),
    pause: random.between(0.5, 1.5),
  }))
}
