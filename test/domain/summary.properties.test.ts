import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { join, type Measured, QUANTITIES, type Summary, summarise } from '../../src/domain/summary.ts'
import { GAP, mostIn } from '../../src/domain/summary-join.ts'

const SPAN = 3_600_000
const thousandths = (max: number) => fc.integer({ min: 0, max: max * 1000 }).map((n) => n / 1000)
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 4 })

/** Of these, none seems to be another with fewer decimals. */
const apart = fc.integer({ min: 1, max: 4999 }).map((n) => n * 2)

/** Of one hour, with all that can be missing, counters that jump and fall. */
const samples = fc
  .uniqueArray(
    fc.record({
      at: fc.integer({ min: 0, max: SPAN - 1 }),
      energy: maybe(fc.oneof(thousandths(0.9), apart)),
      power: maybe(thousandths(13_200)),
      voltage: maybe(thousandths(260)),
      current: maybe(thousandths(60)),
      apparent: maybe(thousandths(15_000)),
    }),
    { minLength: 1, maxLength: 40, selector: ({ at }) => at },
  )
  .map((some) => some.map(known).sort((a, b) => a.at - b.at))

const known = (sample: object) =>
  Object.fromEntries(Object.entries(sample).filter(([, value]) => value !== undefined)) as unknown as Measured
const of = (some: readonly Measured[]) => summarise('1', 0, SPAN, some)

/**
 * Each a minute later than the one before: a counter that rises, begins anew once, and is read to 0 to 3 decimals, but for
 * its first kWh: there, fewer of them would be another beginning.
 */
const readings = fc
  .record({
    shown: fc.integer({ min: 1000, max: 9_999_000 }),
    steps: fc.array(fc.record({ wh: fc.nat(800), decimals: fc.nat(3) }), { minLength: 1, maxLength: 40 }),
    anew: fc.nat(60),
  })
  .map(({ shown, steps, anew }) => {
    let wh = shown
    return steps.map((step, n): Measured => {
      wh = (n === anew ? 0 : wh) + step.wh
      const coarse = wh < 1000 ? 1 : 10 ** (3 - step.decimals)
      return { at: n * 60_000, energy: (Math.floor(wh / coarse) * coarse) / 1000 }
    })
  })

/** Neighbours joined one by one, as chosen. */
function joinedBy(choices: readonly number[], all: readonly Measured[]): Summary {
  const parts = all.map((sample) => of([sample]))
  for (const choice of choices) {
    if (parts.length === 1) break
    const i = choice % (parts.length - 1)
    parts.splice(i, 2, join(parts[i]!, parts[i + 1]!))
  }
  return parts.reduce((a, b) => join(a, b))
}

describe('summaries', () => {
  test('of any parts, joined in any order that keeps neighbours together, are the summary of the whole', () =>
    fc.assert(
      fc.property(samples, fc.array(fc.nat(), { maxLength: 40 }), (all, choices) => {
        expect(joinedBy(choices, all)).toEqual(of(all))
      }),
    ))

  test('of a counter that is read with fewer decimals now and then, and begins anew once, are that of the whole', () =>
    fc.assert(
      fc.property(readings, fc.array(fc.nat(), { maxLength: 40 }), (all, choices) => {
        expect(joinedBy(choices, all)).toEqual(of(all))
      }),
    ))

  test('hold the least, the greatest and the sum of what was measured', () =>
    fc.assert(
      fc.property(samples, (all) => {
        const summary = of(all)
        for (const quantity of QUANTITIES) {
          const values = all.flatMap((one) => one[quantity] ?? []).map((value) => Math.round(value * 1000))
          expect(summary[quantity]).toEqual(
            values.length === 0
              ? undefined
              : {
                  min: Math.min(...values),
                  max: Math.max(...values),
                  sum: values.reduce((a, b) => a + b, 0),
                  count: values.length,
                },
          )
        }
      }),
    ))

  test('of a counter that only rises, as it can, hold the difference of its readings', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 60 }), (steps) => {
        let shown = 812_345
        const all = steps.map((step, i) => {
          shown += step
          return { at: i * 60_000, energy: shown / 100 }
        })
        const { counter } = of(all)
        expect(counter).toEqual({
          first: all[0],
          last: all.at(-1),
          used: (shown - 812_345 - steps[0]!) / 100,
          resets: 0,
        })
      }),
    ))

  test('which late samples lie in between stay what they were; what reaches beyond is counted', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 58 }), (late) => {
        const all = Array.from({ length: 60 }, (_, i) => ({ at: i * 60_000, energy: i / 100, power: 600 }))
        const others = all.filter((_, i) => i !== late)
        for (const [a, b] of [
          [of(others), of([all[late]!])],
          [of([all[late]!]), of(others)],
        ] as const) {
          const whole = join(a, b)
          expect(whole).toMatchObject({ count: 60, counter: { used: 0.59, resets: 0 } })
          expect(whole.load!.energy).toBeCloseTo(0.59, 6)
        }
        const early = join(of(all.slice(late)), of(all.slice(0, late + 1)))
        expect(early.counter).toEqual(of(all).counter)
      }),
    ))
})

