import fc from 'fast-check'
import { expect, test } from 'vitest'
import { growthOf, leftOver } from '../../soak/growth.ts'
import type { Sample } from '../../soak/probe.ts'

const MINUTE = 60_000

/** A sample each minute. */
const samplesOf = (heaps: readonly number[]): Sample[] =>
  heaps.map((heap, index) => ({ at: index * MINUTE, heap, external: 2, resident: 200, resources: {} }))

const flat = (count: number) => Array.from({ length: count }, () => 50)

test('what stands still does not grow, whatever it held at first', () => {
  const growth = growthOf(samplesOf([20, 30, 40, 48, 50, ...flat(10)]))
  expect(growth).toMatchObject({ start: 22, end: 52, slope: 0, grown: 0 })
})

test('what grows steadily is told by the hour, and by the second half', () => {
  const growth = growthOf(samplesOf(Array.from({ length: 31 }, (_, minute) => 50 + minute / 2)))
  expect(growth.slope).toBeCloseTo(30)
  expect(growth.grown).toBeCloseTo(7.5)
})

test('single high samples, as of a moment of much work, move it little', () => {
  const heaps = flat(60).map((heap, index) => (index % 9 === 0 ? heap + 30 : heap))
  expect(growthOf(samplesOf(heaps)).slope).toBe(0)
})

test('a leak is not hidden by noise', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 120, maxLength: 120 }),
      (noise) => {
        const slope = growthOf(samplesOf(noise.map((one, minute) => 50 + minute + one))).slope
        expect(slope).toBeGreaterThan(50)
        expect(slope).toBeLessThan(70)
      },
    ),
  )
})

test('too few samples are no measure', () => {
  expect(() => growthOf(samplesOf([1, 2, 3]))).toThrow('3 samples')
})

test('left over is what there is more of than before, beyond its leeway', () => {
  const before = { Timeout: 4, TCPSocketWrap: 2, MessagePort: 2 }
  expect(leftOver(before, { Timeout: 4, TCPSocketWrap: 1 })).toEqual([])
  expect(leftOver(before, { Timeout: 6, TCPSocketWrap: 3 }, { Timeout: 2 })).toEqual([
    'TCPSocketWrap: 2 before, 3 after',
  ])
  expect(leftOver(before, { FSReqPromise: 1 })).toEqual(['FSReqPromise: 0 before, 1 after'])
})
