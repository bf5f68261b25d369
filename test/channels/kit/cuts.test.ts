import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createCuts } from '../../../src/channels/kit/cuts.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('each is cut off after its time, and what has ended leaves no timer', () => {
  const cuts = createCuts()
  const [short, long, ended] = [cuts.begin(100), cuts.begin(200), cuts.begin(100)]
  ended.done()
  expect(vi.getTimerCount()).toBe(2)
  vi.advanceTimersByTime(100)
  expect([short, long, ended].map(({ signal }) => signal.aborted)).toEqual([true, false, false])
})

test('at the end all that are under way are cut off, and nothing that has ended', () => {
  const cuts = createCuts()
  const [one, other, ended] = [cuts.begin(100), cuts.begin(100), cuts.begin(100)]
  ended.done()
  cuts.abort()
  expect([one, other, ended].map(({ signal }) => signal.aborted)).toEqual([true, true, false])
})