describe('a counter', () => {
  const counted = (...some: Measured[]) => of(some).counter
  const MIN = 60_000

  test.each<[string, Measured[], number, number]>([
    [
      'that fell counts what it shows since',
      [
        { at: 0, energy: 50 },
        { at: MIN, energy: 0.2 },
      ],
      0.2,
      1,
    ],
    [
      'that was read with fewer decimals in between counts on as if it had not been',
      [
        { at: 0, energy: 1532.81 },
        { at: MIN, energy: 1532 },
        { at: 2 * MIN, energy: 1532.9 },
      ],
      0.09,
      0,
    ],
    [
      'that began anew in its first kWh is believed',
      [
        { at: 0, energy: 0.9 },
        { at: MIN, energy: 0.1 },
      ],
      0.1,
      1,
    ],
    [
      'that another took the place of counts what the power says',
      [
        { at: 0, energy: 50, power: 6000 },
        { at: MIN, energy: 812, power: 6000 },
      ],
      0.1,
      1,
    ],
    [
      'that another took the place of counts nothing where no power is known',
      [
        { at: 0, energy: 812 },
        { at: MIN, energy: 50 },
      ],
      0,
      1,
    ],
    [
      'that was away long counts all that it can have counted',
      [
        { at: 0, energy: 50 },
        { at: SPAN - 1, energy: 150 },
      ],
      100,
      0,
    ],
  ])('%s', (_, some, used, resets) => expect(counted(...some)).toMatchObject({ used, resets }))

  test('that is read with fewer decimals and begins anew in one span counts what it showed more, and what it shows since', () => {
    const anew = [100, 101.2, 0.3].map((energy, n) => ({ at: (n + 1) * MIN, energy }))
    const whole = join(of([{ at: 0, energy: 100.7 }]), of(anew))
    expect(whole.counter).toMatchObject({ used: 0.8, resets: 1, last: { energy: 0.3 } })
  })

  test('may make one step of 1 kWh at any time', () => expect(mostIn(0)).toBe(1))
})

describe('the power between two samples', () => {
  const load = (apart: number): Summary['load'] =>
    of([
      { at: 0, power: 1000 },
      { at: apart, power: 3000 },
    ]).load
  test('is the mean of both', () => expect(load(GAP)).toMatchObject({ energy: 0.333333333, covered: GAP }))
  test('is not known if they are far apart', () =>
    expect(load(GAP + 1)).toMatchObject({ energy: 0, covered: 0 }))
})

test('two spans that follow each other are the span that holds both, or the one that is asked for', () => {
  const [a, b] = [summarise('1', 0, 60_000, [{ at: 5 }]), summarise('1', 60_000, 60_000, [{ at: 60_005 }])]
  expect(join(a, b)).toEqual({ device: '1', start: 0, span: 120_000, count: 2, firstAt: 5, lastAt: 60_005 })
  expect(join(b, a, SPAN, 0)).toMatchObject({ start: 0, span: SPAN, firstAt: 5 })
})
