import { setTimeout as sleep } from 'node:timers/promises'

/** The promise's value, or the other one after so many ms. Leaves no timer. */
export async function orAfter<T>(ms: number, promise: Promise<T>, otherwise: T): Promise<T> {
  const timer = new AbortController()
  try {
    return await Promise.race([promise, sleep(ms, otherwise, { signal: timer.signal })])
  } finally {
    timer.abort()
  }
}
