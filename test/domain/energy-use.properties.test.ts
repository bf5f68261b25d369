import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flowsOf } from '../../src/domain/energy-flows.ts'
import { peakOf, powerFactor } from '../../src/domain/energy-load.ts'
import { energyIn, sumOf } from '../../src/domain/energy-use.ts'
import { type Measured, type Summary, summarise } from '../../src/domain/summary.ts'
import { costOf, costsIn, ratesIn, type Tariff } from '../../src/domain/tariff.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const LIMITS = { gap: 15 * MINUTE }

const summariesBy = (samples: readonly Measured[], span: number): Summary[] =>
  [...Map.groupBy(samples, ({ at }) => Math.floor(at / span) * span)].map(([start, some]) =>
    summarise('1', start, span, some),
  )
const flowsBy = (samples: readonly Measured[], span = HOUR) => flowsOf(summariesBy(samples, span), LIMITS)

/** A day of anything: counters that rise, fall and jump, pauses, samples that hold one thing only. */
const anyDay = fc
  .array(
    fc.record(
      {
        after: fc.oneof(fc.integer({ min: 0, max: 10 * MINUTE }), fc.integer({ min: 0, max: 6 * HOUR })),
        energy: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 99_999_99 })),
        power: fc.integer({ min: 0, max: 13_000 }),
      },
      { requiredKeys: ['after'] },
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((steps) => {
    let at = 0
    return steps.map(({ after, energy, power }): Measured => {
      at += after
      return {
        at,
        ...(energy !== undefined && { energy: energy / 100 }),
        ...(power !== undefined && { power }),
      }
    })
  })
const edges = fc
  .array(fc.integer({ min: -HOUR, max: DAY }), { minLength: 2, maxLength: 30 })
  .map((some) => some.sort((a, b) => a - b))

/** A counter that only rises, each few minutes, shown in hundredths. */
const rising = fc
  .array(fc.record({ after: fc.integer({ min: 1, max: 40 }), used: fc.integer({ min: 0, max: 90 }) }), {
    minLength: 2,
    maxLength: 80,
  })
  .map((steps) => {
    let [at, shown] = [0, 4_200_017]
    return steps.map(({ after, used }): Measured => {
      at += after * MINUTE
      shown += used
      return { at, energy: shown / 100, power: 500 }
    })
  })

