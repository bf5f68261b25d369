import {
  type CounterSpan,
  joinCounters,
  joinInTime,
  joinLoads,
  joinSpreads,
  type LoadSpan,
  type Spread,
  trapezoid,
} from './summary-join.ts'

export type { CounterSpan, LoadSpan, Spread } from './summary-join.ts'

/** What a span keeps the least, the greatest and the mean of: V, A, W, VA. */
export const QUANTITIES = ['voltage', 'current', 'power', 'apparent'] as const
export type Quantity = (typeof QUANTITIES)[number]

/** What was measured of one breaker at one time; `apparent` as reported, else V × A of a single-phase breaker. */
export interface Measured extends Partial<Record<Quantity, number>> {
  at: number
  /** The counter, kWh. */
  energy?: number
}

/**
 * What is left of the samples of one breaker in one span of time. Two that follow each other make one of the span that
 * holds both, so it says of its edges what is needed to count on from there.
 */
export interface Summary extends Partial<Record<Quantity, Spread>> {
  device: string
  /** The beginning of the span, a multiple of its length since 1970, ms. */
  start: number
  /** Its length, ms. */
  span: number
  /** Of samples; the first and the last of them. */
  count: number
  firstAt: number
  lastAt: number
  /** Absent where no sample held a counter reading. */
  counter?: CounterSpan
  /** Absent where no sample held a power. */
  load?: LoadSpan
}

/** Samples of one span, in order of time, at least one. @param start of the span, ms @param span its length, ms */
export function summarise(
  device: string,
  start: number,
  span: number,
  samples: readonly Measured[],
): Summary {
  const { at } = samples[0]!
  return extended({ device, start, span, count: 0, firstAt: at, lastAt: at }, samples)
}

/** A summary with samples that are later than all it was made of, in order of time: as if it had been made of these, too. */
export function extended(summary: Summary, samples: readonly Measured[]): Summary {
  const whole = { ...summary }
  for (const quantity of QUANTITIES) if (whole[quantity]) whole[quantity] = { ...whole[quantity] }
  for (const sample of samples) extend(whole, sample)
  return whole
}

function extend(whole: Summary, sample: Measured): void {
  whole.count++
  whole.lastAt = sample.at
  for (const quantity of QUANTITIES) {
    const value = sample[quantity]
    if (value === undefined) continue
    const thousandths = Math.round(value * 1000)
    const spread = whole[quantity]
    if (!spread) whole[quantity] = { min: thousandths, max: thousandths, sum: thousandths, count: 1 }
    else {
      spread.min = Math.min(spread.min, thousandths)
      spread.max = Math.max(spread.max, thousandths)
      spread.sum += thousandths
      spread.count++
    }
  }
  const { load, counter } = whole
  const one = flowsOf(sample)
  if (one.counter)
    whole.counter = counter ? joinCounters(stepPower(whole, one))(counter, one.counter) : one.counter
  if (one.load) whole.load = load ? joinLoads(load, one.load) : one.load
}

type Flows = Pick<Summary, 'counter' | 'load'>

function flowsOf({ at, energy, power }: Measured): Flows {
  const flows: Flows = {}
  if (energy !== undefined) {
    const reading = { at, energy }
    flows.counter = { first: reading, last: reading, used: 0, resets: 0 }
  }
  if (power !== undefined) {
    const reading = { at, power }
    flows.load = { first: reading, last: reading, energy: 0, covered: 0 }
  }
  return flows
}

/**
 * What two summaries of one breaker say together: of two spans that follow each other, or of two parts of one. Where
 * their samples lie in between each other, which only late ones do, it is as near as it can be.
 *
 * @param span and `start` of the whole, ms; left out: what holds both
 */
export function join(a: Summary, b: Summary, span?: number, start = Math.min(a.start, b.start)): Summary {
  if (b.firstAt < a.firstAt) return join(b, a, span, start)
  const end = Math.max(a.start + a.span, b.start + b.span)
  const joined: Summary = {
    device: a.device,
    start,
    span: span ?? end - start,
    count: a.count + b.count,
    firstAt: a.firstAt,
    lastAt: Math.max(a.lastAt, b.lastAt),
    ...joinFlows(a, b),
  }
  for (const quantity of QUANTITIES) {
    const spread = either(a[quantity], b[quantity], joinSpreads)
    if (spread) joined[quantity] = spread
  }
  return joined
}

function joinFlows(a: Flows, b: Flows): Flows {
  const flows: Flows = {}
  const counter = either(a.counter, b.counter, (first, second) =>
    joinInTime(first, second, joinCounters(stepPower(a, b))),
  )
  if (counter) flows.counter = counter
  const load = either(a.load, b.load, (first, second) => joinInTime(first, second, joinLoads))
  if (load) flows.load = load
  return flows
}

const either = <T>(a: T | undefined, b: T | undefined, both: (a: T, b: T) => T): T | undefined =>
  a && b ? both(a, b) : (a ?? b)

/** What the power says of the step from the last counter reading of one to the first of the next, kWh. */
function stepPower(a: Flows, b: Flows): number {
  if (!a.load || !b.load || !a.counter || !b.counter) return 0
  const isSame = a.load.last.at === a.counter.last.at && b.load.first.at === b.counter.first.at
  return isSame ? trapezoid(a.load.last, b.load.first).energy : 0
}
