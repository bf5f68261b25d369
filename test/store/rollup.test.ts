import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  HOUR,
  MINUTE,
  merge,
  mergeRuns,
  type Rollup,
  rollUp,
  toSamples,
  widen,
} from '../../src/store/rollup.ts'
import type { Sample } from '../../src/store/store.ts'

const value = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: undefined })
const samples = fc
  .uniqueArray(fc.record({ at: fc.nat(3 * HOUR), voltage: value, power: value, energy: value }), {
    minLength: 1,
    selector: ({ at }) => at,
  })
  .map((some) => some.toSorted((a, b) => a.at - b.at).map(known))

/** Without what is undefined. */
function known(values: { at: number; [name: string]: number | undefined }): Sample {
  return JSON.parse(JSON.stringify({ device: 'd', ...values })) as Sample
}

function counterAt(some: Sample[], at: number) {
  const last = some.findLast((one) => one.energy !== undefined && one.at <= at)
  return last && { at: last.at, energy: last.energy }
}

const roll = (some: Sample[], span: number): Rollup[] => mergeRuns(some.map((one) => rollUp(one, span)))

describe('rolling up', () => {
  it('leaves the counter at the end of every span as it was', () => {
    fc.assert(
      fc.property(samples, fc.constantFrom(MINUTE, HOUR), fc.nat(200), (some, span, n) => {
        const kept = roll(some, span).flatMap((rollup) => toSamples(rollup, span))
        expect(counterAt(kept, n * span)).toEqual(counterAt(some, n * span))
      }),
    )
  })

  it('keeps the first reading of a span as well, each at its own time', () => {
    const [rollup] = roll(
      [known({ at: 1000, energy: 5 }), known({ at: 2000, energy: 5.5, voltage: 230 })],
      MINUTE,
    )
    expect(toSamples(rollup!, MINUTE)).toMatchObject([
      { device: 'd', at: 1000, energy: 5 },
      { device: 'd', at: 2000, energy: 5.5, voltage: 230 },
    ])
  })

  it('makes the same of an hour at once and by its minutes, in whatever order', () => {
    fc.assert(
      fc.property(samples, fc.infiniteStream(fc.nat()), (some, order) => {
        const hours = roll(some, HOUR)
        const minutes = roll(some, MINUTE).map((minute) => widen(minute, HOUR))
        expect(mergeRuns(minutes)).toEqual(hours)
        const first = minutes.filter(({ start }) => start === hours[0]!.start)
        const shuffled = first.toSorted(() => (order.next().value % 2 ? 1 : -1))
        expect(shuffled.reduce(merge)).toEqual(hours[0])
      }),
    )
  })

  it('tells means and bounds to a thousandth', () => {
    const some = [230, 231, 231].map((voltage, at) => known({ at, voltage, current: 0.0004 }))
    expect(roll(some, MINUTE).flatMap((rollup) => toSamples(rollup, MINUTE))).toEqual([
      {
        device: 'd',
        at: 2,
        voltage: 230.667,
        current: 0,
        rollup: {
          from: 0,
          span: MINUTE,
          count: 3,
          min: { voltage: 230, current: 0 },
          max: { voltage: 231, current: 0 },
        },
      },
    ])
  })
})
