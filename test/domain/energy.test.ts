import { describe, expect, test } from 'vitest'
import { energyPeriods, energyUsed } from '../../src/domain/energy.ts'

const iso = (period: [number, number]) => period.map((at) => new Date(at).toISOString())

describe('today, yesterday and this month', () => {
  test('in China', () => {
    const now = Date.parse('2026-03-01T01:30:00Z')
    const { today, yesterday, month } = energyPeriods(now, 'Asia/Shanghai')
    expect(iso(today)).toEqual(['2026-02-28T16:00:00.000Z', '2026-03-01T01:30:00.000Z'])
    expect(iso(yesterday)).toEqual(['2026-02-27T16:00:00.000Z', '2026-02-28T16:00:00.000Z'])
    expect(month).toEqual(today)
  })

  test('yesterday had 23 hours', () => {
    const { yesterday } = energyPeriods(Date.parse('2026-03-30T10:00:00Z'), 'Europe/Berlin')
    expect((yesterday[1] - yesterday[0]) / 3_600_000).toBe(23)
  })
})

describe('energy used', () => {
  const reading = (at: number, energy: number) => ({ at, energy })
  test.each([
    ['between two readings', reading(0, 100), reading(5, 101), reading(9, 103.5), { kwh: 3.5 }],
    [
      'no reading before: counted from the first',
      undefined,
      reading(5, 101),
      reading(9, 103.5),
      { kwh: 2.5, since: 5 },
    ],
    ['nothing used', reading(0, 100), reading(5, 100), reading(5, 100), { kwh: 0 }],
    ['no reading since', reading(0, 100), undefined, reading(0, 100), undefined],
    ['one reading only', undefined, reading(5, 101), reading(5, 101), { kwh: 0, since: 5 }],
    ['the counter was reset', reading(0, 100), reading(5, 1), reading(9, 4), { kwh: 4 }],
    ['no readings', undefined, undefined, undefined, undefined],
    ['the last one is older than the first', undefined, reading(5, 101), reading(4, 100), undefined],
  ])('%s', (_, before, first, last, used) => expect(energyUsed(before, first, last)).toEqual(used))
})
