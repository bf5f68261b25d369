import { expect, it } from 'vitest'
import { createPacer } from '../../src/thingboot/pacer.ts'

/** A clock that only sleeping and the test move. */
function testClock() {
  const clock = { at: 5_000, slept: [] as number[] }
  return {
    clock,
    now: () => clock.at,
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted()
      clock.slept.push(ms)
      clock.at += ms
    },
  }
}

it('lets one command a second through to one device, and does not hold up others', async () => {
  const { clock, now, sleep } = testClock()
  const pacer = createPacer({ gap: 1000, now, sleep })
  expect(await Promise.all([pacer.turn('a'), pacer.turn('b')])).toEqual([true, true])
  expect(clock.slept).toEqual([])
  await Promise.all([pacer.turn('a'), pacer.turn('a')])
  expect(clock.slept).toEqual([1000, 1000])
  clock.at += 400
  await pacer.turn('a')
  expect(clock.slept).toEqual([1000, 1000, 600])
  clock.at += 1000
  await pacer.turn('a')
  expect(clock.slept).toHaveLength(3)
})

it('waits one gap and not an hour when the clock is set back', async () => {
  const { clock, now, sleep } = testClock()
  const pacer = createPacer({ gap: 1000, now, sleep })
  await pacer.turn('a')
  clock.at -= 3_600_000
  await pacer.turn('a')
  expect(clock.slept).toEqual([1000])
})

it('gives up when told to, without taking the turn of those behind', async () => {
  const gone = new AbortController()
  const pacer = createPacer({ gap: 30 })
  await pacer.turn('a')
  const first = pacer.turn('a', gone.signal)
  const second = pacer.turn('a')
  gone.abort()
  expect(await first).toBe(false)
  expect(await second).toBe(true)
  expect(await pacer.turn('b', gone.signal)).toBe(false)
})
