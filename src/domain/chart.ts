import type { Message } from './message.ts'

/**
 * A picture of numbers; `Words` are of no language yet, or of one. Numbers are in `unit`; what is not known is null and
 * stays empty.
 */
export type Chart<Words = Message> = BarChart<Words> | RankChart<Words> | LineChart<Words>

interface Titled<Words> {
  title: Words
  /** «kWh», «W», «A», «V». */
  unit: string
  /** To be looked at beside a card. */
  size?: 'small'
}

/** Bars by hour, day or month. */
export interface BarChart<Words = Message> extends Titled<Words> {
  kind: 'bars'
  /** Below each bar: «08», «11-28». */
  labels: string[]
  series: BarSeries<Words>[]
}

export interface BarSeries<Words = Message> {
  name: Words
  values: (number | null)[]
  /** What it is compared with: drawn faintly. */
  isComparison?: boolean
  /** Those that are estimated in part: drawn hatched. */
  isEstimated?: boolean[]
}

/** One bar for each of several, the greatest first. */
export interface RankChart<Words = Message> extends Titled<Words> {
  kind: 'rank'
  bars: { name: string; value: number; isNotable?: boolean }[]
}

/** Values over time. */
export interface LineChart<Words = Message> extends Titled<Words> {
  kind: 'line'
  /** What the picture spans, ms. */
  from: number
  to: number
  /** Points further apart than this are not joined, ms. */
  gap: number
  lines: { name: Words; points: { at: number; value: number }[] }[]
  /** What is usual. */
  band?: { name: Words; points: { at: number; low: number; high: number }[] }
  limit?: { name: Words; value: number }
  /** Something happened then. */
  mark?: { name: Words; at: number }
}
