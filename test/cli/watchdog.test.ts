import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startWatchdog } from '../../src/cli/watchdog.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function watched() {
  const seen = { well: 0, lost: [] as string[], why: undefined as string | undefined }
  const stop = startWatchdog({
    ailment: async () => seen.why,
    well: () => void seen.well++,
    lost: (why) => void seen.lost.push(why),
    every: 10,
    patience: 30,
  })
  return { seen, stop, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) }
}

test('says that all is well again and again, and no more once it is stopped', async () => {
  const { seen, stop, pass } = watched()
  await pass(45)
  expect(seen.well).toBe(5)
  stop()
  await pass(1000)
  expect(seen.well).toBe(5)
})

test('gives up once, after what is wrong has lasted', async () => {
  const { seen, pass } = watched()
  await pass(5)
  seen.why = 'the store is dead'
  await pass(30)
  expect(seen).toMatchObject({ well: 1, lost: [] })
  await pass(1000)
  expect(seen).toMatchObject({ well: 1, lost: ['the store is dead'] })
})

test('what passes is forgotten', async () => {
  const { seen, pass } = watched()
  for (let round = 0; round < 5; round++) {
    seen.why = 'slow'
    await pass(20)
    seen.why = undefined
    await pass(20)
  }
  expect(seen).toMatchObject({ well: 11, lost: [] })
})

test('one look that was held up, with the whole machine perhaps, is not enough', async () => {
  const heldUp = Promise.withResolvers<string>()
  let looks = 0
  const lost: string[] = []
  startWatchdog({
    ailment: () => (looks++ === 0 ? heldUp.promise : Promise.resolve(undefined)),
    well() {},
    lost: (why) => void lost.push(why),
    every: 10,
    patience: 30,
  })
  await vi.advanceTimersByTimeAsync(60_000)
  heldUp.resolve('the store has not answered')
  await vi.advanceTimersByTimeAsync(100)
  expect(looks).toBeGreaterThan(2)
  expect(lost).toEqual([])
})

test.each([undefined, 'the store is dead'])('stopped amid a look, it says nothing of it: %s', async (why) => {
  const look = Promise.withResolvers<string | undefined>()
  let looks = 0
  const told: unknown[] = []
  const stop = startWatchdog({
    ailment: () => {
      looks++
      return look.promise
    },
    well: () => void told.push('well'),
    lost: (reason) => void told.push(reason),
    every: 10,
    patience: 0,
  })
  stop()
  look.resolve(why)
  await vi.advanceTimersByTimeAsync(60_000)
  expect([looks, told]).toEqual([1, []])
})
