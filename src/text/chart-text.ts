import type { Locale } from '../domain/card-text.ts'
import type { Chart } from '../domain/chart.ts'
import { DAY, formatLocal, localTime, momentOf } from '../domain/local-time.ts'
import { type Message, message } from '../domain/message.ts'
import { type Translate, translator } from './translate.ts'

/** A chart in the words of one language and the time of one zone: all that stands on a picture of it. */
export type ChartText = Chart<string> & {
  /** Moments that a chart over time has marks for; none for others. */
  ticks: { at: number; label: string }[]
  /** What hatched bars are called. */
  estimated: string
  /** What stands where there is nothing to draw. */
  nothing: string
  /** That some were left out. */
  more?: string
}

/** More than these are not ranked. */
const MOST = 15

/** Puts a chart into one language. */
export function chartText(chart: Chart, locale: Locale, timezone: string): ChartText {
  const t = translator(locale, timezone)
  const isCut = chart.kind === 'rank' && chart.bars.length > MOST
  return {
    ...said(chart, t),
    ticks: chart.kind === 'line' ? ticksIn(chart.from, chart.to, timezone) : [],
    estimated: t(message('chart.estimated')),
    nothing: t(message('chart.nothing')),
    ...(isCut && { more: t(message('chart.more', { count: chart.bars.length - MOST })) }),
  }
}

function said(chart: Chart, t: Translate): Chart<string> {
  const title = t(chart.title)
  const named = <Part extends { name: Message | string }>(part: Part) => ({ ...part, name: t(part.name) })
  if (chart.kind === 'bars') return { ...chart, title, series: chart.series.map(named) }
  if (chart.kind === 'rank') return { ...chart, title, bars: chart.bars.slice(0, MOST).map(named) }
  const { band, limit, mark, lines, ...rest } = chart
  return {
    ...rest,
    title,
    lines: lines.map(named),
    ...(band && { band: named(band) }),
    ...(limit && { limit: named(limit) }),
    ...(mark && { mark: named(mark) }),
  }
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** How far apart marks may be, ms. */
const STEPS = [1, 2, 5, 10, 15, 30]
  .map((one) => one * MINUTE)
  .concat([1, 2, 3, 6, 12].map((one) => one * HOUR))
const MOST_TICKS = 6

/** Round times of the zone's clock; at midnight, and where they are days apart, the date. */
function ticksIn(from: number, to: number, timezone: string): { at: number; label: string }[] {
  const step = STEPS.find((one) => (to - from) / one <= MOST_TICKS) ?? wholeDays(to - from)
  const first = Math.ceil(shownAt(from, timezone) / step) * step
  const count = Math.max(0, Math.floor((shownAt(to, timezone) - first) / step) + 1)
  return Array.from({ length: count }, (_, index) => momentOf(first + index * step, timezone))
    .filter((at) => at >= from && at <= to)
    .map((at) => ({ at, label: labelOf(at, timezone) }))
}

const wholeDays = (ms: number) => Math.max(1, Math.ceil(ms / DAY / MOST_TICKS)) * DAY

/** What the zone's clock shows, as ms since 1970 as if it were UTC. */
function shownAt(at: number, timezone: string): number {
  const { year, month, day, hour, minute, second } = localTime(at, timezone)
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** «14:20», and «11-28» for midnight. */
function labelOf(at: number, timezone: string): string {
  const shown = formatLocal(at, timezone, 'date-time')
  return shown.endsWith(' 00:00:00') ? shown.slice(5, 10) : shown.slice(11, 16)
}
