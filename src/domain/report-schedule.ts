import { DAY, localTime, momentOf, type Zones, zoneOf } from './local-time.ts'

/** What a report is about: the day, the week from Monday on, or the month before. */
export type ReportEvery = 'day' | 'week' | 'month'

/** A report that a room gets by itself, by the room's clock. A room has at most one of each kind. */
export interface ReportRule {
  room: string
  every: ReportEvery
  /** Minutes after midnight. */
  at: number
  /** Weekly: on which day, 0 is Monday. Monthly: on which day, 1 to 28. Daily: 0. */
  on: number
  /** Mail addresses, or names of people. */
  mail: string[]
}

/** A room's report, as far as it is one of its own. */
export type ReportName = Pick<ReportRule, 'room' | 'every'>

/** One report of one period, by its number. */
export type ReportWish = ReportName & { period: number }

/** The reports of all rooms, and the zones that they go by. */
export interface ReportRules extends Zones {
  reports?: ReportRule[]
}

/** Unique among all reports. */
export const nameOf = ({ room, every }: ReportName): string => `${every}/${room}`

/** How far a report's periods are seen to from now on. */
export interface ReportStep {
  rule: ReportRule
  /** The number of the last period that is seen to. */
  made: number
  /** Absent where a report begins: the past is none of its business. */
  due?: {
    /** When it was to be sent, ms. */
    at: number
    /** The first of the periods whose reports are left out; they end with the one before `made`. */
    missedFrom?: number
  }
}

/** A report made for a time further ahead than this was made by a clock that was wrong, ms. */
const WRONG_CLOCK = 2 * DAY

/**
 * What is to be done about the reports now, given which period of each was made last (by {@link nameOf}). Of several
 * that fell due meanwhile the last is made; a new report begins with its next time. A clock that is set back makes none
 * twice; one that was wrong by days begins anew.
 */
export function dueReports(
  rules: ReportRules,
  madeTo: ReadonlyMap<string, number>,
  now: number,
): ReportStep[] {
  return (rules.reports ?? []).flatMap((rule): ReportStep[] => {
    const zone = zoneOf(rules, rule.room)
    const last = lastDue(rule, now, zone)
    const made = madeTo.get(nameOf(rule))
    if (made === undefined || dueAt(rule, made, zone) > now + WRONG_CLOCK) return [{ rule, made: last }]
    if (made >= last) return []
    const missed = made + 1 < last ? { missedFrom: made + 1 } : {}
    return [{ rule, made: last, due: { at: dueAt(rule, last, zone), ...missed } }]
  })
}

/** When the report on a period is to be sent. A time that the clock skips or shows twice comes once. */
export function dueAt({ every, at, on }: ReportRule, period: number, timezone: string): number {
  const days = every === 'month' ? on - 1 : on
  return momentOf(beginning(every, period + 1) + days * DAY + at * 60_000, timezone)
}

/** The number of the last period whose report is due. */
function lastDue(rule: ReportRule, now: number, timezone: string): number {
  let period = periodAt(rule.every, now, timezone)
  while (dueAt(rule, period, timezone) > now) period--
  return period
}

/** The number of the period that a moment lies in. */
export function periodAt(every: ReportEvery, at: number, timezone: string): number {
  const shown = shownDay(at, timezone)
  if (every === 'month') {
    const day = new Date(shown)
    return (day.getUTCFullYear() - 1970) * 12 + day.getUTCMonth()
  }
  return every === 'day' ? shown / DAY : Math.floor((shown / DAY + MONDAY) / 7)
}

/** The day that a zone's calendar shows at a moment: its midnight, as if it were UTC, ms. */
export function shownDay(at: number, timezone: string): number {
  const { year, month, day } = localTime(at, timezone)
  return Date.UTC(year, month - 1, day)
}

/** The days that a period begins and ends with: «2026-11-26». */
export function daysOf(every: ReportEvery, period: number): { first: string; last: string } {
  const named = (shown: number) => new Date(shown).toISOString().slice(0, 10)
  return { first: named(beginning(every, period)), last: named(beginning(every, period + 1) - DAY) }
}

/** The period of a number, [from, to) in ms. */
export function periodOf(every: ReportEvery, period: number, timezone: string): { from: number; to: number } {
  return {
    from: momentOf(beginning(every, period), timezone),
    to: momentOf(beginning(every, period + 1), timezone),
  }
}

/** Periods are counted from those that hold the first day of 1970, a Thursday. */
const MONDAY = 3

/** What the clock shows where a period begins, as if it were UTC. */
function beginning(every: ReportEvery, period: number): number {
  if (every === 'month') return Date.UTC(1970, period, 1)
  return (every === 'day' ? period : period * 7 - MONDAY) * DAY
}
