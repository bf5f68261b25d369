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
