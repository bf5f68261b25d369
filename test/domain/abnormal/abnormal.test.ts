import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { abnormalOf } from '../../../src/domain/abnormal/abnormal.ts'
import { acceptedOf, grown } from '../../../src/domain/abnormal/accepted.ts'
import type { Accepted, Finding, Sight } from '../../../src/domain/abnormal/finding.ts'
import { withoutEpisodes } from '../../../src/domain/abnormal/history.ts'
import { mayHaveStopped, pauseOf } from '../../../src/domain/abnormal/stopped.ts'
import { expectedAt, usualOf } from '../../../src/domain/abnormal/usual.ts'
import { DAY, dayAt, draws, HOUR, hourAt, kindsIn, MINUTE, NOW, RULES, sightOf, ZONE } from './support.ts'

/** A machine that runs from 8 to 18 on working days. */
const worked = (at: number) => (dayAt(at) < 5 && hourAt(at) >= 8 && hourAt(at) < 18 ? 2000 : 5)
const steady = () => 1000
/** Steady until then, and so many times as much since. */
const since = (from: number, times: number) => (at: number) => (at < from ? 1000 : 1000 * times)

describe('the usual', () => {
  const usual = usualOf(draws(NOW - 56 * DAY, NOW, HOUR, worked), ZONE, RULES)
  const at = (iso: string) => expectedAt(usual, Date.parse(iso), ZONE)

  test('is known by hour and weekday, with an hour of slack', () => {
    expect(at('2026-06-10T12:00:00+08:00')).toMatchObject({ low: 1200, middle: 2000, high: 2800, hours: 8 })
    expect(at('2026-06-13T12:00:00+08:00')).toMatchObject({ high: 5 })
    expect(at('2026-06-10T07:00:00+08:00')).toMatchObject({ low: 0, middle: 5, high: 2800, least: 5 })
  })

  test('of little history: days of the same kind, then all days once both kinds were seen, then nothing', () => {
    // From a Monday on.
    const from = Date.parse('2026-06-08T00:00:00+08:00')
    const after = (days: number) => usualOf(draws(from, from + days * DAY, HOUR, worked), ZONE, RULES)
    const noon = (days: number, weekday: number) => after(days).slots[weekday * 24 + 12]
    expect(noon(3, 0)).toBeNull()
    expect(noon(4, 4)).toEqual([1200, 2000, 2800, 4, 2000])
    expect(noon(5, 5)).toBeNull()
    // All that happened on any day.
    expect(noon(8, 5)?.[0]).toBe(0)
    expect(noon(14, 5)).toEqual([0, 5, 5, 4, 5])
  })

  test('leaves out what happened once, and takes in what happened twice', () => {
    const odd = (weeks: number[]) => (at: number) =>
      weeks.some((week) => at >= NOW - week * 7 * DAY && at < NOW - week * 7 * DAY + HOUR) ? 5000 : 1000
    const high = (weeks: number[]) =>
      expectedAt(usualOf(draws(NOW - 56 * DAY, NOW, HOUR, odd(weeks)), ZONE, RULES), NOW, ZONE)?.high
    expect(high([3])).toBeLessThan(2000)
    expect(high([3, 5])).toBeGreaterThan(5000)
  })

  test('is not learned from what was abnormal of late, nor while the contacts stood open', () => {
    const all = draws(NOW - 30 * DAY, NOW, HOUR, steady)
    const left = (kind: 'standby' | 'opened' | 'voltage', days: number) => {
      const episode = { kind, since: NOW - days * DAY, until: NOW - days * DAY + 3 * HOUR }
      return all.length - withoutEpisodes(all, [episode], NOW).length
    }
    expect(left('standby', 3)).toBe(3)
    expect(left('standby', 20)).toBe(0)
    expect(left('opened', 20)).toBe(3)
    expect(left('voltage', 3)).toBe(0)
  })
})

