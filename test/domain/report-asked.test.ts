import { expect, test } from 'vitest'
import { askedPeriod } from '../../src/domain/report-asked.ts'
import { daysOf, type ReportEvery } from '../../src/domain/report-schedule.ts'

/** A Friday. */
const NOW = Date.parse('2026-11-27T00:30:00+08:00')

test.each([
  ['day', '', '2026-11-26'],
  ['day', '昨天', '2026-11-26'],
  ['day', 'Today', '2026-11-27'],
  ['day', '前天', '2026-11-25'],
  ['day', '2026-11-20', '2026-11-20'],
  ['day', '11-27', '2026-11-27'],
  ['day', '12-01', '2025-12-01'],
  ['week', '', '2026-11-16'],
  ['week', '本周', '2026-11-23'],
  ['week', 'last week', '2026-11-16'],
  ['week', '2026-11-15', '2026-11-09'],
  ['month', '', '2026-10-01'],
  ['month', '本月', '2026-11-01'],
  ['month', '2026-09', '2026-09-01'],
  ['month', '2026-02-14', '2026-02-01'],
] as [ReportEvery, string, string][])('%s «%s»', (every, words, first) => {
  const period = askedPeriod(every, words, NOW, 'Asia/Shanghai')
  expect(period === undefined ? undefined : daysOf(every, period).first).toBe(first)
})

test.each([
  ['day', '2026-11-28'],
  ['day', '2026-02-30'],
  ['day', '上周'],
  ['day', 'the fault to the chief'],
  ['day', '排名'],
  ['week', '2026-09'],
  ['month', '2027-01'],
  ['month', '今年'],
] as [ReportEvery, string][])('%s «%s» is none', (every, words) => {
  expect(askedPeriod(every, words, NOW, 'Asia/Shanghai')).toBeUndefined()
})
