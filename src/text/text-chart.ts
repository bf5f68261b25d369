import type { Locale } from '../domain/card-text.ts'
import type { BarChart, Chart, LineChart, RankChart } from '../domain/chart.ts'
import { figure } from '../domain/figure.ts'
import { DAY, formatLocal } from '../domain/local-time.ts'
import { dateTime, message, time } from '../domain/message.ts'
import { type ChartText, chartText } from './chart-text.ts'
import { type Translate, translator } from './translate.ts'

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
/** Where nothing is known. */
const GAP = '·'
/** How many blocks the longest bar of a rank has, and how many a chart over time. */
const LONGEST = 10
const SLICES = 20

/**
 * A chart in a few lines of text, for where no picture can be. No letters stand below each other: the marks stand
 * between the bars, and names behind them, so that it can be read in any font.
 */
export function textChart(chart: Chart, locale: Locale, timezone: string): string {
  const said = chartText(chart, locale, timezone)
  const lines = linesOf(said, timezone, translator(locale, timezone))
  return [`${said.title} (${said.unit})`, ...(lines.length > 0 ? lines : [said.nothing])].join('\n')
}

function linesOf(chart: ChartText, timezone: string, t: Translate): string[] {
  if (chart.kind === 'bars') return barLines(chart, t)
  if (chart.kind === 'rank') return [...rankLines(chart), ...(chart.more === undefined ? [] : [chart.more])]
  return timeLines(chart, timezone, t)
}

type As<Kind> = Extract<ChartText, Kind>

function barLines({ series, labels, unit, estimated }: As<BarChart<string>>, t: Translate): string[] {
  const known = series.flatMap(({ values }) => values.filter((value) => value !== null))
  if (known.length === 0) return []
  const block = scale(known)
  const size = groupSize(labels.length)
  const row = (values: (number | null)[]) =>
    labels
      .map((label, index) => `${index % size === 0 ? ` ${label} ` : ''}${block(values[index] ?? null)}`)
      .join('')
      .trim()
  const named = series.length > 1
  const own = series.find((one) => !one.isComparison) ?? series[0]!
  return [
    ...series.map(({ name, values }) => `${named ? `${name} ` : ''}${row(values)}`),
    ...extremes(
      own.values.map((value, index) => ({ value, at: labels[index] ?? '' })),
      unit,
      t,
    ),
    ...(own.isEstimated?.includes(true) ? [estimated] : []),
  ]
}

/** A mark before each bar of a week, before each third month, each sixth hour, each seventh day. */
const groupSize = (count: number) => (count <= 8 ? 1 : count <= 12 ? 3 : count <= 26 ? 6 : 7)

/** The block for a value, on a scale that holds 0 and all of them. */
function scale(known: number[]): (value: number | null) => string {
  const low = known.reduce((least, one) => Math.min(least, one), 0)
  const high = known.reduce((most, one) => Math.max(most, one), 0)
  const share = (value: number) => (value - low) / (high - low || 1)
  return (value) => (value === null ? GAP : BLOCKS[Math.round(share(value) * (BLOCKS.length - 1))]!)
}

/** The greatest value, and the least where it is below 0, each with its place. */
function extremes(all: { value: number | null; at: string }[], unit: string, t: Translate): string[] {
  const known = all.flatMap(({ value, at }) => (value === null ? [] : [{ value, at }]))
  if (known.length === 0) return []
  const most = known.reduce((best, one) => (one.value > best.value ? one : best))
  const least = known.reduce((best, one) => (one.value < best.value ? one : best))
  const said = ({ value, at }: { value: number; at: string }) => ({ value: figure(value), unit, at })
  return [
    t(message('chart.most', said(most))),
    ...(least.value < 0 ? [t(message('chart.least', said(least)))] : []),
  ]
}

function rankLines({ bars, unit }: As<RankChart<string>>): string[] {
  const most = bars.reduce((all, { value }) => Math.max(all, Math.abs(value)), 0)
  return bars.map(({ name, value, isNotable }) => {
    const length = most === 0 ? 0 : Math.round((Math.abs(value) / most) * LONGEST)
    return `${'█'.repeat(length) || BLOCKS[0]} ${figure(value)} ${unit} ${name}${isNotable ? ' ⚠' : ''}`
  })
}

function timeLines(chart: As<LineChart<string>>, timezone: string, t: Translate): string[] {
  const { lines, unit, limit, mark, from, to } = chart
  const rows = lines.map((line) => ({ name: line.name, values: sliced(line.points, chart) }))
  const known = rows.flatMap(({ values }) => values.filter((value) => value !== null))
  if (known.length === 0) return []
  const block = scale(known)
  const most = greatest(lines.flatMap(({ points }) => points).filter(({ at }) => at >= from && at <= to))
  const isLong = to - from > DAY
  const moment = isLong ? dateTime : time
  const [first, last] = [from, to]
    .map((at) => formatLocal(at, timezone, 'date-time'))
    .map((shown) => (isLong ? shown.slice(5, 10) : shown.slice(11, 16)))
  return [
    ...rows.map(({ name, values }) => {
      const row = `${first} ${values.map(block).join('')} ${last}`
      return rows.length > 1 ? `${name} ${row}` : row
    }),
    t(message('chart.most', { value: figure(most.value), unit, at: moment(most.at) })),
    ...(limit ? [t(message('chart.limit', { name: limit.name, value: figure(limit.value), unit }))] : []),
    ...(mark ? [t(message('chart.mark', { name: mark.name, at: moment(mark.at) }))] : []),
  ]
}

const greatest = (points: { at: number; value: number }[]) =>
  points.reduce((best, one) => (one.value > best.value ? one : best))

/** The greatest value in each slice of the time, so that none is overlooked. */
function sliced(points: { at: number; value: number }[], { from, to }: { from: number; to: number }) {
  const slices = Array<number | null>(SLICES).fill(null)
  for (const { at, value } of points) {
    if (at < from || at > to) continue
    const index = Math.min(SLICES - 1, Math.floor(((at - from) / (to - from)) * SLICES))
    slices[index] = Math.max(slices[index] ?? value, value)
  }
  return slices
}