describe('far from usual', () => {
  test.each([
    ['twice as much for three hours', 2, ['unusual more']],
    ['a third as much', 0.33, ['unusual less']],
    ['a quarter more', 1.25, []],
  ])('%s', (_, times, kinds) => {
    expect(kindsIn(sightOf(since(NOW - 3 * HOUR, times)))).toEqual(kinds)
  })

  test('not for one hour only', () => {
    expect(kindsIn(sightOf((at) => (at >= NOW - HOUR ? 3000 : 1000)))).toEqual([])
  })

  test('says since when, and what is usual', () => {
    expect(abnormalOf(sightOf(since(NOW - 3 * HOUR, 2))).begun).toEqual([
      {
        ...{ kind: 'unusual', breaker: 'b', side: 'more', since: NOW - 3 * HOUR, value: 2000, unit: 'W' },
        ...{ low: 600, middle: 1000, high: 1400, known: 7 },
      },
    ])
  })

  test('nothing is less than usual of a breaker that stands open, or was closed only now', () => {
    const off = sightOf(since(NOW - 3 * HOUR, 0))
    expect(kindsIn(off)).toEqual(['unusual less'])
    expect(kindsIn({ ...off, contacts: { isClosed: false } })).toEqual([])
    expect(kindsIn({ ...off, contacts: { isClosed: true, since: NOW - HOUR } })).toEqual([])
  })

  test('a draw while it is usually off is a standby draw, whatever was on in the day', () => {
    const now = Date.parse('2026-06-10T04:00:00+08:00')
    const lit = (at: number) => worked(at) + (at >= now - 4 * HOUR ? 150 : 0)
    expect(kindsIn(sightOf(lit, { now }))).toEqual(['standby more'])
    expect(kindsIn(sightOf(worked, { now }))).toEqual([])
  })

  test('a Saturday on which all is closed is usual, and so is a Monday after it', () => {
    for (const iso of ['2026-06-13T14:00:00+08:00', '2026-06-15T11:00:00+08:00'])
      expect(kindsIn(sightOf(worked, { now: Date.parse(iso) }))).toEqual([])
  })

  test('ends when it has been usual for four hours, and not at its edge', () => {
    const standing = abnormalOf(sightOf(since(NOW - 3 * HOUR, 2))).begun
    const later = (now: number, times: number): Sight => ({
      ...sightOf((at) => (at >= NOW ? 1000 * times : since(NOW - 3 * HOUR, 2)(at)), { now, standing }),
      usual: sightOf(steady).usual!,
    })
    expect(abnormalOf(later(NOW + 3 * HOUR, 1)).ended).toEqual([])
    expect(abnormalOf(later(NOW + 4 * HOUR, 1)).ended).toEqual([{ kind: 'unusual', why: 'well' }])
    expect(abnormalOf(later(NOW + 8 * HOUR, 1.38)).ended).toEqual([])
  })
})

describe('a machine that stops', () => {
  const cycling = (at: number) => ((at / MINUTE) % 30 < 15 ? 3000 : 0)
  /** The hours of one that goes on and off. */
  const half = () => 1500

  const goneFor = (minutes: number, more: Partial<Sight> = {}) => {
    const stop = NOW - minutes * MINUTE
    const sight = sightOf((at) => (at < stop ? 1000 : 0), { pause: 0, ...more })
    return { ...sight, usual: sightOf(steady).usual!, hours: [] }
  }

  test('with its contacts closed, after ten minutes', () => {
    expect(kindsIn(goneFor(9))).toEqual([])
    expect(abnormalOf(goneFor(10)).begun).toMatchObject([
      { kind: 'stopped', since: NOW - 10 * MINUTE, middle: 1000 },
    ])
    expect(mayHaveStopped(goneFor(10))).toBe(true)
  })

  test('not with them open, or unknown, or closed only then', () => {
    for (const contacts of [{ isClosed: false }, {}, { isClosed: true, since: NOW - 5 * MINUTE }])
      expect(kindsIn(goneFor(20, { contacts }))).toEqual([])
  })

  test('not at an hour at which it may be off', () => {
    const now = Date.parse('2026-06-10T18:30:00+08:00')
    const sight = sightOf((at) => (at < now - 20 * MINUTE ? worked(at - HOUR) : 0), { now, pause: 0 })
    expect(kindsIn({ ...sight, usual: sightOf(worked, { now }).usual!, hours: [] })).toEqual([])
  })

  test('not while it pauses as it usually does, but when it does so for half as long again', () => {
    const usual = sightOf(half).usual!
    const pause = pauseOf(draws(NOW - 3 * DAY, NOW, MINUTE, cycling), usual, ZONE)
    expect(pause).toBe(15 * MINUTE)
    const gone = (minutes: number) => ({ ...goneFor(minutes, { pause }), usual })
    expect(kindsIn(gone(22))).toEqual([])
    expect(kindsIn(gone(23))).toEqual(['stopped less'])
  })

  test('a single long pause among the minutes is not usual', () => {
    const usual = sightOf(steady).usual!
    const minutes = draws(NOW - DAY, NOW, MINUTE, (at) =>
      at >= NOW - 5 * HOUR && at < NOW - 3 * HOUR ? 0 : 1000,
    )
    expect(pauseOf(minutes, usual, ZONE)).toBe(0)
  })

  test('is over when it runs again, or is opened', () => {
    const standing = abnormalOf(goneFor(10)).begun
    const again = { ...sightOf(since(NOW - 4 * MINUTE, 1)), standing }
    expect(abnormalOf(again).ended).toEqual([{ kind: 'stopped', why: 'well' }])
    const opened = { ...goneFor(10, { contacts: { isClosed: false } }), standing }
    expect(abnormalOf(opened).ended).toEqual([{ kind: 'stopped', why: 'opened' }])
    expect(abnormalOf({ ...goneFor(20), standing }).ended).toEqual([])
  })
})

