import { periodOf, readEnergy } from './energy-asked.ts'
import { periodAt, type ReportEvery } from './report-schedule.ts'

/**
 * The number of the period that the words behind a report's word mean: «yesterday», `2026-11-26`, `11-26`, of a month also
 * `2026-11`; a day stands for the week or month that holds it, none for the last one. Undefined for other words, and for
 * what is still to come.
 */
export function askedPeriod(
  every: ReportEvery,
  words: string,
  now: number,
  timezone: string,
): number | undefined {
  const present = periodAt(every, now, timezone)
  if (words === '') return present - 1
  const { name, isRanking, period: word } = readEnergy(words, () => false)
  if (name !== '' || isRanking || !word) return undefined
  const named = periodOf(word, now, timezone)
  if (named.unit !== every && named.unit !== 'day') return undefined
  const period = periodAt(every, named.from, timezone)
  return period > present ? undefined : period
}
