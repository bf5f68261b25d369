import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatLocal } from '../../src/domain/local-time.ts'
import {
  dueAt,
  dueReports,
  nameOf,
  periodAt,
  periodOf,
  type ReportEvery,
  type ReportRule,
} from '../../src/domain/report-schedule.ts'

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
const rule = (more: Partial<ReportRule> = {}): ReportRule => ({
  room: 'night',
  every: 'day',
  at: 7 * 60 + 30,
  on: 0,
  mail: [],
  ...more,
})
const at = (iso: string) => Date.parse(iso)
/** The period that a moment lies in, as the clock shows its ends. */
const shown = (every: ReportEvery, iso: string, zone: string) => {
  const { from, to } = periodOf(every, periodAt(every, at(iso), zone), zone)
  return [from, to].map((one) => formatLocal(one, zone, 'date-time'))
}

/** Goes by the schedule like the engine: what is seen to is written down with what is sent. */
function runner(zone: string) {
  const madeTo = new Map<string, number>()
  const sent: { name: string; period: number; at: number; late: number }[] = []
  const missed: number[] = []
  return {
    sent,
    missed,
    look(now: number, reports: ReportRule[] = [rule()]) {
      for (const { rule: one, made, due } of dueReports({ timezone: zone, reports }, madeTo, now)) {
        madeTo.set(nameOf(one), made)
        if (!due) continue
        sent.push({ name: nameOf(one), period: made, at: now, late: now - due.at })
        for (let period = due.missedFrom ?? made; period < made; period++) missed.push(period)
      }
    },
  }
}

describe('periods', () => {
  test('are the days, the weeks from Monday and the months of the zone', () => {
    const noon = '2026-11-26T12:00:00+08:00'
    expect(shown('day', noon, 'Asia/Shanghai')).toEqual(['2026-11-26 00:00:00', '2026-11-27 00:00:00'])
    expect(shown('week', noon, 'Asia/Shanghai')).toEqual(['2026-11-23 00:00:00', '2026-11-30 00:00:00'])
    expect(shown('month', noon, 'Asia/Shanghai')).toEqual(['2026-11-01 00:00:00', '2026-12-01 00:00:00'])
    expect(shown('week', '2026-11-30T00:00:00+08:00', 'Asia/Shanghai')[0]).toBe('2026-11-30 00:00:00')
    expect(shown('month', '2026-12-31T23:00:00Z', 'Asia/Kolkata')[0]).toBe('2027-01-01 00:00:00')
  })

  test('are as long as the clock makes them', () => {
    const hours = (every: ReportEvery, iso: string) => {
      const { from, to } = periodOf(every, periodAt(every, at(iso), 'Europe/Berlin'), 'Europe/Berlin')
      return (to - from) / HOUR
    }
    expect(hours('day', '2026-03-29T12:00:00Z')).toBe(23)
    expect(hours('day', '2026-10-25T12:00:00Z')).toBe(25)
    expect(hours('week', '2026-10-25T12:00:00Z')).toBe(169)
  })
})

describe('the time of a report', () => {
  const due = (one: ReportRule, iso: string, zone = 'Asia/Shanghai') =>
    formatLocal(dueAt(one, periodAt(one.every, at(iso), zone), zone), zone, 'date-time')

  test('is after the end of the period, on its day', () => {
    const noon = '2026-11-26T12:00:00+08:00'
    expect(due(rule(), noon)).toBe('2026-11-27 07:30:00')
    expect(due(rule({ every: 'week' }), noon)).toBe('2026-11-30 07:30:00')
    expect(due(rule({ every: 'week', on: 6 }), noon)).toBe('2026-12-06 07:30:00')
    expect(due(rule({ every: 'month', on: 1 }), noon)).toBe('2026-12-01 07:30:00')
    expect(due(rule({ every: 'month', on: 28 }), noon)).toBe('2026-12-28 07:30:00')
  })

  test('comes once where the clock skips it or shows it twice', () => {
    const halfPastTwo = rule({ at: 150 })
    expect(due(halfPastTwo, '2026-03-28T12:00:00Z', 'Europe/Berlin')).toBe('2026-03-29 03:30:00')
    expect(
      dueAt(halfPastTwo, periodAt('day', at('2026-10-24T12:00:00Z'), 'Europe/Berlin'), 'Europe/Berlin'),
    ).toBe(at('2026-10-25T02:30:00+02:00'))
    for (const day of ['2026-03-29', '2026-10-25']) {
      const { look, sent } = runner('Europe/Berlin')
      for (let now = at(`${day}T00:00:00+01:00`) - HOUR; now < at(`${day}T12:00:00Z`); now += MINUTE)
        look(now, [halfPastTwo])
      expect(sent).toHaveLength(1)
    }
  })
})

