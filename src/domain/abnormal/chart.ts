import type { LineChart } from '../chart.ts'
import { DAY, HOUR, MINUTE } from '../local-time.ts'
import { message } from '../message.ts'
import type { Draw } from './draw.ts'
import type { Finding, Sight } from './finding.ts'
import { expectedAt } from './usual.ts'

type Points = LineChart['lines'][number]['points']

/** The evidence as a picture: what was drawn, what is usual or allowed, and since when it is otherwise. */
export function chartOf(finding: Finding, sight: Sight, name: string): LineChart {
  const { kind, unit, since } = finding
  const title = message('draw.chart', { breaker: name })
  const mark = { name: message('draw.chart-since'), at: since }
  if (kind === 'trend') {
    const points = (sight.usual?.trend?.days ?? []).map(({ at, value }) => ({ at, value }))
    return { kind: 'line', title, unit, ...over(points, DAY), lines: [line(points)] }
  }
  if (kind === 'unusual' || kind === 'standby') {
    const points = pointsOf(sight.hours, ({ power }) => power)
    const band = { name: message('draw.chart-usual'), points: bandOf(points, sight) }
    return { kind: 'line', title, unit, ...over(points, HOUR), lines: [line(points)], band, mark }
  }
  const quantity = { stopped: 'power', voltage: 'voltage', 'near-rating': 'current' } as const
  const points = pointsOf(sight.minutes, (one) => one[quantity[kind]])
  const isBelow = finding.side === 'less' && finding.low !== undefined
  const value = isBelow ? finding.low : finding.high
  const limit = kind !== 'stopped' && value !== undefined && { name: message('draw.chart-limit'), value }
  return {
    ...{ kind: 'line', title, unit, ...over(points, MINUTE), lines: [line(points)], mark },
    ...(limit && { limit }),
  }
}

const line = (points: Points) => ({ name: message('draw.chart-drawn'), points })

const pointsOf = (draws: readonly Draw[], read: (draw: Draw) => number | undefined): Points =>
  draws.flatMap((draw) => {
    const value = read(draw)
    return value === undefined ? [] : [{ at: draw.at, value: Math.round(value * 10) / 10 }]
  })

/** From the first point to the end of the last; what is three points apart is not joined. */
const over = (points: Points, span: number) => ({
  from: points[0]?.at ?? 0,
  to: (points.at(-1)?.at ?? 0) + span,
  gap: 3 * span,
})

function bandOf(points: Points, { usual, timezone }: Sight): { at: number; low: number; high: number }[] {
  return points.flatMap(({ at }) => {
    const expected = usual && expectedAt(usual, at, timezone)
    return expected ? [{ at, low: expected.low, high: expected.high }] : []
  })
}
