import { describe, expect, test } from 'vitest'
import { energyChart, rankingChart } from '../../src/domain/energy-chart.ts'
import { type EnergyFacts, energyDetails, energyLine, rankingLines } from '../../src/domain/energy-text.ts'
import type { Use } from '../../src/domain/energy-use.ts'
import { message } from '../../src/domain/message.ts'
import { edgesOf, periodAt } from '../../src/domain/periods.ts'
import { translator } from '../../src/text/translate.ts'

const [say, sayInEnglish] = [translator('zh-CN', 'Asia/Shanghai'), translator('en', 'Asia/Shanghai')]
const at = (iso: string) => Date.parse(iso)
const HOUR = 3_600_000
const DAY_FROM = at('2026-11-26T16:00:00Z')
const used = (more: Partial<Use> = {}): Use => ({
  from: DAY_FROM,
  to: DAY_FROM + 24 * HOUR,
  kwh: 12.345,
  by: 'counter',
  estimated: 0,
  missing: 0,
  resets: 0,
  ...more,
})
const facts = (more: Partial<EnergyFacts> = {}): EnergyFacts => ({
  name: message('energy.yesterday'),
  unit: 'day',
  use: used(),
  gap: 300_000,
  ...more,
})
const cost = { currency: 'CNY', amount: 8.642, kwh: { peak: 2, flat: 9, valley: 1.345 }, isEstimated: false }

describe('a period in a line', () => {
  test.each<[string, EnergyFacts, string, string]>([
    ['by the counter', facts(), '昨天：12.35 kWh（按电表）', 'Yesterday: 12.35 kWh (by the counter)'],
    [
      'by the power, with a gap',
      facts({ use: used({ by: 'power', missing: 3 * HOUR }) }),
      '昨天：12.35 kWh（按功率推算）；有 3 小时 没有数据，未计入',
      'Yesterday: 12.35 kWh (by the power); no data for 3 h, not counted',
    ],
    [
      'a pause too short to speak of',
      facts({ use: used({ missing: 290_000 }) }),
      '昨天：12.35 kWh（按电表）',
      'Yesterday: 12.35 kWh (by the counter)',
    ],
    [
      'only since',
      facts({ use: used({ missing: 5 * HOUR }), since: DAY_FROM + 5 * HOUR }),
      '昨天：12.35 kWh（按电表）；自 2026-11-27 05:00:00 起有读数',
      'Yesterday: 12.35 kWh (by the counter); readings since 2026-11-27 05:00:00',
    ],
    [
      'estimated, replaced, about so much',
      facts({
        use: used({ by: 'both', estimated: 1.6 * HOUR, resets: 1 }),
        cost: { ...cost, isEstimated: true },
      }),
      '昨天：12.35 kWh（按电表，部分按功率推算）；费用约 ¥8.64；其中 96 分钟 中断，用量均摊估算；电表归零或更换 1 次',
      'Yesterday: 12.35 kWh (by the counter, in part by the power); cost about ¥8.64; shared evenly over a pause of 96 min: estimated; the counter began anew or was replaced once',
    ],
    [
      'nothing',
      facts({ use: { ...used({ kwh: 0, missing: 24 * HOUR }), by: undefined } as unknown as Use }),
      '昨天：无读数',
      'Yesterday: no readings',
    ],
  ])('%s', (_, told, chinese, english) => {
    expect(say(energyLine(told))).toBe(chinese)
    expect(sayInEnglish(energyLine(told))).toBe(english)
  })
})

test('a period in all its lines', () => {
  const told = facts({
    cost,
    before: used({ kwh: 10 }),
    peak: { load: '2.31 kW', from: DAY_FROM + 14 * HOUR, to: DAY_FROM + 14 * HOUR + 30_000 },
    factor: 0.857,
  })
  expect(energyDetails(told).map(say)).toEqual([
    '昨天：12.35 kWh（按电表）；费用 ¥8.64',
    '前一天同期 10.00 kWh，+23%',
    '峰 2.00 kWh · 平 9.00 kWh · 谷 1.34 kWh',
    '最大负载 2.31 kW（2026-11-27 14:00:00）',
    '功率因数 0.86',
  ])
  expect(energyDetails(facts({ before: used({ kwh: 20 }) })).map(sayInEnglish)).toEqual([
    'Yesterday: 12.35 kWh (by the counter)',
    'The same of the day before: 20.00 kWh, −38%',
  ])
})