describe('what is due', () => {
  test('a new report begins with its next time', () => {
    const { look, sent } = runner('Asia/Shanghai')
    look(at('2026-11-26T07:31:00+08:00'))
    look(at('2026-11-27T07:29:59+08:00'))
    expect(sent).toEqual([])
    look(at('2026-11-27T07:30:00+08:00'))
    expect(sent.map((one) => [one.late, shownPeriod(one.period)])).toEqual([[0, '2026-11-26']])
  })

  test('of several that were missed the last is sent, late, and the others are named', () => {
    const { look, sent, missed } = runner('Asia/Shanghai')
    look(at('2026-11-23T12:00:00+08:00'))
    look(at('2026-11-27T09:00:00+08:00'))
    expect(sent.map((one) => [one.late, shownPeriod(one.period)])).toEqual([[1.5 * HOUR, '2026-11-26']])
    expect(missed.map(shownPeriod)).toEqual(['2026-11-23', '2026-11-24', '2026-11-25'])
  })

  test('another time of day makes no period twice and leaves none out', () => {
    const { look, sent } = runner('Asia/Shanghai')
    look(at('2026-11-26T06:00:00+08:00'))
    look(at('2026-11-26T07:30:00+08:00'))
    look(at('2026-11-26T08:00:00+08:00'), [rule({ at: 540 })])
    look(at('2026-11-26T09:30:00+08:00'), [rule({ at: 540 })])
    look(at('2026-11-27T08:00:00+08:00'), [rule({ at: 540 })])
    look(at('2026-11-27T08:01:00+08:00'))
    expect(sent.map((one) => shownPeriod(one.period))).toEqual(['2026-11-25', '2026-11-26'])
  })

  test('a clock that was wrong by years does not keep reports away until then', () => {
    const { look, sent } = runner('Asia/Shanghai')
    look(at('2026-11-25T12:00:00+08:00'))
    look(at('2036-11-25T12:00:00+08:00'))
    look(at('2026-11-25T12:01:00+08:00'))
    look(at('2026-11-26T07:30:00+08:00'))
    expect(sent.at(-1)).toMatchObject({ late: 0, period: periodAt('day', at('2026-11-25T12:00:00Z'), 'UTC') })
  })

  const shownPeriod = (period: number) =>
    formatLocal(periodOf('day', period, 'Asia/Shanghai').from, 'Asia/Shanghai', 'date-time').slice(0, 10)
})

const ZONES = [
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Sao_Paulo',
]
const anyRule = fc.oneof(
  fc.record({ every: fc.constant('day' as const), at: fc.nat(1439), on: fc.constant(0) }),
  fc.record({ every: fc.constant('week' as const), at: fc.nat(1439), on: fc.nat(6) }),
  fc.record({ every: fc.constant('month' as const), at: fc.nat(1439), on: fc.integer({ min: 1, max: 28 }) }),
)
/** How long until it is looked again, and how far the clock is off when it is: by up to a day either way. */
const looks = fc.array(
  fc.record({
    after: fc.oneof(fc.integer({ min: 1, max: HOUR }), fc.integer({ min: 1, max: 3 * DAY })),
    off: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { arbitrary: fc.integer({ min: -DAY, max: DAY }), weight: 1 },
    ),
  }),
  { minLength: 1, maxLength: 60 },
)

test('whatever restarts and jumps of the clock there are, each period is sent or named once, in order', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      anyRule,
      fc.integer({ min: at('2018-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') }),
      looks,
      (zone, more, start, all) => {
        const one = rule(more)
        const { look, sent, missed } = runner(zone)
        look(start, [one])
        let [now, latest] = [start, start]
        for (const { after, off } of all) {
          now += after
          latest = Math.max(latest, now + off)
          look(now + off, [one])
        }
        const seen = [...sent.map(({ period }) => period), ...missed].sort((a, b) => a - b)
        // All whose time has come after the start, none besides.
        const wanted: number[] = []
        for (let period = periodAt(one.every, start, zone) - 2; dueAt(one, period, zone) <= latest; period++)
          if (dueAt(one, period, zone) > start) wanted.push(period)
        expect(seen).toEqual(wanted)
        const periods = sent.map(({ period }) => period)
        expect(periods).toEqual([...periods].sort((a, b) => a - b))
        for (const { late, at: when, period } of sent) {
          expect(late).toBeGreaterThanOrEqual(0)
          // It is the last that was due then.
          expect(dueAt(one, period + 1, zone)).toBeGreaterThan(when)
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('periods follow on each other without a gap, and hold the moments that are theirs', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.constantFrom('day', 'week', 'month'),
      fc.integer({ min: at('1965-01-01T00:00:00Z'), max: at('2037-12-31T00:00:00Z') }),
      (zone, every, moment) => {
        const number = periodAt(every, moment, zone)
        const { from, to } = periodOf(every, number, zone)
        expect(from <= moment && moment < to).toBe(true)
        expect(periodOf(every, number + 1, zone).from).toBe(to)
      },
    ),
  )
})
