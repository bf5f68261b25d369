import type { Message } from './message.ts'

/** A picture of numbers, still in no language. Numbers are in `unit`; what is not known is null and stays empty. */
export type Chart = BarChart | RankChart | LineChart

interface Titled {
  title: Message
  /** «kWh», «W», «A», «V». */
  unit: string
}

/** Bars by hour, day or month. */
export interface BarChart extends Titled {
  kind: 'bars'
  /** Below each bar: «08», «11-28». */
  labels: string[]
  series: BarSeries[]
}

export interface BarSeries {
  name: Message
  values: (number | null)[]
  /** What it is compared with: drawn faintly. */
  isComparison?: boolean
  /** Those that are estimated in part: drawn hatched. */
  isEstimated?: boolean[]
}

/** One bar for each of several, the greatest first. */
export interface RankChart extends Titled {
  kind: 'rank'
  bars: { name: string; value: number; isNotable?: boolean }[]
}

/** Values over time. */
export interface LineChart extends Titled {
  kind: 'line'
  /** What the picture spans, ms. */
  from: number
  to: number
  /** Points further apart than this are not joined, ms. */
  gap: number
  lines: { name: Message; points: { at: number; value: number }[] }[]
  /** What is usual. */
  band?: { name: Message; points: { at: number; low: number; high: number }[] }
  limit?: { name: Message; value: number }
  /** Something happened then. */
  mark?: { name: Message; at: number }
}
