import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { message } from '../../src/domain/message.ts'
import { reportChart } from '../../src/domain/report-chart.ts'
import { reportCsv } from '../../src/domain/report-csv.ts'
import { median, type ReportFacts } from '../../src/domain/report-facts.ts'
import { reportLines } from '../../src/domain/report-text.ts'
import { shortReport } from '../../src/text/report-text.ts'
import { translator } from '../../src/text/translate.ts'
import { BUSY, CALM, MANY, use } from '../domain/support/report.ts'

const STAGES: [string, ReportFacts][] = [
  ['calm', CALM],
  ['busy', BUSY],
  ['week', { ...CALM, every: 'week', days: { first: '2026-11-16', last: '2026-11-22' } }],
  ['many', MANY],
  ['today', { ...CALM, ago: 0, soFar: Date.parse('2026-11-26T20:15:00+08:00') }],
  ['no-readings', { ...CALM, breakers: [use('1', '投饵机')], bars: [] }],
]

describe.each(['zh-CN', 'en'] as const)('reports in %s', (locale) => {
  const t = translator(locale, 'Asia/Shanghai')
  const textOf = (facts: ReportFacts) => shortReport(facts, t).map(t).join('\n')

  test.each(STAGES)('%s', async (stage, facts) => {
    await expect(`${textOf(facts)}\n`).toMatchFileSnapshot(`../golden/reports/${locale}/${stage}.txt`)
  })

  test('the figures as a file', async () => {
    const strange = use('8', '=HYPERLINK("x"), "泵"', { kwh: 1 })
    const text = reportCsv({ ...BUSY, breakers: [...BUSY.breakers, strange] }, t)
    expect(text.startsWith('\ufeff')).toBe(true)
    await expect(text).toMatchFileSnapshot(`../golden/reports/${locale}/busy.csv`)
  })

  test('hold no more than stands below a picture, whatever there is to tell', () => {
    const name = fc.string({ unit: fc.constantFrom('泵', 'W', '号', ' ', '👍'), minLength: 1, maxLength: 80 })
    const count = fc.nat(60)
    fc.assert(
      fc.property(
        name,
        count,
        count,
        count,
        count,
        fc.boolean(),
        (named, used, abnormal, trips, away, isLate) => {
          const many = <T>(length: number, make: (index: number) => T) =>
            Array.from({ length }, (_, i) => make(i))
          const facts: ReportFacts = {
            ...(isLate ? BUSY : CALM),
            room: named,
            breakers: many(used, (i) =>
              use(String(i), named, i % 7 === 0 ? {} : { kwh: i * 1000, usual: 1 }),
            ),
            abnormal: many(abnormal, (i) => ({
              breaker: String(i),
              what: named,
              reason: message('report.no-usual'),
            })),
            trips: many(trips, (i) => ({ title: named, cause: `E${i % 5}`, count: i + 1 })),
            away: many(away, (i) => ({ what: `${i}${named}`, lasted: i * 1_234_567, times: i })),
          }
          expect(textOf(facts).length).toBeLessThanOrEqual(1000)
        },
      ),
      { numRuns: 200 },
    )
  })
})

test('the abnormal come first, then the greatest', () => {
  const lines = reportLines(BUSY, 10).map(translator('en', 'Asia/Shanghai'))
  const places = ['⚠️ 3 findings', 'By breaker', '1. 塘头', '2. 3号增氧机', 'Peak load'].map((start) =>
    lines.findIndex((line) => line.startsWith(start)),
  )
  expect(places.every((place) => place > 0)).toBe(true)
  expect(places).toEqual([...places].sort((a, b) => a - b))
})

test('what is left out is counted, with the line that shows all', () => {
  const [rest] = reportLines(MANY, 10)
    .map(translator('en', 'Asia/Shanghai'))
    .filter((line) => line.includes('together'))
  const kwh = Array.from({ length: 990 }, (_, index) => index).reduce((sum, one) => sum + one, 0)
  expect(rest).toBe(`990 more, ${kwh}.00 kWh together; for all, send “energy ranking last month”`)
})

test('the picture has what was used and, faintly, what is usual', () => {
  const chart = reportChart(BUSY)
  expect(chart?.labels).toHaveLength(24)
  expect(chart?.series.map(({ isComparison }) => isComparison)).toEqual([undefined, true])
  expect(chart?.series[0]?.values[12]).toBe(1.5)
  const empty = BUSY.bars.map((bar) => ({ ...bar, kwh: null }))
  expect(reportChart({ ...BUSY, bars: empty })).toBeUndefined()
  const unknown = BUSY.bars.map((bar) => ({ ...bar, usual: null }))
  expect(reportChart({ ...BUSY, bars: unknown })?.series).toHaveLength(1)
})

test('the median is the middle one, whatever one of them says', () => {
  expect([[], [3], [1, 2], [5, 1, 900], [4, 1, 3, 2]].map(median)).toEqual([undefined, 3, 1.5, 5, 2.5])
})
