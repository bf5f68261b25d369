import { expect, test } from 'vitest'
import { newBreaker, withReport } from '../../src/domain/breaker.ts'
import { gatherEvidence } from '../../src/domain/evidence.ts'
import { report } from './support/site.ts'

const at = (ms: number, current?: number) => ({
  at: ms,
  readings: current === undefined ? { voltage: 230 } : { current },
})

test.each([
  ['nothing', [], 60, undefined],
  ['no currents', [at(99_000)], 60, undefined],
  ['too old', [at(39_999, 60)], 60, undefined],
  ['after the trip', [at(100_001, 60)], 60, undefined],
  ['no current at all: negative, or more than can be', [at(99_000, -5), at(99_500, 1e308)], 60, undefined],
  ['one', [at(70_000, 30)], 60, { low: 30, high: 30, seconds: 30, percent: 50, near: false }],
  ['just near', [at(40_000, 54)], 60, { low: 54, high: 54, seconds: 60, percent: 90, near: true }],
  ['just not near', [at(100_000, 53.9)], 60, { low: 53.9, high: 53.9, seconds: 0, percent: 90, near: false }],
  [
    'several',
    [at(40_000, 58), at(41_000), at(99_000, 63)],
    60,
    { low: 58, high: 63, seconds: 60, percent: 105, near: true },
  ],
  ['no rating', [at(99_000, 63)], undefined, { low: 63, high: 63, seconds: 1, near: false }],
])('%s', (_, recent, rated, evidence) => {
  expect(gatherEvidence(recent, 100_000, rated)).toEqual(evidence)
})

test('readings are kept for two minutes, in order, however they come', () => {
  const times = [1000, 3000, 2000, 121_000, 121_001]
  const breaker = times.reduce(
    (state, ms) => withReport(state, report({ id: String(ms), at: ms, readings: { current: ms } }), ms),
    newBreaker('1'),
  )
  expect(breaker.recent.map((one) => one.at)).toEqual([2000, 3000, 121_000, 121_001])
  expect(withReport(breaker, report({ at: 130_000 }), 130_000).recent).toBe(breaker.recent)
})
