import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { formatLocal, localTime, startOfDay } from '../../src/domain/local-time.ts'

vi.setConfig({ testTimeout: 30_000 })

const at = (iso: string) => Date.parse(iso)

test('wall-clock time', () => {
  const moment = at('2025-12-31T16:00:00Z')
  expect(localTime(moment, 'Asia/Shanghai')).toEqual({
    year: 2026,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
  })
  expect(formatLocal(moment + 123, 'Asia/Shanghai', 'date-time')).toBe('2026-01-01 00:00:00')
  expect(formatLocal(moment, 'America/New_York', 'time')).toBe('11:00:00')
  expect(formatLocal(moment, 'Asia/Kathmandu', 'date-time')).toBe('2025-12-31 21:45:00')
})

describe('the beginning of a day', () => {
  test.each([
    ['China, which has no summer time', 'Asia/Shanghai', [2026, 1, 1], '2025-12-31T16:00:00Z'],
    ['the clock goes forward later that day', 'Europe/Berlin', [2026, 3, 29], '2026-03-28T23:00:00Z'],
    ['the day after', 'Europe/Berlin', [2026, 3, 30], '2026-03-29T22:00:00Z'],
    ['the clock goes back later that day', 'Europe/Berlin', [2026, 10, 25], '2026-10-24T22:00:00Z'],
    ['the day after that', 'Europe/Berlin', [2026, 10, 26], '2026-10-25T23:00:00Z'],
    ['far west, forward', 'America/Los_Angeles', [2026, 3, 8], '2026-03-08T08:00:00Z'],
    ['far west, the day after', 'America/Los_Angeles', [2026, 3, 9], '2026-03-09T07:00:00Z'],
    ['midnight is skipped, in the west', 'America/Sao_Paulo', [2018, 11, 4], '2018-11-04T03:00:00Z'],
    ['midnight is skipped, in the east', 'Asia/Beirut', [2026, 3, 29], '2026-03-28T22:00:00Z'],
    ['midnight comes twice, in the west', 'America/Havana', [2026, 11, 1], '2026-11-01T04:00:00Z'],
    ['midnight comes twice, in the east', 'Asia/Amman', [2021, 10, 29], '2021-10-28T21:00:00Z'],
    ['the hour before midnight comes twice', 'America/Sao_Paulo', [2018, 2, 18], '2018-02-18T03:00:00Z'],
    ['the last day of the month before', 'Asia/Shanghai', [2026, 3, 0], '2026-02-27T16:00:00Z'],
  ] as const)('%s', (_, zone, [year, month, day], iso) => {
    expect(new Date(startOfDay(year, month, day, zone)).toISOString()).toBe(new Date(iso).toISOString())
  })

  test('holds every moment of the day, in any zone', () => {
    const zones = [
      'Asia/Shanghai',
      'Europe/Berlin',
      'America/Sao_Paulo',
      'America/Havana',
      'Asia/Beirut',
      'Asia/Amman',
      'Australia/Lord_Howe',
      'Pacific/Kiritimati',
      'Pacific/Pago_Pago',
      'America/St_Johns',
    ]
    const moment = fc.integer({ min: at('2016-01-01T00:00:00Z'), max: at('2036-01-01T00:00:00Z') })
    fc.assert(
      fc.property(moment, fc.constantFrom(...zones), (now, zone) => {
        const { year, month, day } = localTime(now, zone)
        const start = startOfDay(year, month, day, zone)
        expect(start).toBeLessThanOrEqual(now)
        expect(now).toBeLessThan(startOfDay(year, month, day + 1, zone))
        expect(localTime(start, zone)).toMatchObject({ year, month, day })
        expect(localTime(start - 1, zone).day).not.toBe(day)
      }),
      { numRuns: 500 },
    )
  })
})
