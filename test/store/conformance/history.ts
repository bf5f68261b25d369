import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Summary, summarise } from '../../../src/domain/summary.ts'
import type { Sample } from '../../../src/store/store.ts'
import { summaries } from '../support/summaries.ts'
import { START, until, type World } from '../support/world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const LENGTH = { minute: MINUTE, hour: HOUR }

/** Measured values: as they were measured, by minute, by hour, gone. */
export function historyConformance(world: () => World): void {
  let marks = 0

  const sample = (after: number, more: Partial<Sample> = {}): Sample => ({
    device: 'd',
    at: START + after,
    ...more,
  })
  const commit = (...samples: Sample[]) => world().store.commit({ samples })
  const all = (device = 'd') => world().store.samples(device, 0, START + 1000 * DAY)
  const of = (span: 'minute' | 'hour', device = 'd') =>
    summaries(world().store, [device], span, 0, START + 1000 * DAY)

  /**
   * Until what has been committed lies as it is kept for long. A mark whose turn comes first of all has grown old: a
   * round of tidying began after it. The second one has: that round is over.
   */
  async function tidied() {
    for (let round = 0; round < 2; round++) {
      const mark = `! ${++marks}`
      await commit({ device: mark, at: world().now() - 20 * DAY, voltage: 1 })
      world().advance(30 * MINUTE)
      await until(async () => (await all(mark)).length === 0)
    }
  }

  it('finds samples as they were measured for a week, wherever they lie by then', async () => {
    const day = Array.from({ length: 300 }, (_, n) =>
      sample(n * 300_000, {
        voltage: 230 + (n % 9) / 10,
        apparent: n,
        ...(n % 3 > 0 && { energy: n / 100 }),
      }),
    )
    await commit(...day.slice(100), { ...day[0]!, device: 'other' })
    await commit(...day.slice(0, 100))
    expect(await all()).toEqual(day)
    world().advance(12 * HOUR)
    await tidied()
    expect(await all()).toEqual(day)
    await commit(sample(299_999, { power: 5 }))
    const found = [day[0]!, sample(299_999, { power: 5 }), ...day.slice(1)]
    const { store } = world()
    expect(await all()).toEqual(found)
    for (const [n, one] of found.entries()) {
      if (n % 13 > 2) continue
      expect(await store.sampleAt('d', one.at)).toEqual(one)
      expect(await store.sampleAt('d', one.at - 1)).toEqual(found[n - 1])
      expect(await store.samples('d', one.at, START + 1000 * DAY, 3)).toEqual(found.slice(n, n + 3))
      expect(await store.samples('d', one.at + 1, found.at(-1)!.at)).toEqual(found.slice(n + 1, -1))
    }
    await world().reopen()
    expect(await all()).toEqual(found)
  })

  it('makes one of two samples of a breaker at one time, also when the first was put away', async () => {
    await commit(sample(0, { voltage: 230, current: 5 }))
    world().advance(HOUR)
    await tidied()
    await commit(sample(0, { current: 6, power: 1380 }))
    const one = sample(0, { voltage: 230, current: 6, power: 1380 })
    expect(await all()).toEqual([one])
    expect(await world().store.sampleAt('d', START)).toEqual(one)
    await tidied()
    expect(await all()).toEqual([one])
    expect(await of('minute')).toEqual([summarise('d', START, MINUTE, [one])])
  })

  it('keeps the minutes for 90 days and the hours for two years, as they were', async () => {
    const samples = Array.from({ length: 900 }, (_, n) =>
      sample(n * 20_000, { voltage: 230 + (n % 9) / 10, power: (n % 7) * 100.5, energy: n / 80 }),
    )
    await commit(...samples)
    world().advance(6 * HOUR)
    const [minutes, hours] = [expected(samples, 'minute'), expected(samples, 'hour')]
    expect([minutes.length, hours.length]).toEqual([300, 5])
    const check = async (expectations: { raw: number; minutes: Summary[]; hours: Summary[] }) => {
      await tidied()
      expect((await all()).length).toBe(expectations.raw)
      expect(await of('minute')).toEqual(expectations.minutes)
      expect(await of('hour')).toEqual(expectations.hours)
    }
    await check({ raw: 900, minutes, hours })
    world().advance(6 * DAY)
    await check({ raw: 900, minutes, hours })
    world().advance(DAY)
    await check({ raw: 0, minutes, hours })
    world().advance(82 * DAY)
    await check({ raw: 0, minutes, hours })
    world().advance(DAY)
    await check({ raw: 0, minutes: [], hours })
    await world().reopen()
    world().advance(639 * DAY)
    await check({ raw: 0, minutes: [], hours })
    world().advance(3 * DAY)
    await check({ raw: 0, minutes: [], hours: [] })
  })

  it('tells the spans that begin before the end, from the one on that holds the beginning, of each breaker', async () => {
    const { store } = world()
    const some = (device: string) => [0, 1, 2, 3].map((n) => ({ ...sample(n * HOUR, { power: n }), device }))
    await commit(...some('b'), ...some('a'))
    for (const isPutAway of [false, true]) {
      if (isPutAway) {
        world().advance(6 * HOUR)
        await tidied()
      }
      const starts = async (from: number, to: number, span: 'minute' | 'hour' = 'hour') =>
        (await store.summaries(['b', 'unknown', 'a'], span, START + from, START + to)).map((all) =>
          Array.from(all, ({ device, start }) => `${device} ${(start - START) / HOUR}`),
        )
      const [one, two] = [HOUR, 2 * HOUR]
      expect(await starts(one + 1, two + 1)).toEqual([['b 1', 'b 2'], [], ['a 1', 'a 2']])
      expect(await starts(one, two)).toEqual([['b 1'], [], ['a 1']])
      expect(await starts(one + 1, two + 1, 'minute')).toEqual([['b 1', 'b 2'], [], ['a 1', 'a 2']])
      expect(await starts(one + MINUTE, two)).toEqual([['b 1'], [], ['a 1']])
      expect(await starts(one + MINUTE, two, 'minute')).toEqual([[], [], []])
      expect(await starts(4 * HOUR, DAY)).toEqual([[], [], []])
    }
  })

  it('joins what comes later than samples are kept to the minute and the hour', async () => {
    const [first, last] = [sample(10_000, { power: 10, energy: 1 }), sample(50_000, { power: 30, energy: 2 })]
    await commit(first, last)
    world().advance(8 * DAY)
    await tidied()
    expect(await all()).toEqual([])
    const later = [sample(30_000, { power: 26, energy: 1.5 }), sample(70_000, { power: 30, energy: 2.5 })]
    await commit(...later)
    for (const putAway of [async () => {}, tidied]) {
      await putAway()
      const [minute, next, ...more] = await of('minute')
      expect(minute).toEqual({
        ...summarise('d', START, MINUTE, [first, last]),
        count: 3,
        power: { min: 10_000, max: 30_000, sum: 66_000, count: 3 },
      })
      expect([next, more]).toEqual([summarise('d', START + MINUTE, MINUTE, later.slice(1)), []])
      const [hour, ...others] = await of('hour')
      expect(others).toEqual([])
      expect(hour).toMatchObject({ count: 4, lastAt: START + 70_000, counter: { used: 1.5, resets: 0 } })
    }
  })

  it('keeps each age as long as it is told', async () => {
    await world().reopen({ keep: { raw: HOUR, minutes: 6 * HOUR, hours: 3 * DAY } })
    await commit(sample(0, { energy: 1 }))
    await tidied()
    const left = async () => [await all(), await of('minute'), await of('hour')].map(({ length }) => length)
    expect(await left()).toEqual([1, 1, 1])
    world().advance(HOUR)
    await tidied()
    expect(await left()).toEqual([0, 1, 1])
    world().advance(4 * HOUR)
    await tidied()
    expect(await left()).toEqual([0, 0, 1])
    world().advance(5 * DAY)
    await tidied()
    expect(await left()).toEqual([0, 0, 0])
  })

  it('tells the same, in whatever order and parts samples come and are put away', async () => {
    let runs = 0
    const arrivals = fc.array(
      fc.record({ samples: fc.array(measured, { maxLength: 30 }), isPutAway: fc.boolean() }),
      { maxLength: 4 },
    )
    world().advance(3 * HOUR)
    await fc.assert(
      fc.asyncProperty(arrivals, async (parts) => {
        const device = `run ${++runs}`
        const known = new Map<number, Sample>()
        for (const { samples, isPutAway } of parts) {
          for (const values of samples) {
            const one = { ...values, at: START + values.at, device }
            known.set(one.at, { ...known.get(one.at), ...one })
            await commit(one)
          }
          if (isPutAway) await tidied()
        }
        const whole = [...known.values()].sort((a, b) => a.at - b.at)
        expect(await all(device)).toEqual(whole)
        for (const span of ['minute', 'hour'] as const)
          expect(await of(span, device)).toEqual(expected(whole, span))
      }),
      { numRuns: 15 },
    )
  })
}

/** Redis knows no zero below zero. */
const double = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0)
const value = fc.oneof(fc.integer({ min: -10, max: 300 }), double)
/** Within two hours and a bit, often at the same time. */
const measured = fc.record(
  {
    at: fc.oneof(
      fc.nat(130 * MINUTE),
      fc.nat(8).map((n) => n * 17 * MINUTE),
    ),
    voltage: value,
    current: value,
    power: value,
    apparent: value,
    energy: value,
  },
  { requiredKeys: ['at'] },
)

/** What the samples of one breaker, in order of time, come to. */
function expected(samples: Sample[], span: 'minute' | 'hour'): Summary[] {
  const length = LENGTH[span]
  return [...Map.groupBy(samples, ({ at }) => Math.floor(at / length) * length)].map(([start, some]) =>
    summarise(some[0]!.device, start, length, some),
  )
}
