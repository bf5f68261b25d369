import type { KeptSample, Sample, Values } from './store.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

/** What is measured beside the counter. */
export const VALUES = ['voltage', 'current', 'power'] as const

/** A reading of the counter, kWh; without `energy`, a sample that held none. */
export interface Reading {
  at: number
  energy?: number
}

/** One value over a span, in thousandths: whole numbers, so that sums are exact in whatever order they are made. */
export interface Spread {
  min: number
  max: number
  sum: number
  count: number
}

/** What is left of the samples of one breaker in one span of time. */
export interface Rollup extends Partial<Record<(typeof VALUES)[number], Spread>> {
  device: string
  /** The beginning of the span, a multiple of its length. */
  start: number
  /** Of samples. */
  count: number
  /** The first and the last counter reading; in a span without any, the first and the last sample. */
  first: Reading
  last: Reading
}

/** The roll-up of one sample. @param span ms */
export function rollUp(sample: Sample, span: number): Rollup {
  const { device, at, energy } = sample
  const reading = energy === undefined ? { at } : { at, energy }
  const rollup: Rollup = { device, start: startOf(at, span), count: 1, first: reading, last: reading }
  for (const name of VALUES) {
    const value = sample[name]
    if (value !== undefined) rollup[name] = spreadOf(Math.round(value * 1000))
  }
  return rollup
}

/** The same in a longer span. */
export function widen(rollup: Rollup, span: number): Rollup {
  return { ...rollup, start: startOf(rollup.start, span) }
}

/** Two roll-ups of one span as one. The order makes no difference. */
export function merge(a: Rollup, b: Rollup): Rollup {
  const merged: Rollup = {
    device: a.device,
    start: a.start,
    count: a.count + b.count,
    first: isBetter(b.first, a.first, b.first.at < a.first.at) ? b.first : a.first,
    last: isBetter(b.last, a.last, b.last.at > a.last.at) ? b.last : a.last,
  }
  for (const name of VALUES) {
    const spread = mergeSpreads(a[name], b[name])
    if (spread) merged[name] = spread
  }
  return merged
}

/** Merges what follows each other and belongs into one span. @param rollups in order of time, of one breaker */
export function mergeRuns(rollups: Rollup[]): Rollup[] {
  const merged: Rollup[] = []
  for (const rollup of rollups) {
    const last = merged.at(-1)
    if (last?.start === rollup.start) merged[merged.length - 1] = merge(last, rollup)
    else merged.push(rollup)
  }
  return merged
}

/** How a roll-up reads: see {@link KeptSample}. */
export function toSamples(rollup: Rollup, span: number): KeptSample[] {
  const { device, start, count, first, last } = rollup
  const [min, max, mean]: [Values, Values, Values] = [{}, {}, {}]
  for (const name of VALUES) {
    const spread = rollup[name]
    if (!spread) continue
    min[name] = spread.min / 1000
    max[name] = spread.max / 1000
    mean[name] = Math.round(spread.sum / spread.count) / 1000
  }
  const whole = { device, ...last, ...mean, rollup: { from: start, span, count, min, max } }
  const hasTwo = first.energy !== undefined && first.at < last.at
  return hasTwo ? [{ device, ...first }, whole] : [whole]
}

/** The beginning of the span that a time lies in. */
export function startOf(at: number, span: number): number {
  return Math.floor(at / span) * span
}

/** A reading of the counter counts for more than a sample without one. */
function isBetter(one: Reading, other: Reading, isFurtherOut: boolean): boolean {
  const [has, otherHas] = [one.energy !== undefined, other.energy !== undefined]
  return has === otherHas ? isFurtherOut : has
}

function spreadOf(value: number): Spread {
  return { min: value, max: value, sum: value, count: 1 }
}

function mergeSpreads(a: Spread | undefined, b: Spread | undefined): Spread | undefined {
  if (!a || !b) return a ?? b
  return {
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    sum: a.sum + b.sum,
    count: a.count + b.count,
  }
}