describe('by the minute', () => {
  const measured = (minutes: { voltage?: number; current?: number }[], more: Partial<Sight> = {}): Sight => ({
    ...sightOf(steady),
    ratedCurrent: 60,
    minutes: minutes.map((one, i) => ({ at: NOW - (minutes.length - i) * MINUTE, ...one })),
    ...more,
  })
  const times = (count: number, one: { voltage?: number; current?: number }) =>
    Array.from({ length: count }, () => one)

  test.each([
    ['below its range', 195, ['voltage less']],
    ['above it', 245, ['voltage more']],
    ['within', 200, []],
    ['of a meter behind open contacts', 3, []],
  ])('a voltage %s', (_, voltage, kinds) => {
    expect(kindsIn(measured(times(10, { voltage })))).toEqual(kinds)
  })

  test('only after ten minutes, and only on end', () => {
    expect(kindsIn(measured(times(9, { voltage: 190 })))).toEqual([])
    expect(
      kindsIn(measured([...times(9, { voltage: 190 }), { voltage: 220 }, ...times(5, { voltage: 190 })])),
    ).toEqual([])
  })

  test('a current near the rated one; unknown rating, no word', () => {
    const near = times(12, { current: 56 })
    expect(kindsIn(measured(near))).toEqual(['near-rating more'])
    const { ratedCurrent: _, ...unrated } = measured(near)
    expect(kindsIn(unrated)).toEqual([])
  })

  test('is over after an hour well inside, not in between', () => {
    const standing = abnormalOf(measured(times(12, { current: 56 }))).begun
    const ended = (minutes: number, current: number) =>
      abnormalOf(measured(times(minutes, { current }), { standing })).ended
    expect(ended(59, 40)).toEqual([])
    expect(ended(60, 40)).toEqual([{ kind: 'near-rating', why: 'well' }])
    expect(ended(90, 52)).toEqual([])
  })

  test('is not looked for any more where no rating is configured any more', () => {
    const near = measured(times(12, { current: 56 }))
    const { ratedCurrent: _, ...unrated } = { ...near, standing: abnormalOf(near).begun }
    expect(abnormalOf(unrated)).toEqual({ begun: [], ended: [{ kind: 'near-rating', why: 'off' }] })
  })
})

describe('a trend', () => {
  /** By so much higher at the end of eight weeks than at their beginning. */
  const rising = (rise: number) => (at: number) =>
    1000 * (1 + rise * Math.max(0, 1 - (NOW - at) / (56 * DAY)))
  const trends = (sight: Sight) => kindsIn({ ...sight, hours: [] })

  test('is a rise over weeks, not a step, and not a small one', () => {
    expect(trends(sightOf(rising(0.35)))).toEqual(['trend more'])
    expect(trends(sightOf(rising(0.1)))).toEqual([])
    expect(trends(sightOf(since(NOW - 28 * DAY, 1.5)))).toEqual([])
    expect(trends(sightOf(rising(-0.3)))).toEqual([])
  })

  test('ends when the draw is down again', () => {
    const standing = abnormalOf({ ...sightOf(rising(0.35)), hours: [] }).begun
    const mended = sightOf((at) => (at < NOW - 6 * DAY ? rising(0.35)(at) : 1000), { standing })
    expect(abnormalOf({ ...mended, hours: [] }).ended).toEqual([{ kind: 'trend', why: 'well' }])
  })
})

describe('what lasts for weeks', () => {
  const finding = (kind: Finding['kind'], days: number): Finding => ({
    ...{ kind, breaker: 'b', since: NOW - days * DAY, side: 'more', value: 2000, unit: 'W' },
    ...{ low: 600, middle: 1000, high: 1400 },
  })
  const usual = { ...sightOf(steady).usual!, lately: 2000 }
  const endOf = (kind: Finding['kind'], days: number) =>
    abnormalOf({ ...sightOf(steady), usual, hours: [], minutes: [], standing: [finding(kind, days)] }).ended

  test.each([
    ['unusual', 28],
    ['standby', 28],
    ['stopped', 28],
    ['trend', 84],
  ] as const)('%s: is usual after %i days, and not before', (kind, days) => {
    expect(endOf(kind, days)).toEqual([{ kind, why: 'usual' }])
    expect(endOf(kind, days - 1)).toEqual([])
  })

  test('what goes by a range and not by the usual stands for as long as it lasts', () => {
    expect(endOf('voltage', 200)).toEqual([])
  })

  test('is learned from by then: it does not begin anew', () => {
    const lit = (at: number) => worked(at) + (at >= NOW - 28 * DAY ? 150 : 0)
    const all = draws(NOW - 56 * DAY, NOW, HOUR, lit)
    const episode = { kind: 'standby', since: NOW - 28 * DAY, until: NOW } as const
    const learned = usualOf(withoutEpisodes(all, [episode], NOW), ZONE, RULES)
    expect(kindsIn({ ...sightOf(lit), usual: learned })).toEqual([])
  })
})

