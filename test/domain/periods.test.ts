import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { localTime } from '../../src/domain/local-time.ts'
import { edgesOf, periodAt, stretchBefore } from '../../src/domain/periods.ts'

const HOUR = 3_600_000
const at = (iso: string) => Date.parse(iso)
const iso = ({ from, to }: { from: number; to: number }) =>
  [from, to].map((one) => new Date(one).toISOString())
const zones = fc.constantFrom(
  'Asia/Shanghai',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'UTC',
)
const moments = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') })
const units = fc.constantFrom('day' as const, 'week' as const, 'month' as const, 'year' as const)

describe('a period', () => {
  test.each([
    ['day', '2026-03-29T10:00:00Z', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['week', '2026-03-29T21:00:00Z', 'Europe/Berlin', '2026-03-22T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    [
      'month',
      '2026-01-31T18:00:00Z',
      'Asia/Shanghai',
      '2026-01-31T16:00:00.000Z',
      '2026-02-28T16:00:00.000Z',
    ],
    ['year', '2026-06-30T18:40:00Z', 'Asia/Kolkata', '2025-12-31T18:30:00.000Z', '2026-12-31T18:30:00.000Z'],
  ] as const)('%s at %s in %s', (unit, moment, zone, from, to) =>
    expect(iso(periodAt(unit, at(moment), zone))).toEqual([from, to]),
  )

  test('holds its moment, begins at midnight, and the next begins where it ends', () =>
    fc.assert(
      fc.property(units, moments, zones, (unit, moment, zone) => {
        const { from, to } = periodAt(unit, moment, zone)
        expect(from <= moment && moment < to).toBe(true)
        expect(localTime(from, zone)).toMatchObject({ hour: 0, minute: 0, second: 0 })
        expect(periodAt(unit, to, zone).from).toBe(to)
        expect(periodAt(unit, moment, zone, 1).from).toBe(to)
        expect(periodAt(unit, moment, zone, -1).to).toBe(from)
      }),
    ))
})

describe('its hours', () => {
  test.each([
    ['Asia/Shanghai', '2026-03-29T12:00:00Z', 24],
    ['Europe/Berlin', '2026-03-29T12:00:00Z', 23],
    ['Europe/Berlin', '2026-10-25T12:00:00Z', 25],
    ['Asia/Kolkata', '2026-03-29T12:00:00Z', 24],
  ])('in %s on %s are %i', (zone, moment, count) => {
    const day = periodAt('day', at(moment), zone)
    const edges = edgesOf(day, 'hour', zone)
    expect(edges).toEqual(Array.from({ length: count + 1 }, (_, i) => day.from + i * HOUR))
  })

  test('begin with the full hour also where summer time is half an hour', () => {
    const day = periodAt('day', at('2026-04-05T12:00:00Z'), 'Australia/Lord_Howe')
    const shown = edgesOf(day, 'hour', 'Australia/Lord_Howe').map((edge) => {
      const { hour, minute } = localTime(edge, 'Australia/Lord_Howe')
      return hour * 100 + minute
    })
    expect(shown.slice(0, 5)).toEqual([0, 100, 130, 200, 300])
    expect(shown).toHaveLength(26)
  })

  test('are those of its days, and its days those of its months; all lie within what is asked for', () =>
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: 100 * 24 * HOUR }), zones, (from, length, zone) => {
        const stretch = { from, to: from + length }
        const [hours, days, months] = (['hour', 'day', 'month'] as const).map((by) =>
          edgesOf(stretch, by, zone),
        )
        for (const edges of [hours!, days!, months!]) {
          expect([edges[0], edges.at(-1)]).toEqual([stretch.from, stretch.to])
          expect(edges.slice(1).every((edge, i) => edge > edges[i]!)).toBe(true)
        }
        expect(days!.filter((edge) => !hours!.includes(edge))).toEqual([])
        expect(months!.filter((edge) => !days!.includes(edge))).toEqual([])
      }),
      { numRuns: 30 },
    ))
})

describe('the same stretch of the period before', () => {
  test.each([
    ['day', '2026-11-28T06:30:00Z', '2026-11-26T16:00:00.000Z', '2026-11-27T06:30:00.000Z'],
    ['week', '2026-11-28T06:30:00Z', '2026-11-15T16:00:00.000Z', '2026-11-21T06:30:00.000Z'],
    ['month', '2026-11-28T06:30:00Z', '2026-09-30T16:00:00.000Z', '2026-10-28T06:30:00.000Z'],
    ['month', '2026-03-31T06:30:00Z', '2026-01-31T16:00:00.000Z', '2026-02-28T16:00:00.000Z'],
  ] as const)('%s at %s', (unit, now, from, to) => {
    const period = periodAt(unit, at(now), 'Asia/Shanghai')
    expect(iso(stretchBefore(period, at(now), 'Asia/Shanghai'))).toEqual([from, to])
  })

  test('is all of it for one that is over', () => {
    const period = periodAt('day', at('2026-03-30T12:00:00Z'), 'Europe/Berlin')
    expect(iso(stretchBefore(period, at('2026-04-02T00:00:00Z'), 'Europe/Berlin'))).toEqual([
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ])
  })

  test('goes by the clock where that was changed in between', () => {
    const now = at('2026-03-30T08:00:00Z')
    const { to } = stretchBefore(periodAt('day', now, 'Europe/Berlin'), now, 'Europe/Berlin')
    expect(localTime(to, 'Europe/Berlin')).toMatchObject({ day: 29, hour: 10, minute: 0 })
  })
})