describe('a ranking', () => {
  const ranked = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ name: `泵${i + 1}`, use: used({ kwh: i }) }))

  test('begins with the greatest, with shares, and says who has no data', () => {
    const silent = { name: '哑', use: { ...used({ kwh: 0 }), by: undefined } as unknown as Use }
    expect(rankingLines([...ranked(4), silent]).map(say)).toEqual([
      '1. 泵4：3.00 kWh（按电表）；占 50%',
      '2. 泵3：2.00 kWh（按电表）；占 33%',
      '3. 泵2：1.00 kWh（按电表）；占 17%',
      '4. 泵1：0.00 kWh（按电表）；占 0%',
      '1 台没有数据',
    ])
  })

  test('names no more than fifteen', () => {
    const lines = rankingLines(ranked(20)).map(sayInEnglish)
    expect(lines).toHaveLength(16)
    expect(lines.at(-1)).toBe('5 more')
    expect(rankingChart(message('energy.today'), ranked(20))!.bars).toHaveLength(15)
  })

  test('of nothing has no picture', () =>
    expect(rankingChart(message('energy.today'), ranked(1))).toBeUndefined())
})

describe('the bars of a day', () => {
  const zone = 'Europe/Berlin'
  const hours = (iso: string, kwh: (hour: number) => number | undefined) => {
    const edges = edgesOf(periodAt('day', at(iso), zone), 'hour', zone)
    return edges.slice(1).map((to, i): Use => {
      const value = kwh(i)
      const use = {
        from: edges[i]!,
        to,
        kwh: value ?? 0,
        estimated: i === 3 ? 60_000 : 0,
        missing: 0,
        resets: 0,
      }
      return value === undefined ? use : { ...use, by: 'counter' }
    })
  }
  const chart = (now: string, uses: Use[], before: Use[]) =>
    energyChart(
      {
        title: message('energy.today'),
        name: message('energy.today'),
        unit: 'day',
        uses,
        before,
        now: at(now),
      },
      zone,
    )

  test('leave out what is unknown and what has not come yet, and mark what is estimated', () => {
    const day = hours('2026-11-20T12:00:00Z', (i) => (i === 1 ? undefined : i))
    const made = chart(
      '2026-11-20T04:30:00Z',
      day,
      hours('2026-11-19T12:00:00Z', () => 1),
    )!
    expect(made.labels.slice(0, 3)).toEqual(['00', '01', '02'])
    expect(made.series[0]!.values.slice(0, 8)).toEqual([0, null, 2, 3, 4, 5, null, null])
    expect(made.series[0]!.isEstimated!.slice(2, 5)).toEqual([false, true, false])
    expect(made.series[1]).toMatchObject({ isComparison: true, values: Array(24).fill(1) })
  })

  test('stand beside those of the same hour by the clock, also where it was changed', () => {
    const before = hours('2026-03-28T12:00:00Z', (i) => i)
    const made = chart(
      '2026-03-30T12:00:00Z',
      hours('2026-03-29T12:00:00Z', () => 1),
      before,
    )!
    expect(made.labels).toHaveLength(23)
    expect(made.labels.slice(1, 3)).toEqual(['01', '03'])
    expect(made.series[1]!.values.slice(0, 4)).toEqual([0, 1, 3, 4])
  })

  test('are none where nothing is known', () =>
    expect(
      chart(
        '2026-11-20T04:30:00Z',
        hours('2026-11-20T12:00:00Z', () => undefined),
        [],
      ),
    ).toBeUndefined())
})
