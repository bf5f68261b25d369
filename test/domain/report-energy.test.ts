import { describe, expect, test } from 'vitest'
import type { Use } from '../../src/domain/energy-use.ts'
import {
  barEdges,
  barLabel,
  breakerUse,
  comparedWith,
  peakHour,
  reportBars,
  unusualUse,
  usualOf,
  usualRoom,
  withBreaker,
} from '../../src/domain/report-energy.ts'
import { periodAt, periodOf, type ReportEvery } from '../../src/domain/report-schedule.ts'
import { translator } from '../../src/text/translate.ts'

const [HOUR, DAY] = [3_600_000, 86_400_000]
const FROM = Date.parse('2026-11-26T00:00:00+08:00')
const PUMP = { id: '1', name: '3号增氧机', site: '一号鱼塘' }
const t = translator('en', 'Asia/Shanghai')

const use = (kwh: number, more: Partial<Use> = {}): Use => ({
  ...{ from: FROM, to: FROM + DAY, kwh, by: 'counter', estimated: 0, missing: 0, resets: 0 },
  ...more,
})
const UNKNOWN = use(0, { missing: DAY })
delete UNKNOWN.by

describe('the usual', () => {
  test('is the median of the periods of which enough is known', () => {
    expect(
      usualOf(
        [10, 11, 12, 300, 9].map((kwh) => use(kwh)),
        DAY,
      ),
    ).toEqual({ kwh: 11, spread: 1 })
    const half = use(1, { missing: DAY / 2 })
    expect(usualOf([use(10), use(11), use(12), half, UNKNOWN], DAY)?.kwh).toBe(11)
  })

  test('is not known from fewer than three', () => {
    expect(usualOf([use(10), use(11), UNKNOWN, UNKNOWN], DAY)).toBeUndefined()
  })

  test('is that of as long a time: months are not of one length', () => {
    const days = [10, 11, 12].map((kwh) => use(kwh))
    expect(usualOf(days, 2 * DAY)).toEqual({ kwh: 22, spread: 2 })
  })

  test('a day is compared with its weekday, else with the days before; weeks and months with their like', () => {
    expect(comparedWith('day', 100)).toEqual([
      [93, 86, 79, 72, 65, 58, 51, 44],
      [99, 98, 97, 96, 95, 94, 93],
    ])
    expect(comparedWith('week', 100)).toEqual([[99, 98, 97, 96, 95, 94, 93, 92]])
    expect(comparedWith('month', 100)).toEqual([[99, 98, 97, 96, 95, 94]])
  })
})

describe('a breaker', () => {
  test('of which nothing is known used nothing that is known of', () => {
    expect(breakerUse(PUMP, UNKNOWN, { kwh: 3, spread: 0 }, undefined)).toEqual({ ...PUMP, missing: DAY })
  })

  test('is marked by how it was counted, and gaps of minutes are not worth a word', () => {
    const total = use(5, { by: 'both', estimated: HOUR, missing: 60_000 })
    expect(breakerUse(PUMP, total, undefined, { amount: 2, currency: 'CNY' })).toEqual({
      ...{
        ...PUMP,
        kwh: 5,
        cost: { amount: 2, currency: 'CNY' },
        by: 'both',
        isEstimated: true,
        missing: 0,
      },
    })
    expect(breakerUse(PUMP, use(5), { kwh: 4, spread: 0 }, undefined)).toEqual({
      ...{ ...PUMP, kwh: 5, by: 'counter', usual: 4, missing: 0 },
    })
  })

  test.each([
    [10, { kwh: 10, spread: 0 }, undefined],
    [12.9, { kwh: 10, spread: 0.1 }, undefined],
    [13.1, { kwh: 10, spread: 0.1 }, 'used 13.10 kWh, 31% more than usual (10.00 kWh)'],
    [6.5, { kwh: 10, spread: 0.5 }, 'used 6.50 kWh, 35% less than usual (10.00 kWh)'],
    // It often lies as far from its usual.
    [14, { kwh: 10, spread: 2 }, undefined],
    // Half a kWh is none.
    [0.6, { kwh: 0.2, spread: 0 }, undefined],
    [3, { kwh: 0, spread: 0 }, 'used 3.00 kWh, 100% more than usual (0.00 kWh)'],
    [13.1, undefined, undefined],
  ])('%s kWh against %j', (kwh, usual, says) => {
    const reason = unusualUse(use(kwh), usual)
    expect(reason && t(reason)).toBe(says)
  })

  test('is not called abnormal for what was not measured', () => {
    expect(unusualUse(use(1, { missing: DAY / 2 }), { kwh: 10, spread: 0 })).toBeUndefined()
    expect(unusualUse(UNKNOWN, { kwh: 10, spread: 0 })).toBeUndefined()
  })
})

