import { DAY } from '../local-time.ts'
import { median, slopeOf } from '../robust.ts'
import type { Draw } from './draw.ts'

/** Looked at over four and over eight weeks, days. */
const SPANS = [28, 56]
/** Days that must be known, and from the first to the last of them. */
const LEAST = { days: 15, across: 21 }
/** Of all pairs of days: in so many the later one drew more. */
const RISING = 0.7
/** A rise of which one step makes more than this is no trend but a change. */
const STEP = 0.6
const STEP_DAYS = 4

/** What a breaker draws while it runs has been rising. */
export interface Trend {
  /** ms. */
  from: number
  to: number
  /** W, at the beginning and now. */
  base: number
  level: number
  /** What was drawn while it ran, by day, W. */
  days: { at: number; value: number }[]
}

/**
 * By how much the draw has risen: the line through the days' values that the fewest of them contradict. The value of a
 * day is the median of its hours' greatest power, so that neither a longer day nor warmer weather makes a trend of itself.
 */
export function trendOf(days: { at: number; value: number }[]): Trend | undefined {
  const last = days.at(-1)?.at ?? 0
  return SPANS.map((span) => rising(days.filter(({ at }) => at > last - span * DAY)))
    .filter((one) => one !== undefined)
    .sort((a, b) => b.level / b.base - a.level / a.base)[0]
}

/** What was drawn while it ran, of each day. */
export function levels(draws: readonly Draw[], nothing: number): { at: number; value: number }[] {
  const peaks = new Map<number, number[]>()
  for (const { at, power = 0, peak = 0 } of draws) {
    if (power < nothing) continue
    const day = Math.floor(at / DAY) * DAY
    peaks.set(day, [...(peaks.get(day) ?? []), peak])
  }
  return [...peaks]
    .filter(([, values]) => values.length >= 2)
    .map(([at, values]) => ({ at, value: Math.round(median(values) * 10) / 10 }))
    .sort((a, b) => a.at - b.at)
}

function rising(days: { at: number; value: number }[]): Trend | undefined {
  const [from, to] = [days[0]?.at ?? 0, days.at(-1)?.at ?? 0]
  if (days.length < LEAST.days || to - from < LEAST.across * DAY) return undefined
  const line = slopeOf(days.map(({ at, value }) => ({ at: at - from, value })))
  if (!line || line.rising < RISING || line.base <= 0) return undefined
  const level = line.base + line.slope * (to - from)
  return greatestStep(days) <= STEP * (level - line.base)
    ? { from, to, base: line.base, level, days }
    : undefined
}

/** Between what was before and what came after one day. */
function greatestStep(days: { value: number }[]): number {
  const values = days.map(({ value }) => value)
  return Math.max(
    ...values
      .slice(STEP_DAYS, 1 - STEP_DAYS)
      .map(
        (_, i) =>
          median(values.slice(i + STEP_DAYS, i + 2 * STEP_DAYS)) - median(values.slice(i, i + STEP_DAYS)),
      ),
  )
}
