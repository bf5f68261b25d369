import { describe, expect, onTestFinished, test } from 'vitest'
import { createHold, type Hold, type HoldOptions } from '../../src/engine/hold.ts'
import type { Store } from '../../src/store/store.ts'
import { until } from '../support/until.ts'

const timing = { lasts: 200, renewEvery: 50, lookEvery: 20, margin: 80 }

/** Leases in memory, and words that all hear. */
function leases() {
  const held = new Map<string, { holder: string; until: number }>()
  const listeners = new Set<(word: unknown) => void>()
  const store: HoldOptions['store'] & Pick<Store, 'lease'> = {
    async lease(name, holder, ttl) {
      const known = held.get(name)
      if (known && known.holder !== holder && known.until > performance.now()) return false
      held.set(name, { holder, until: performance.now() + ttl })
      return true
    },
    async release(name, holder) {
      if (held.get(name)?.holder === holder) held.delete(name)
    },
    broadcast: (_topic, word) => setImmediate(() => listeners.forEach((one) => void one(word))),
    hear(_topic, listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  return store
}

function hold(store: HoldOptions['store'], holder: string, more: Partial<HoldOptions> = {}) {
  const log: string[] = []
  const one: Hold = createHold({
    store,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    name: 'bot:x',
    holder,
    begin: async () => void log.push('begin'),
    end: async () => void log.push('end'),
    timing,
    now: Date.now,
    ...more,
  })
  onTestFinished(() => one.stop())
  return { hold: one, log }
}

/** Nothing else runs for so long. */
function stuck(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

describe('a hold', () => {
  test('is not believed any more at the very moment that a stuck event loop goes on', async () => {
    const store = leases()
    const { hold: one, log } = hold(store, 'one')
    await one.start()
    expect(one.isHeld()).toBe(true)
    stuck(300)
    expect(one.isHeld()).toBe(false)
    expect(await store.lease('bot:x', 'other', 200)).toBe(true)
    await until(() => log.includes('end'), 'what ran to be ended')
    expect(one.isHeld()).toBe(false)
  })

  test('that was lost begins anew once it is had again, when what ran before has ended', async () => {
    const store = leases()
    const ending = Promise.withResolvers<void>()
    const begun: string[] = []
    const { hold: one } = hold(store, 'one', {
      begin: async () => void begun.push('begin'),
      end: async () => {
        await ending.promise
        begun.push('end')
      },
    })
    await one.start()
    stuck(300)
    await store.lease('bot:x', 'other', 60_000)
    await until(() => one.standing().at === 'elsewhere', 'it to be lost')
    await store.release('bot:x', 'other')
    store.broadcast('released', 'bot:x')
    await until(async () => !(await store.lease('bot:x', 'other', 1)), 'the lease to be had again')
    expect(begun).toEqual(['begin'])
    ending.resolve()
    await until(() => one.isHeld(), 'it to be held')
    expect(begun).toEqual(['begin', 'end', 'begin'])
  })

  test('that another has is taken when that one is gone without a word', async () => {
    const store = leases()
    await store.lease('bot:x', 'dead', 150)
    const { hold: one, log } = hold(store, 'one')
    await one.start()
    expect([one.isHeld(), one.standing().at]).toEqual([false, 'elsewhere'])
    await until(() => one.isHeld(), 'it to be taken')
    expect(log).toEqual(['begin'])
  })

  test('is given back at once when what it is for cannot begin, and the fault is told', async () => {
    const store = leases()
    const { hold: one } = hold(store, 'one', { begin: () => Promise.reject(new Error('bad token')) })
    await expect(one.start()).rejects.toThrow('bad token')
    expect(await store.lease('bot:x', 'other', 200)).toBe(true)
  })

  test('is not tried in haste by one that fails at it', async () => {
    const store = leases()
    await store.lease('bot:x', 'other', 60_000)
    const tries: number[] = []
    const begin = async () => {
      tries.push(performance.now())
      throw new Error('bad token')
    }
    const { hold: one } = hold(store, 'one', { begin })
    await one.start()
    await store.release('bot:x', 'other')
    store.broadcast('released', 'bot:x')
    await until(() => tries.length > 3, 'further tries')
    // A timer may come a moment early.
    for (const [n, at] of tries.slice(1).entries())
      expect(at - tries[n]!).toBeGreaterThan(timing.lookEvery - 2)
  })

  test('has ended before it is given back', async () => {
    const store = leases()
    const ending = Promise.withResolvers<void>()
    const { hold: one } = hold(store, 'one', { end: () => ending.promise })
    await one.start()
    const stopped = one.stop()
    expect(await store.lease('bot:x', 'other', 200)).toBe(false)
    ending.resolve()
    await stopped
    expect(await store.lease('bot:x', 'other', 200)).toBe(true)
  })
})