describe('the room', () => {
  const hours = (kwh: readonly (number | undefined)[]): Use[] =>
    kwh.map((one, index) => {
      const hour = use(one ?? 0, { from: FROM + index * HOUR, to: FROM + (index + 1) * HOUR })
      return one === undefined ? { ...UNKNOWN, from: hour.from, to: hour.to, missing: HOUR } : hour
    })
  const room = (...breakers: (readonly (number | undefined)[])[]) =>
    breakers.map(hours).reduce<ReturnType<typeof withBreaker> | undefined>(withBreaker, undefined)!

  test('is the sum of its breakers, bar by bar; a bar of which nothing is known is empty', () => {
    const bars = reportBars(
      room([1, 2, undefined], [3, undefined, undefined]),
      ['00', '01', '02'],
      [1, null, 2],
    )
    expect(bars).toEqual([
      { label: '00', kwh: 4, usual: 1 },
      { label: '01', kwh: 2, usual: null },
      { label: '02', kwh: null, usual: 2 },
    ])
  })

  test('its usual is that of the first list with enough periods in which as much was measured', () => {
    const present = room([5, 5], [5, 5])
    const [few, part] = [room([1, 1], [1, 1]), room([1, 1], [undefined, undefined])]
    const list = [room([1, 2], [3, 4]), room([2, 2], [4, 4]), room([9, 9], [9, 9])]
    expect(usualRoom(present, [[few, few, part, part], list])).toEqual({ kwh: 12, bars: [6, 6] })
    expect(usualRoom(present, [[few, few, part, part]])).toBeUndefined()
  })

  test('its peak is the hour in which most was used, as a mean', () => {
    const edges = [FROM, FROM + HOUR, FROM + 2 * HOUR, FROM + 2.5 * HOUR]
    expect(peakHour(room([1, 2, 1.5]), edges)).toEqual({ watts: 3000, from: edges[2], to: edges[3] })
    expect(peakHour(room([undefined]), edges)).toBeUndefined()
    expect(peakHour(room([0, 0]), edges)).toBeUndefined()
  })
})

test.each([
  ['day', '2026-11-26T12:00:00+08:00', 'Asia/Shanghai', 24, '00', '23'],
  ['day', '2026-03-29T12:00:00Z', 'Europe/Berlin', 23, '00', '23'],
  ['day', '2026-10-25T12:00:00Z', 'Europe/Berlin', 25, '00', '23'],
  ['week', '2026-11-26T12:00:00+08:00', 'Asia/Shanghai', 7, '11-23', '11-29'],
  ['month', '2026-02-26T12:00:00+08:00', 'Asia/Shanghai', 28, '01', '28'],
] as const)('bars of the %s of %s in %s', (every: ReportEvery, iso, zone, count, first, last) => {
  const edges = barEdges(every, periodOf(every, periodAt(every, Date.parse(iso), zone), zone), zone)
  const labels = edges.slice(0, -1).map((at) => barLabel(every, at, zone))
  expect([labels.length, labels[0], labels.at(-1)]).toEqual([count, first, last])
})
