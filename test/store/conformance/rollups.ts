import { expect, it } from 'vitest'
import type { Sample } from '../../../src/store/store.ts'
import { START, until, type World } from '../support/world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Measured values as they grow old: raw, by minute, by hour, gone. */
export function rollupConformance(world: () => World): void {
  const sample = (after: number, more: Partial<Sample>): Sample => ({
    device: 'd',
    at: START + after,
    ...more,
  })
  const all = () => world().store.samples('d', 0, START + 1000 * DAY)
  const kept = (count: number) => until(async () => (await all()).length === count)

  it('rolls samples up by minute after a week, by hour after 90 days, and drops them after two years', async () => {
    const raw = [
      sample(0, { voltage: 230, current: 1.5, energy: 10 }),
      sample(20_000, { voltage: 234.25, current: 4, power: 900, energy: 10.02 }),
      sample(40_000, { voltage: 220 }),
      sample(90_000, { voltage: 240, energy: 10.0625 }),
    ]
    await world().store.commit({ samples: raw })
    world().advance(7 * DAY)
    await world().store.commit({ samples: [{ ...raw[0]!, device: 'other' }] })
    expect(await all()).toEqual(raw)

    world().advance(HOUR)
    await kept(3)
    const ofMinute = { from: START, span: MINUTE, count: 3 }
    const ofNext = {
      from: START + MINUTE,
      span: MINUTE,
      count: 1,
      min: { voltage: 240 },
      max: { voltage: 240 },
    }
    expect(await all()).toEqual([
      sample(0, { energy: 10 }),
      {
        ...sample(20_000, { voltage: 228.083, current: 2.75, power: 900, energy: 10.02 }),
        rollup: {
          ...ofMinute,
          min: { voltage: 220, current: 1.5, power: 900 },
          max: { voltage: 234.25, current: 4, power: 900 },
        },
      },
      { ...sample(90_000, { voltage: 240, energy: 10.0625 }), rollup: ofNext },
    ])

    await world().reopen()
    world().advance(83 * DAY)
    await kept(2)
    expect(await all()).toEqual([
      sample(0, { energy: 10 }),
      {
        ...sample(90_000, { voltage: 231.063, current: 2.75, power: 900, energy: 10.0625 }),
        rollup: {
          from: START,
          span: HOUR,
          count: 4,
          min: { voltage: 220, current: 1.5, power: 900 },
          max: { voltage: 240, current: 4, power: 900 },
        },
      },
    ])
    world().advance(640 * DAY)
    await kept(0)
  })

  it('tells the same counter at the end of every hour, whatever the age', async () => {
    const { store, advance } = world()
    const samples = Array.from({ length: 400 }, (_, n) =>
      // Some hours without a reading, some samples without the counter.
      sample(n * 97_000 + Math.floor(n / 100) * 3 * HOUR, {
        power: n % 7,
        ...(n % 5 > 0 && { energy: n * 0.37 }),
      }),
    )
    await store.commit({ samples })
    async function counters() {
      const readings = (await all()).filter(({ energy }) => energy !== undefined)
      return Array.from({ length: 24 }, (_, hour) => {
        const end = START + hour * HOUR
        const last = readings.findLast(({ at }) => at <= end)
        return last && [last.at, last.energy]
      })
    }
    const fresh = await counters()
    for (const [age, span] of [
      [8 * DAY, MINUTE],
      [90 * DAY, HOUR],
    ] as const) {
      advance(age)
      const ofSpan = async () => (await all()).filter(({ rollup }) => rollup?.span === span)
      const count = async () => (await ofSpan()).reduce((sum, { rollup }) => sum + rollup!.count, 0)
      await until(async () => (await count()) === samples.length)
      expect(await counters()).toEqual(fresh)
    }
    expect((await all()).length).toBeLessThan(50)
  })

  it('finds them over all ages: the last at or before a time, pages, and bounds', async () => {
    const { store, advance } = world()
    const every = (from: number, step: number) =>
      Array.from({ length: 5 }, (_, n) => sample(from + n * step, { voltage: 230, energy: from + n }))
    await store.commit({ samples: every(30 * MINUTE, 20 * MINUTE) })
    advance(100 * DAY)
    await store.commit({ samples: every(80 * DAY, 20_000) })
    await store.commit({ samples: every(100 * DAY, 1000) })
    await until(async () => (await all()).length === 4 + 4 + 5)
    const found = await all()
    expect(found.map(({ at }) => at)).toEqual(found.map(({ at }) => at).toSorted((a, b) => a - b))
    for (const [n, one] of found.entries()) {
      expect(await store.sampleAt('d', one.at)).toEqual(one)
      expect(await store.sampleAt('d', one.at - 1)).toEqual(found[n - 1])
      expect(await store.samples('d', one.at, START + 1000 * DAY, 3)).toEqual(found.slice(n, n + 3))
      expect(await store.samples('d', one.at + 1, found.at(-1)!.at)).toEqual(found.slice(n + 1, -1))
    }
  })

  it('adds a sample that comes late to the roll-up of its time', async () => {
    const { store, advance } = world()
    await store.commit({ samples: [sample(20_000, { voltage: 230, energy: 2 })] })
    advance(8 * DAY)
    await until(async () => (await all())[0]?.rollup !== undefined)
    await store.commit({
      samples: [sample(10_000, { voltage: 231, energy: 1 }), sample(30_000, { voltage: 232, energy: 3 })],
    })
    advance(HOUR)
    await until(async () => (await all()).at(-1)?.rollup?.count === 3)
    expect(await all()).toMatchObject([
      sample(10_000, { energy: 1 }),
      sample(30_000, { voltage: 231, energy: 3 }),
    ])
  })

  it('keeps each age as long as it is told', async () => {
    await world().reopen({ keep: { samples: HOUR, minutes: 2 * HOUR, hours: DAY } })
    await world().store.commit({ samples: [sample(0, { energy: 1 })] })
    for (const [pass, span] of [
      [61 * MINUTE, MINUTE],
      [2 * HOUR, HOUR],
    ] as const) {
      world().advance(pass)
      await until(async () => (await all())[0]?.rollup?.span === span)
    }
    world().advance(DAY)
    await kept(0)
  })
}
