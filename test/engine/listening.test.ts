import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createListening } from '../../src/engine/listening.ts'

let missing: string[]
let listening: ReturnType<typeof createListening>

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  missing = []
  listening = createListening(Date.now, (why) => missing.push(why))
  listening.start()
})
afterEach(() => {
  listening.stop()
  vi.useRealTimers()
})

/** Pushes each so many ms. */
function pushes(count: number, every: number): void {
  for (let sent = 0; sent < count; sent++) {
    vi.advanceTimersByTime(every)
    listening.heard()
  }
}

test('nothing is missed while pushes come as they use to', () => {
  pushes(40, 30_000)
  vi.advanceTimersByTime(89_000)
  expect(missing).toEqual([])
})

test('no push for three times as long as ever is told once, and again when they come back', () => {
  pushes(40, 30_000)
  vi.advanceTimersByTime(92_000)
  expect(missing).toEqual(['no push came for unusually long'])
  vi.advanceTimersByTime(300_000)
  expect(missing).toHaveLength(1)
  listening.heard()
  expect(missing).toEqual(['no push came for unusually long', 'pushes come again'])
  expect(listening.since()).toBe(1_000_000)
})

test('a busy fleet may pause for some seconds; of a few pushes nothing is usual', () => {
  pushes(9, 100)
  vi.advanceTimersByTime(3_600_000)
  expect(missing).toEqual([])
  pushes(40, 100)
  vi.advanceTimersByTime(9000)
  expect(missing).toEqual([])
  vi.advanceTimersByTime(3000)
  expect(missing).toHaveLength(1)
})

test('a machine that slept, and a clock that was set', () => {
  pushes(40, 1000)
  vi.setSystemTime(Date.now() + 4000)
  vi.advanceTimersByTime(1000)
  expect(missing).toEqual([])
  vi.setSystemTime(Date.now() + 7000)
  vi.advanceTimersByTime(1000)
  expect(missing).toHaveLength(1)
  expect(listening.since()).toBe(Date.now())
  vi.setSystemTime(Date.now() - 60_000)
  vi.advanceTimersByTime(1000)
  expect(missing).toHaveLength(2)
})

test('after a stop nothing is looked at', () => {
  pushes(40, 1000)
  listening.stop()
  vi.advanceTimersByTime(3_600_000)
  expect(missing).toEqual([])
})
