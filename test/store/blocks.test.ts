import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Summary } from '../../src/domain/summary.ts'
import { summarise } from '../../src/domain/summary.ts'
import {
  BlockError,
  packSamples,
  packSummaries,
  unpackSamples,
  unpackSummaries,
} from '../../src/store/blocks.ts'
import { createSink, getNumber, packColumn, putNumber, unpackColumn } from '../../src/store/columns.ts'
import type { Sample } from '../../src/store/sample.ts'

/** What is measured, and whatever else a number can be. */
const number = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -50_000, max: 50_000 }).map((n) => n / 100) },
  { weight: 2, arbitrary: fc.integer() },
  fc.maxSafeInteger(),
  fc.double({ noNaN: true }),
  fc.constantFrom(-0, Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53, -(2 ** 49), 0.1 + 0.2, 1e-9),
)
const column = fc.oneof(
  fc.array(number),
  fc.array(fc.option(number, { nil: Number.NaN })),
  fc.array(fc.integer({ min: -999, max: 999 }).map((n) => n / 10)),
  fc.array(fc.maxSafeInteger()),
)
/** Of which sums are numbers. */
const sensible = number.filter((value) => Math.abs(value) < 1e15)
const HOUR = 3_600_000
const START = Date.UTC(2026, 0, 1)

describe('a column', () => {
  it('gives back exactly what was put into it, and ends where it ended', () => {
    fc.assert(
      fc.property(column, fc.nat(), (values, after) => {
        const sink = createSink()
        packColumn(sink, values)
        putNumber(sink, after)
        const source = { bytes: sink.bytes.subarray(0, sink.length), at: 0 }
        // Also tells 0 from -0.
        expect([...unpackColumn(source, values.length)]).toStrictEqual(values)
        expect(getNumber(source)).toBe(after)
        expect(source.at).toBe(sink.length)
      }),
    )
  })

  it('is short where values are decimals that change little', () => {
    const sizeOf = (values: number[]) => {
      const sink = createSink()
      packColumn(sink, values)
      return sink.length
    }
    const range = Array.from({ length: 100 }, (_, n) => n)
    expect(sizeOf(range.map((n) => START + n * 30_000))).toBeLessThan(115)
    expect(sizeOf(range.map((n) => (2298 + (n % 5)) / 10))).toBeLessThan(105)
    expect(sizeOf(range.map((n) => (123_450 + n) / 100))).toBeLessThan(106)
    expect(sizeOf(range.map((n) => Math.sin(n)))).toBe(801)
  })
})

const samples = fc
  .uniqueArray(
    fc.record(
      {
        at: fc.nat(HOUR),
        voltage: sensible,
        current: sensible,
        power: sensible,
        apparent: sensible,
        energy: sensible,
      },
      { requiredKeys: ['at'], noNullPrototype: true },
    ),
    { minLength: 1, selector: ({ at }) => at },
  )
  .map((some) =>
    some
      .toSorted((a, b) => a.at - b.at)
      .map((values): Sample => ({ ...values, at: START + values.at, device: 'd' })),
  )

describe('a block', () => {
  it('leaves out an apparent power that follows from the rest, and gives it back', () => {
    const withApparent = (
      apparent: (sample: { voltage: number; current: number; power: number }) => number,
    ) =>
      Array.from({ length: 100 }, (_, n): Sample => {
        const values = { voltage: (2300 + (n % 7)) / 10, current: (n % 13) / 10, power: n }
        return { device: 'd', at: START + n * 30_000, ...values, apparent: apparent(values) }
      })
    const product = withApparent(({ voltage, current }) => voltage * current)
    const real = withApparent(({ power }) => power)
    const other = withApparent(({ power }) => Math.sqrt(power))
    for (const some of [product, real, other])
      expect(unpackSamples('d', packSamples(some))).toStrictEqual(some)
    const [one, two, three] = [product, real, other].map((some) => packSamples(some).length)
    expect(Math.max(one!, two!)).toBeLessThan(three! - 400)
  })

  it('gives back its samples', () => {
    fc.assert(
      fc.property(samples, (some) => {
        expect(unpackSamples('d', packSamples(some))).toStrictEqual(some)
      }),
    )
  })

  it('gives back its summaries', () => {
    const summaries = fc
      .array(fc.tuple(samples, fc.nat(50)))
      .map((some) => some.map(([all, n]): Summary => summarise('d', START + n * HOUR, HOUR, all)))
    fc.assert(
      fc.property(summaries, (some) => {
        expect(unpackSummaries('d', HOUR, packSummaries(some))).toStrictEqual(some)
      }),
    )
  })

  it('gives back summaries that say something else than the rest of them lets expect', () => {
    const plain = { noNullPrototype: true }
    const reading = fc.record({ at: number, energy: number }, plain)
    const power = fc.record({ at: number, power: number }, plain)
    const spread = fc.record(
      { min: number, max: number, sum: number, count: fc.oneof(fc.nat(3), number) },
      plain,
    )
    const counter = { first: reading, last: reading, used: number, resets: fc.nat(3) }
    const load = { first: power, last: power, energy: number, covered: number }
    const row = fc.record(
      { power: spread, apparent: spread, counter: fc.record(counter, plain), load: fc.record(load, plain) },
      { requiredKeys: [], ...plain },
    )
    const edges = fc.record({ count: fc.constantFrom(1, 2, 3), firstAt: number, lastAt: number }, plain)
    fc.assert(
      fc.property(fc.array(fc.tuple(row, edges)), (some) => {
        const all = some.map(
          ([parts, times], n): Summary => ({
            device: 'd',
            start: START + n * HOUR,
            span: HOUR,
            ...times,
            ...parts,
          }),
        )
        expect(unpackSummaries('d', HOUR, packSummaries(all))).toStrictEqual(all)
      }),
    )
  })

  it('says so when it cannot be read, whatever bit of it is wrong', () => {
    const whole = Array.from(
      { length: 50 },
      (_, n): Sample => ({ device: 'd', at: START + n * 977, power: n }),
    )
    const block = packSamples(whole)
    fc.assert(
      fc.property(fc.nat(block.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const damaged = Uint8Array.from(block)
        damaged[at]! ^= mask
        expect(() => unpackSamples('d', damaged)).toThrow(BlockError)
        expect(() => unpackSamples('d', block.subarray(0, at))).toThrow(BlockError)
      }),
    )
    const newer = Uint8Array.from(block)
    newer[0] = 9
    expect(() => unpackSamples('d', newer)).toThrow('its form 9 is not known to this version')
    expect(unpackSamples('d', block)).toEqual(whole)
  })
})
