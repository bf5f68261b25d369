import fc from 'fast-check'
import { expect, it } from 'vitest'
import { summarise } from '../../src/domain/summary.ts'
import { HOUR, type Hour, MINUTE, minutesOf, wholeWith, withSamples } from '../../src/store/hour.ts'
import type { Sample } from '../../src/store/sample.ts'

const START = Date.UTC(2026, 0, 1)
const value = fc.double({ min: -1e6, max: 1e6, noNaN: true })
const sample = fc
  .record(
    { at: fc.oneof(fc.nat(HOUR - 1), fc.nat(5)), power: value, energy: value, voltage: value },
    { requiredKeys: ['at'] },
  )
  .map((values): Sample => ({ ...values, device: 'd', at: START + values.at }))
const inTime = (some: Sample[]) => some.toSorted((a, b) => a.at - b.at)
const fresh: Hour = { device: 'd', start: START }

/** A part as it is taken from the samples that came lately: of those at one time, there is one. */
function part(some: Sample[]): Sample[] {
  const known = new Map<number, Sample>()
  for (const one of some) known.set(one.at, { ...known.get(one.at), ...one })
  return inTime([...known.values()])
}

it('is the same in whatever parts its samples come', () => {
  fc.assert(
    fc.property(fc.array(fc.array(sample, { minLength: 1 }), { minLength: 1, maxLength: 5 }), (parts) => {
      const hour = parts.reduce((sum, some) => withSamples(sum, part(some)), fresh)
      const all = part(parts.flat())
      expect(hour.samples).toEqual(all)
      expect(hour.whole).toEqual(summarise('d', START, HOUR, all))
      expect(minutesOf(hour)).toEqual(minutesOf({ ...fresh, samples: all }))
    }),
  )
})

it('is the same as a whole, and its samples are not read where those that are added are later', () => {
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1 }), fc.array(sample, { minLength: 1 }), (early, late) => {
      const { samples, whole } = withSamples(fresh, part(early))
      let reads = 0
      const read = () => {
        reads++
        return samples
      }
      const before = structuredClone(whole)
      const after = wholeWith({ ...fresh, ...(whole && { whole }) }, part(late), read)
      expect(after).toEqual(withSamples({ ...fresh, ...(samples && { samples }) }, part(late)).whole)
      expect(whole).toEqual(before)
      expect(reads).toBe(part(late)[0]!.at > part(early).at(-1)!.at ? 0 : 1)
    }),
  )
})

it('counts every sample once when those before are gone, in its minute and in the hour', () => {
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1 }), fc.array(sample, { minLength: 1 }), (early, late) => {
      const { whole, ...hour } = withSamples(fresh, part(early))
      const old: Hour = { ...fresh, minutes: minutesOf(hour), ...(whole && { whole }) }
      const after = withSamples(old, part(late))
      const count = part(early).length + part(late).length
      expect(after.samples).toBeUndefined()
      expect(after.whole?.count).toBe(count)
      expect(minutesOf(after).reduce((sum, one) => sum + one.count, 0)).toBe(count)
      const starts = minutesOf(after).map(({ start }) => start)
      expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b))
      expect(after.whole).toMatchObject({ start: START, span: HOUR })
      for (const one of minutesOf(after)) {
        expect(one.span).toBe(MINUTE)
        expect(one.firstAt).toBeGreaterThanOrEqual(one.start)
        expect(one.lastAt).toBeLessThan(one.start + MINUTE)
      }
    }),
  )
})

it('is told from its minutes where it is not known as a whole', () => {
  const at = (ms: number, power: number): Sample => ({ device: 'd', at: START + ms, power })
  const { samples } = withSamples(fresh, [at(0, 1), at(70_000, 3)])
  const minutes = minutesOf({ ...fresh, samples: samples! })
  const after = withSamples({ ...fresh, minutes }, [at(80_000, 5)])
  expect(after.whole).toEqual(summarise('d', START, HOUR, [at(0, 1), at(70_000, 3), at(80_000, 5)]))
})
