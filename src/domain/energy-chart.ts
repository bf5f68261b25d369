import type { BarChart, RankChart } from './chart.ts'
import { MOST_RANKED, type Ranked, rankingOf } from './energy-text.ts'
import type { Use } from './energy-use.ts'
import { formatLocal } from './local-time.ts'
import { type Message, message } from './message.ts'
import type { CalendarUnit } from './periods.ts'

/** What the bars of a period are. */
export const BARS: Record<CalendarUnit, 'hour' | 'day' | 'month'> = {
  day: 'hour',
  week: 'day',
  month: 'day',
  year: 'month',
}

interface Bars {
  title: Message
  name: Message
  unit: CalendarUnit
  /** By hour, day or month, as {@link BARS} says. */
  uses: readonly Use[]
  /** The same of the period before. */
  before: readonly Use[]
  /** ms; what begins later has not come yet. */
  now: number
}

/** Bars of a period beside those of the one before; undefined where nothing is known of it. */
export function energyChart(
  { title, name, unit, uses, before, now }: Bars,
  timezone: string,
): BarChart | undefined {
  const shown = uses.map((use) => (use.by === undefined || use.from >= now ? null : use.kwh))
  if (shown.every((value) => value === null)) return undefined
  // A clock that was changed makes hours of one name, or leaves one out: bars of one name stand beside each other.
  const known = new Map(before.toReversed().map((use) => [sameness(use, unit, timezone), use]))
  const compared = uses.map((use) => {
    const same = known.get(sameness(use, unit, timezone))
    return same?.by === undefined ? null : same.kwh
  })
  return {
    kind: 'bars',
    title,
    unit: 'kWh',
    labels: uses.map((use) => label(use, unit, timezone)),
    series: [
      { name, values: shown, isEstimated: uses.map(({ estimated, from }) => estimated > 0 && from < now) },
      ...(compared.some((value) => value !== null)
        ? [{ name: message(`energy.before-${unit}`), values: compared, isComparison: true }]
        : []),
    ],
  }
}

/** `08`, `11-28`, `2026-11`. */
function label({ from }: Use, unit: CalendarUnit, timezone: string): string {
  const shown = formatLocal(from, timezone, 'date-time')
  if (unit === 'day') return shown.slice(11, 13)
  return unit === 'year' ? shown.slice(0, 7) : shown.slice(5, 10)
}

/** What makes a bar of the period before the same: the hour, the day of the week, of the month, the month of the year. */
function sameness(use: Use, unit: CalendarUnit, timezone: string): string {
  const shown = formatLocal(use.from, timezone, 'date-time')
  switch (unit) {
    case 'day':
      return shown.slice(11, 13)
    case 'week':
      return String(new Date(`${shown.slice(0, 10)}T00:00:00Z`).getUTCDay())
    case 'month':
      return shown.slice(8, 10)
    case 'year':
      return shown.slice(5, 7)
  }
}

export function rankingChart(title: Message, all: readonly Ranked[]): RankChart | undefined {
  const ranked = rankingOf(all).filter(({ use }) => use.kwh > 0)
  if (ranked.length === 0) return undefined
  const bars = ranked.slice(0, MOST_RANKED).map(({ name, use }) => ({ name, value: use.kwh }))
  return { kind: 'rank', title, unit: 'kWh', bars }
}
