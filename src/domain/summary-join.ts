import { HOUR } from './local-time.ts'

/** One quantity over a span, in thousandths: whole numbers, so that sums are exact in whatever order they are made. */
export interface Spread {
  min: number
  max: number
  sum: number
  count: number
}

/** The counter within a span, kWh. */
export interface CounterSpan {
  first: { at: number; energy: number }
  last: { at: number; energy: number }
  /**
   * What was counted from the first to the last reading. Where the counter fell, what it shows since; where that, or a
   * step upwards, is more than can be counted in the time between, what the power says of it, else nothing.
   */
  used: number
  /** How often it fell or made such a step. */
  resets: number
}

/** The power within a span, W. */
export interface LoadSpan {
  first: { at: number; power: number }
  last: { at: number; power: number }
  /** What flowed from the first to the last, by the trapezoids between samples that are close enough, kWh. */
  energy: number
  /** How long those trapezoids are together, ms. */
  covered: number
}

/** Samples further apart are not joined by a trapezoid of power: nobody knows what was drawn in between, ms. */
export const GAP = 600_000

/** The step of the coarsest counter, kWh. */
const COARSEST = 1

/**
 * What a breaker can have counted in so long, kWh: {@link MOST_POWER} at most, and one step of the coarsest counter. More
 * is another meter.
 *
 * @param ms between two readings
 * @param watts that it can carry
 */
export function mostIn(ms: number, watts: number = MOST_POWER): number {
  return COARSEST + kwh(watts, ms)
}

/** What was counted from one reading to the next, kWh: where the counter fell, what it shows since. */
export function stepBetween(from: number, to: number): { kwh: number; fell: boolean } {
  const fell = to < from
  return { kwh: fell ? to : exact(to - from), fell }
}

/**
 * A span as it goes on from a reading. A counter that has fallen by less than a step of the coarsest one was only read with
 * fewer decimals: it stands where it stood until it shows more.
 */
export function following({ energy }: CounterSpan['last'], span: CounterSpan): CounterSpan {
  const { first, last, used, resets } = span
  const fall = exact(energy - first.energy)
  if (fall <= 0 || fall >= COARSEST || first.energy < COARSEST) return span
  // Where it began anew within the span, that is what it shows. What it shows has been counted since then; how much was
  // before is not known where it did so more than once.
  const before = resets === 0 ? used : resets === 1 ? Math.max(0, used - last.energy) : 0
  return {
    first: { ...first, energy },
    last: resets > 0 ? last : { ...last, energy: Math.max(energy, last.energy) },
    used: exact(used - Math.min(fall, before)),
    resets,
  }
}

/** W: what is above the greatest breaker there is. */
const MOST_POWER = 150_000

const kwh = (watts: number, ms: number): number => exact((watts * ms) / HOUR / 1000)

/** Energies are whole µWh, so that sums are the same in whatever order they are made. */
export const exact = (energy: number): number => Math.round(energy * 1e9) / 1e9

export const joinSpreads = (a: Spread, b: Spread): Spread => ({
  min: Math.min(a.min, b.min),
  max: Math.max(a.max, b.max),
  sum: a.sum + b.sum,
  count: a.count + b.count,
})

interface Lasting {
  first: { at: number }
  last: { at: number }
}

/** Late ones that lie within the others add nothing; those that reach beyond them add what follows. */
export function joinInTime<T extends Lasting>(a: T, b: T, join: (a: T, b: T) => T): T {
  const [one, other] = b.first.at < a.first.at ? [b, a] : [a, b]
  if (other.first.at >= one.last.at) return join(one, other)
  if (other.last.at <= one.last.at) return one
  return join(one, afterwards(other))
}

/** Only its end. */
function afterwards<T extends Lasting>(one: T): T {
  const nothing = 'used' in one ? { used: 0, resets: 0 } : { energy: 0, covered: 0 }
  return { ...one, ...nothing, first: one.last }
}

/** @param instead of a step that cannot be, kWh */
export const joinCounters =
  (instead: number) =>
  (a: CounterSpan, b: CounterSpan): CounterSpan => {
    const next = following(a.last, b)
    const { kwh, fell } = stepBetween(a.last.energy, next.first.energy)
    const isPossible = kwh <= mostIn(next.first.at - a.last.at)
    return {
      first: a.first,
      last: next.last,
      used: exact(a.used + next.used + (isPossible ? kwh : instead)),
      resets: a.resets + next.resets + (fell || !isPossible ? 1 : 0),
    }
  }

export function joinLoads(a: LoadSpan, b: LoadSpan): LoadSpan {
  const between = trapezoid(a.last, b.first)
  return {
    first: a.first,
    last: b.last,
    energy: exact(a.energy + b.energy + between.energy),
    covered: a.covered + b.covered + between.covered,
  }
}

/** What flowed between two samples, kWh, and how long that was, ms. */
export function trapezoid(
  from: LoadSpan['last'],
  to: LoadSpan['first'],
): { energy: number; covered: number } {
  const ms = to.at - from.at
  return ms > GAP ? { energy: 0, covered: 0 } : { energy: kwh((from.power + to.power) / 2, ms), covered: ms }
}