describe('what was called normal', () => {
  const accept = (finding: Finding): Accepted[] => [
    acceptedOf(finding, { id: 'a', at: NOW, by: '甲', timezone: ZONE }),
  ]

  test('is so at those hours from then on, up to a fifth more', () => {
    const sight = sightOf(since(NOW - 3 * HOUR, 2))
    const accepted = accept(abnormalOf(sight).begun[0]!)
    expect(accepted).toMatchObject([{ kind: 'unusual', atMost: 2400, hours: [7, 8, 9, 10], by: '甲' }])
    expect(kindsIn({ ...sight, accepted })).toEqual([])
    expect(kindsIn({ ...sightOf(since(NOW - 3 * HOUR, 2.5)), accepted })).toEqual(['unusual more'])
    const evening = NOW + 9 * HOUR
    expect(kindsIn({ ...sightOf(since(evening - 3 * HOUR, 2), { now: evening }), accepted })).toEqual([
      'unusual more',
    ])
  })
})

test('what was called normal while it went on is so in the hours that follow, with about the same draw', () => {
  const draw = (hours: number, power: number) => ({ at: NOW + hours * HOUR, power })
  const [before] = [
    { id: 'a', kind: 'standby', value: 200, atMost: 240, hours: [8, 9], at: NOW, by: '甲' } as const,
  ].map((one): Accepted => ({ ...one, hours: [...one.hours] }))
  const after = (draws: { at: number; power: number }[]) => grown(before!, draws, ZONE).hours
  expect(after([draw(0, 210), draw(1, 190), draw(2, 0), draw(3, 200)])).toEqual([8, 9, 10, 11])
  expect(after([draw(0, 2000)])).toEqual([8, 9])
  expect(after([draw(24, 200)])).toEqual([8, 9])
  expect(grown(before!, [], ZONE)).toBe(before)
})

describe('whatever is drawn', () => {
  const day = fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 24, maxLength: 24 })
  const byHour = (values: number[]) => (at: number) => values[hourAt(at)]

  test('the same every day is never abnormal', () => {
    fc.assert(
      fc.property(day, (values) => {
        expect(kindsIn(sightOf(byHour(values)))).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  test('more history of the same makes no alarm', () => {
    fc.assert(
      fc.property(day, day, fc.integer({ min: 1, max: 7 }), (usual, today, known) => {
        const draw = (at: number) => (at >= NOW - DAY ? today : usual)[hourAt(at)]
        const since = (weeks: number) => (at: number) => (at >= NOW - weeks * 7 * DAY ? draw(at) : undefined)
        const short = sightOf(since(known))
        if (short.usual!.slots.every(Boolean)) expect(kindsIn(sightOf(since(8)))).toEqual(kindsIn(short))
      }),
      { numRuns: 60 },
    )
  })

  test('no data is no alarm, and no end of one', () => {
    const known = abnormalOf(sightOf(since(NOW - 3 * HOUR, 2))).begun
    const dark = { ...sightOf(steady, { standing: known }), hours: [], minutes: [] }
    expect(abnormalOf(dark)).toEqual({ begun: [], ended: [] })
    const { usual: _, ...unlearned } = sightOf(since(NOW - 3 * HOUR, 2))
    expect(kindsIn(unlearned)).toEqual([])
  })

  test('scaled as a whole, with what counts as nothing, it is judged the same', () => {
    const scaled = fc.tuple(day, fc.double({ min: 0, max: 4, noNaN: true }), fc.integer({ min: 2, max: 50 }))
    fc.assert(
      fc.property(scaled, ([values, times, factor]) => {
        const draw = (by: number) => (at: number) =>
          Math.round(values[hourAt(at)]! * (at >= NOW - 4 * HOUR ? Math.round(times * 10) / 10 : 1)) * by
        const bigger = { ...RULES, nothing: RULES.nothing * factor }
        expect(kindsIn(sightOf(draw(factor), { rules: bigger }))).toEqual(kindsIn(sightOf(draw(1))))
      }),
      { numRuns: 40 },
    )
  })

  test('an abnormal kind begins and ends never at once, and what stands does not begin again', () => {
    fc.assert(
      fc.property(day, day, (usual, today) => {
        const draw = (at: number) => (at >= NOW - DAY ? today : usual)[hourAt(at)]
        const sight = sightOf(draw)
        const { begun } = abnormalOf(sight)
        const again = abnormalOf({ ...sight, standing: begun })
        expect(again).toEqual({ begun: [], ended: [] })
      }),
      { numRuns: 60 },
    )
  })
})
