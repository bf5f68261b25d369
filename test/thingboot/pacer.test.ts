import { expect, it } from 'vitest'
import { createMemory, createPacer } from '../../src/thingboot/pacer.ts'

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
  const pacer = createPacer({ take: createMemory(1000, now), sleep })
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
  const pacer = createPacer({ take: createMemory(1000, now), sleep })
  await pacer.turn('a')
  clock.at -= 3_600_000
  await pacer.turn('a')
  expect(clock.slept).toEqual([1000])
})

it('gives up when told to, without taking the turn of those behind', async () => {
  const gone = new AbortController()
  const pacer = createPacer({ take: createMemory(30) })
  await pacer.turn('a')
  const first = pacer.turn('a', gone.signal)
  const second = pacer.turn('a')
  gone.abort()
  expect(await first).toBe(false)
  expect(await second).toBe(true)
  expect(await pacer.turn('b', gone.signal)).toBe(false)
})

it('keeps the gap between the commands of several instances, which count in one place', async () => {
  const { clock, now, sleep } = testClock()
  const take = createMemory(1000, now)
  const [one, other] = [createPacer({ take, sleep }), createPacer({ take, sleep })]
  expect(await one.turn('a')).toBe(true)
  clock.at += 300
  expect(await other.turn('a')).toBe(true)
  expect(clock.slept).toEqual([700])
})

it('lets nothing leave while it cannot be learned when the last one left', async () => {
  const pacer = createPacer({ take: () => Promise.reject(new Error('the store is away')) })
  expect(await pacer.turn('a')).toBe(false)
})
