import { DAY } from './local-time.ts'
import { periodAt, type ReportEvery, shownDay } from './report-schedule.ts'

/** How many periods back a word is; 0 is the present one. */
const BACK: Record<ReportEvery, Record<string, number>> = {
  day: { 今天: 0, 今日: 0, today: 0, 昨天: 1, 昨日: 1, yesterday: 1, 前天: 2 },
  week: { 本周: 0, 这周: 0, 'this week': 0, 上周: 1, 'last week': 1, 上上周: 2 },
  month: { 本月: 0, 这个月: 0, 'this month': 0, 上月: 1, 上个月: 1, 'last month': 1, 上上月: 2 },
}

/**
 * The number of the period that the words behind `日报`, `周报` or `月报` mean: «昨天», `2026-11-26`, `11-26`, of a month also
 * `2026-11`; none: the last one. A day without a year is the last one that there was. Undefined for other words, and for
 * what is still to come.
 */
export function askedPeriod(
  every: ReportEvery,
  words: string,
  now: number,
  timezone: string,
): number | undefined {
  const present = periodAt(every, now, timezone)
  const word = words.toLowerCase()
  if (word === '') return present - 1
  if (Object.hasOwn(BACK[every], word)) return present - BACK[every][word]!
  const shown = dayIn(every, word, shownDay(now, timezone))
  if (shown === undefined) return undefined
  // A calendar has the same periods everywhere.
  const period = periodAt(every, shown, 'UTC')
  return period > present ? undefined : period
}

/** As if it were UTC, ms. */
function dayIn(every: ReportEvery, word: string, today: number): number | undefined {
  const [, month] = /^(\d{4}-\d{2})$/.exec(word) ?? []
  if (month !== undefined && every === 'month') return moment(`${month}-01`)
  const [, year, monthOfYear, day] = /^(?:(\d{4})-)?(\d{1,2})-(\d{1,2})$/.exec(word) ?? []
  if (monthOfYear === undefined || day === undefined) return undefined
  const thisYear = new Date(today).getUTCFullYear()
  const dayOf = (one: number | string) =>
    moment(`${one}-${monthOfYear.padStart(2, '0')}-${day.padStart(2, '0')}`)
  const named = dayOf(year ?? thisYear)
  const isToCome = year === undefined && named !== undefined && named >= today + DAY
  return isToCome ? dayOf(thisYear - 1) : named
}

/** Undefined for a day that no month has. */
function moment(day: string): number | undefined {
  const at = Date.parse(`${day}T00:00:00Z`)
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day ? undefined : at
}
