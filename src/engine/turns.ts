import { setTimeout as delay } from 'node:timers/promises'
import type { Store } from '../store/store.ts'

/**
 * Waits until a call to the cloud that can wait may leave; false when `signal` gave up first. Rejects when the store
 * cannot be reached.
 */
export type Turn = (signal: AbortSignal) => Promise<boolean>

/** Turns for so many calls a second, of all instances together. Commands, and what is asked for them, take none. */
export function createTurns(store: Store, callsPerSecond: number): Turn {
  const budget = { name: 'cloud-reads', most: callsPerSecond, within: 1000 }
  return async (signal) => {
    while (!signal.aborted) {
      const wait = await store.spend([budget])
      if (wait === 0) return true
      await delay(wait, undefined, { signal }).catch(() => {})
    }
    return false
  }
}
