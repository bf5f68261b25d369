import { DAY, HOUR, localTime, momentOf, startOfDay } from './local-time.ts'

/** Periods of a zone's calendar; weeks begin on Monday. */
export type CalendarUnit = 'day' | 'week' | 'month' | 'year'

/** From ≤ time < to, ms. */
export interface Stretch {
  from: number
  to: number
}

export interface Period extends Stretch {
  unit: CalendarUnit
}

/** The day, week, month or year that holds a moment, or one of those after it (`shift` 1) or before it (-1). */
export function periodAt(unit: CalendarUnit, at: number, timezone: string, shift = 0): Period {
  const { year, month, day } = localTime(at, timezone)
  const begin = (later: number) => {
    switch (unit) {
      case 'day':
        return startOfDay(year, month, day + later, timezone)
      case 'week':
        return startOfDay(year, month, day - weekday(year, month, day) + 7 * later, timezone)
      case 'month':
        return startOfDay(year, month + later, 1, timezone)
      case 'year':
        return startOfDay(year + later, 1, 1, timezone)
    }
  }
  return { unit, from: begin(shift), to: begin(shift + 1) }
}

/** 0 is Monday. */
const weekday = (year: number, month: number, day: number): number =>
  (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7

/**
 * The edges of the hours, days … of a stretch: its beginning, each beginning of an hour, day … within it, and its end.
 * Hours are those of the clock: 23 of a day when it goes forward, 25 when it goes back.
 */
export function edgesOf({ from, to }: Stretch, by: 'hour' | CalendarUnit, timezone: string): number[] {
  if (to <= from) return [from]
  const edges = by === 'hour' ? hourEdges(from, to, timezone) : unitEdges(from, to, by, timezone)
  return [from, ...edges.filter((edge) => edge > from && edge < to), to]
}

function unitEdges(from: number, to: number, unit: CalendarUnit, timezone: string): number[] {
  const edges: number[] = []
  for (let { to: edge } = periodAt(unit, from, timezone); edge < to; edge = periodAt(unit, edge, timezone).to)
    edges.push(edge)
  return edges
}

function hourEdges(from: number, to: number, timezone: string): number[] {
  const days = [periodAt('day', from, timezone).from, ...unitEdges(from, to, 'day', timezone), to]
  return days.slice(0, -1).flatMap((day, i) => {
    const next = i < days.length - 2 ? days[i + 1]! : periodAt('day', day, timezone).to
    return next - day === DAY ? stepped(day, next) : changing(day, next, timezone)
  })
}

const stepped = (from: number, to: number): number[] =>
  Array.from({ length: Math.ceil((to - from) / HOUR) }, (_, i) => from + i * HOUR)

/** Of a day on which the clock is changed: an hour that it shows twice is two. */
function changing(day: number, next: number, timezone: string): number[] {
  const { year, month, day: date } = localTime(day, timezone)
  const shown = Array.from({ length: 24 }, (_, hour) =>
    hour === 0 ? day : momentOf(Date.UTC(year, month - 1, date, hour), timezone),
  )
  const edges = [...new Set(shown)].sort((a, b) => a - b)
  return edges.flatMap((edge, i) => stepped(edge, edges[i + 1] ?? next))
}

/** The same stretch of the period before: all of it, or so much of it as has passed of this one. */
export function stretchBefore(period: Period, now: number, timezone: string): Stretch {
  const { from, to } = periodAt(period.unit, period.from, timezone, -1)
  if (now >= period.to) return { from, to }
  const [begin, today, first] = [period.from, now, from].map((at) => shownAt(at, timezone))
  const same = momentOf(first! + (today! - begin!), timezone)
  return { from, to: Math.min(to, Math.max(from, same)) }
}

/** What the clock shows, as if it were UTC, ms. */
function shownAt(at: number, timezone: string): number {
  const { year, month, day, hour, minute, second } = localTime(at, timezone)
  return Date.UTC(year, month - 1, day, hour, minute, second)
}