describe('energy', () => {
  test('of parts is that of the whole, wherever it is cut', () =>
    fc.assert(
      fc.property(anyDay, edges, (samples, cuts) => {
        const flows = flowsBy(samples)
        const [whole] = energyIn(flows, [cuts[0]!, cuts.at(-1)!])
        const sum = sumOf(energyIn(flows, cuts))
        expect(sum.kwh).toBe(whole!.kwh)
        expect(Math.abs(sum.missing - whole!.missing)).toBeLessThan(cuts.length)
        expect(sum.resets).toBe(whole!.resets)
      }),
    ))

  test('is never less than nothing, and no more of a time is missing or estimated than there is', () =>
    fc.assert(
      fc.property(anyDay, edges, (samples, cuts) => {
        for (const use of energyIn(flowsBy(samples), cuts)) {
          expect(use.kwh).toBeGreaterThanOrEqual(0)
          expect(use.missing).toBeGreaterThanOrEqual(0)
          expect(use.missing + use.estimated).toBeLessThanOrEqual(use.to - use.from)
          if (use.by === undefined) expect(use).toMatchObject({ kwh: 0, missing: use.to - use.from })
        }
      }),
    ))

  test('flows once at a time', () =>
    fc.assert(
      fc.property(anyDay, (samples) => {
        const flows = flowsBy(samples).filter(({ from, to }) => to > from)
        flows.slice(1).forEach((flow, i) => {
          expect(flow.from).toBeGreaterThanOrEqual(flows[i]!.to)
        })
      }),
    ))

  test('by a counter is the difference of what it showed, by whatever spans it is kept', () =>
    fc.assert(
      fc.property(rising, fc.constantFrom(MINUTE, 10 * MINUTE, HOUR, 6 * HOUR), (samples, span) => {
        const flows = flowsBy(samples, span)
        const [first, last] = [samples[0]!, samples.at(-1)!]
        const [use] = energyIn(flows, [first.at, last.at])
        const hundredths = Math.round(last.energy! * 100) - Math.round(first.energy! * 100)
        expect(use).toMatchObject({ kwh: hundredths / 100, missing: 0, estimated: 0, by: 'counter' })
        // What is kept by minute knows more of what lies within an hour, but not of the hours themselves.
        const hours = Array.from({ length: 56 }, (_, i) => i * HOUR)
        const byHour = (some: typeof flows) => energyIn(some, hours).map(({ kwh }) => kwh)
        if (span <= HOUR) expect(byHour(flows)).toEqual(byHour(flowsBy(samples, MINUTE)))
      }),
    ))

  test('costs in parts what the whole costs, at rates by the clock', () =>
    fc.assert(
      fc.property(anyDay, edges, (samples, cuts) => {
        const flows = flowsBy(samples)
        const cost = (from: number, to: number) =>
          costOf(flows, ratesIn(TARIFF, { from, to }, 'Asia/Shanghai'))
        const whole = cost(cuts[0]!, cuts.at(-1)!)
        const parts = cuts.slice(1).map((to, i) => cost(cuts[i]!, to))
        const rates = ratesIn(TARIFF, { from: -DAY, to: 4 * DAY }, 'Asia/Shanghai')
        expect(costsIn(flows, rates, cuts)).toEqual(parts)
        expect(parts.reduce((sum, { amount }) => sum + amount, 0)).toBeCloseTo(whole.amount, 4)
        const used = whole.kwh.peak + whole.kwh.flat + whole.kwh.valley
        expect(used).toBeCloseTo(energyIn(flows, [cuts[0]!, cuts.at(-1)!])[0]!.kwh, 6)
      }),
    ))
})

const TARIFF: Tariff = {
  name: '峰谷',
  currency: 'CNY',
  prices: { peak: 1.1, flat: 0.7, valley: 0.35 },
  times: [
    { rate: 'peak', from: 510, to: 660 },
    { rate: 'valley', from: 1320, to: 360 },
  ],
}

describe('a pause', () => {
  const used = (samples: Measured[], ...cuts: number[]) => energyIn(flowsBy(samples), cuts)

  test('with a counter: known as a whole, shared evenly by the hours and marked there', () => {
    const samples = [
      { at: 0, energy: 10, power: 100 },
      { at: 4 * HOUR, energy: 12, power: 100 },
    ]
    expect(used(samples, 0, 4 * HOUR)).toMatchObject([{ kwh: 2, estimated: 0, missing: 0, by: 'counter' }])
    expect(used(samples, 0, HOUR, 4 * HOUR)).toMatchObject([
      { kwh: 0.5, estimated: HOUR, missing: 0 },
      { kwh: 1.5, estimated: 3 * HOUR, missing: 0 },
    ])
  })

  test('without one: nothing is made up, and the time is marked', () => {
    const samples = [
      { at: 0, power: 1000 },
      { at: 5 * MINUTE, power: 1000 },
      { at: HOUR, power: 1000 },
    ]
    const [use] = used(samples, 0, HOUR)
    expect(use).toMatchObject({ missing: 55 * MINUTE, estimated: 0, by: 'power' })
    expect(use!.kwh).toBeCloseTo(1 / 12, 6)
  })

  test('before the first and after the last sample is unknown, and so is a time without any', () => {
    expect(used([{ at: HOUR, energy: 5 }], 0, 2 * HOUR, 3 * HOUR)).toEqual([
      { from: 0, to: 2 * HOUR, kwh: 0, estimated: 0, missing: 2 * HOUR, resets: 0 },
      { from: 2 * HOUR, to: 3 * HOUR, kwh: 0, estimated: 0, missing: HOUR, resets: 0 },
    ])
  })
})

