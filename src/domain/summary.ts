/** What a span keeps the least, the greatest and the mean of: V, A, W, VA. */
export const QUANTITIES = ['voltage', 'current', 'power', 'apparent'] as const
export type Quantity = (typeof QUANTITIES)[number]

/** What was measured of one breaker at one time; `apparent` as reported, else V × A of a single-phase breaker. */
export interface Measured extends Partial<Record<Quantity, number>> {
  at: number
  /** The counter, kWh. */
  energy?: number
}

/** One quantity over a span, in thousandths: whole numbers, so that sums are exact in whatever order they are made. */
export interface Spread {
  min: number
  max: number
  sum: number
  count: number
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

/** The counter within a span, kWh. */
export interface CounterSpan {
  first: { at: number; energy: number }
  last: { at: number; energy: number }
  /** What was counted from the first to the last reading; where the counter fell, what it shows since. */
  used: number
  /** How often it fell. */
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

/** Samples further apart than this, ms, are not joined by a trapezoid: what flowed between them is not known. */
export const GAP = 10 * 60_000

/** @param samples in order of time, at least one, all within the span */
export function summarise(
  device: string,
  start: number,
  span: number,
  samples: readonly Measured[],
): Summary {
  const summary: Summary = {
    device,
    start,
    span,
    count: samples.length,
    firstAt: samples[0]!.at,
    lastAt: samples.at(-1)!.at,
  }
  for (const name of QUANTITIES) {
    const spread = samples.reduce<Spread | undefined>(
      (sum, one) => joinSpreads(sum, spreadOf(one[name])),
      undefined,
    )
    if (spread) summary[name] = spread
  }
  const counter = samples.reduce<CounterSpan | undefined>(
    (sum, one) => joinCounters(sum, counterOf(one)),
    undefined,
  )
  if (counter) summary.counter = counter
  const load = samples.reduce<LoadSpan | undefined>((sum, one) => joinLoads(sum, loadOf(one)), undefined)
  if (load) summary.load = load
  return summary
}

/**
 * What two spans held, as one.
 * @param a the earlier one
 * @param b begins at its end or later
 * @param span of the whole, ms; default: from the beginning of the one to the end of the other
 * @param start of the whole; default: that of the earlier one
 */
export function join(a: Summary, b: Summary, span = b.start + b.span - a.start, start = a.start): Summary {
  const joined: Summary = {
    device: a.device,
    start,
    span,
    count: a.count + b.count,
    firstAt: Math.min(a.firstAt, b.firstAt),
    lastAt: Math.max(a.lastAt, b.lastAt),
  }
  for (const name of QUANTITIES) {
    const spread = joinSpreads(a[name], b[name])
    if (spread) joined[name] = spread
  }
  const [counter, load] = [joinCounters(a.counter, b.counter), joinLoads(a.load, b.load)]
  if (counter) joined.counter = counter
  if (load) joined.load = load
  return joined
}

function spreadOf(value: number | undefined): Spread | undefined {
  if (value === undefined) return undefined
  const whole = Math.round(value * 1000)
  return { min: whole, max: whole, sum: whole, count: 1 }
}

function counterOf({ at, energy }: Measured): CounterSpan | undefined {
  return energy === undefined
    ? undefined
    : { first: { at, energy }, last: { at, energy }, used: 0, resets: 0 }
}

function loadOf({ at, power }: Measured): LoadSpan | undefined {
  return power === undefined
    ? undefined
    : { first: { at, power }, last: { at, power }, energy: 0, covered: 0 }
}

function joinSpreads(a: Spread | undefined, b: Spread | undefined): Spread | undefined {
  if (!a || !b) return a ?? b
  return {
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    sum: a.sum + b.sum,
    count: a.count + b.count,
  }
}

function joinCounters(a: CounterSpan | undefined, b: CounterSpan | undefined): CounterSpan | undefined {
  if (!a || !b) return a ?? b
  const fell = b.first.energy < a.last.energy
  const step = fell ? b.first.energy : b.first.energy - a.last.energy
  return {
    first: a.first,
    last: b.last,
    used: rounded(a.used + step + b.used),
    resets: a.resets + b.resets + (fell ? 1 : 0),
  }
}

function joinLoads(a: LoadSpan | undefined, b: LoadSpan | undefined): LoadSpan | undefined {
  if (!a || !b) return a ?? b
  const gap = b.first.at - a.last.at
  const isClose = gap <= GAP
  const step = isClose ? (((a.last.power + b.first.power) / 2) * gap) / 3.6e9 : 0
  return {
    first: a.first,
    last: b.last,
    energy: rounded(a.energy + step + b.energy),
    covered: a.covered + (isClose ? gap : 0) + b.covered,
  }
}

/** To a millionth of a watt-hour, so that sums do not carry the noise of their last bits. */
function rounded(kwh: number): number {
  return Math.round(kwh * 1e9) / 1e9
}
