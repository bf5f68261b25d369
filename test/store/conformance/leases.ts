import { expect, it } from 'vitest'
import type { World } from '../support/world.ts'

const TTL = 30_000

/** What only one may have at a time, such as a bot's connection. */
export function leaseConformance(world: () => World): void {
  const lease = (holder: string, name = 'bot', ttl = TTL) => world().store.lease(name, holder, ttl)

  it('is one holder’s, who may renew it, until its time is over', async () => {
    const { advance } = world()
    expect(await lease('a')).toBe(true)
    expect(await lease('b')).toBe(false)
    advance(TTL - 1)
    expect(await lease('b')).toBe(false)
    expect(await lease('a')).toBe(true)
    advance(TTL - 1)
    expect(await lease('b')).toBe(false)
    advance(1)
    expect(await lease('b')).toBe(true)
    expect(await lease('a')).toBe(false)
  })

  it('can be taken again by its holder after it ran out', async () => {
    await lease('a')
    world().advance(2 * TTL)
    expect(await lease('a')).toBe(true)
    expect(await lease('b')).toBe(false)
  })

  it('goes by the ttl of the last renewal', async () => {
    await lease('a')
    await lease('a', 'bot', 1000)
    world().advance(999)
    expect(await lease('b')).toBe(false)
    world().advance(1)
    expect(await lease('b')).toBe(true)
  })

  it('can be given back, by its holder only', async () => {
    await lease('a')
    await world().store.release('bot', 'b')
    await world().store.release('never taken', 'a')
    expect(await lease('b')).toBe(false)
    await world().store.release('bot', 'a')
    expect(await lease('b')).toBe(true)
    await world().store.release('bot', 'a')
    expect(await lease('a')).toBe(false)
  })

  it('has nothing to do with others of another name', async () => {
    expect(await lease('a', 'one')).toBe(true)
    expect(await lease('b', 'other')).toBe(true)
    await world().store.release('other', 'b')
    expect(await lease('b', 'one')).toBe(false)
  })

  it('is given to one of many who ask at once', async () => {
    const holders = Array.from({ length: 20 }, (_, n) => `${n}`)
    const answers = await Promise.all(holders.map((holder) => lease(holder)))
    expect(answers.filter((isTaken) => isTaken)).toEqual([true])
  })

  it('outlasts the store that took it, while its time is not over', async () => {
    await lease('a')
    world().advance(1000)
    await world().reopen()
    expect(await lease('b')).toBe(false)
    expect(await lease('a', 'bot', 1000)).toBe(true)
    await world().reopen()
    world().advance(1000)
    expect(await lease('b')).toBe(true)
  })

  it('is kept however long it was taken for, and forgotten afterwards', async () => {
    const { advance } = world()
    const day = 24 * 3_600_000
    await lease('a', 'bot', 3 * day)
    advance(2 * day)
    await world().store.commit({})
    expect(await lease('b')).toBe(false)
    advance(2 * day)
    await world().store.commit({})
    expect(await lease('b')).toBe(true)
  })
}