describe('a counter', () => {
  const LATER = HOUR - MINUTE
  const used = (limits: { gap: number; watts?: number }, ...energies: number[]) =>
    energyIn(
      flowsOf(
        summariesBy(
          energies.map((energy, i) => ({ at: LATER + i * 2 * MINUTE, energy, power: 3000 })),
          HOUR,
        ),
        limits,
      ),
      [LATER, HOUR + MINUTE],
    )[0]

  test('that began anew counts what it shows since', () =>
    expect(used(LIMITS, 812, 0.3)).toMatchObject({ kwh: 0.3, resets: 1, by: 'counter', missing: 0 }))

  test('that is read with fewer decimals now and then counts the same, whatever lies in one summary', () => {
    fc.assert(
      fc.property(
        rising,
        fc.array(fc.boolean()),
        fc.constantFrom(10 * MINUTE, HOUR),
        (samples, coarse, span) => {
          // The first and the last reading say what there is to say.
          const isCoarse = (i: number) => i > 0 && i < samples.length - 1 && coarse[i]
          const read = samples.map((one, i) =>
            isCoarse(i) ? { ...one, energy: Math.floor(one.energy!) } : one,
          )
          const [first, last] = [samples[0]!, samples.at(-1)!]
          const use = sumOf(energyIn(flowsBy(read, span), [first.at, last.at]))
          expect(use.kwh).toBeCloseTo(last.energy! - first.energy!, 6)
          expect(use.resets).toBe(0)
        },
      ),
    )
  })

  test('that was read with fewer decimals in between is no other one', () =>
    expect(used(LIMITS, 97.61, 97)).toMatchObject({ kwh: 0, resets: 0, by: 'counter' }))

  test('that another took the place of leaves the time to the power', () => {
    expect(used(LIMITS, 812, 97)).toMatchObject({ kwh: 0.1, resets: 1, by: 'power', missing: 0 })
    expect(used(LIMITS, 97, 812)).toMatchObject({ kwh: 0.1, resets: 1, by: 'power', missing: 0 })
  })

  test('is measured by what the breaker can carry, where that is known', () => {
    expect(used(LIMITS, 97, 99)).toMatchObject({ kwh: 2, resets: 0, by: 'counter' })
    expect(used({ ...LIMITS, watts: 9000 }, 97, 99)).toMatchObject({ kwh: 0.1, resets: 1, by: 'power' })
  })
})

describe('load', () => {
  const hours = summariesBy(
    [
      { at: 0, power: 100, apparent: 500 },
      { at: MINUTE, power: 300 },
      { at: HOUR, power: 900.5, apparent: 1000 },
      { at: 2 * HOUR, current: 3 },
    ],
    HOUR,
  )
  test('peaks where it was highest', () => {
    expect(peakOf(hours)).toEqual({ value: 900.5, from: HOUR, to: HOUR })
    expect(peakOf(hours, 'current')).toEqual({ value: 3, from: 2 * HOUR, to: 2 * HOUR })
    expect(peakOf(hours, 'voltage')).toBeUndefined()
  })
  test('has the power factor of all that was measured of both powers', () => {
    expect(powerFactor(hours.slice(1))).toBeCloseTo(0.9005)
    expect(powerFactor(hours)).toBeCloseTo((200 + 900.5) / 1500, 6)
    expect(powerFactor(hours.slice(2))).toBeUndefined()
  })
})

test('a counter that is asked for less often than the power is reported has a rhythm of its own', () => {
  const samples = Array.from(
    { length: 24 * 60 },
    (_, i): Measured => ({
      at: i * MINUTE,
      power: 3000,
      ...(i % 20 === 5 && { energy: i / 20 }),
    }),
  )
  const limits = { gap: 5 * MINUTE }
  const hours = energyIn(flowsOf(summariesBy(samples, HOUR), limits), [HOUR, 2 * HOUR, 3 * HOUR])
  for (const use of hours) {
    expect(use).toMatchObject({ estimated: 0, missing: 0, by: 'counter' })
    expect(use.kwh).toBeCloseTo(3, 6)
  }
})
