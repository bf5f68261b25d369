import { setTimeout as sleep } from 'node:timers/promises'

/** Waits so many ms, or until the signal comes. Never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {})
}

/** The promise's value, or the other one after so many ms or when the signal comes. Leaves no timer. */
export async function orAfter<T>(
  ms: number,
  promise: Promise<T>,
  otherwise: T,
  signal?: AbortSignal,
): Promise<T> {
  const settled = new AbortController()
  const over = signal ? AbortSignal.any([settled.signal, signal]) : settled.signal
  try {
    return await Promise.race([promise, pause(ms, over).then(() => otherwise)])
  } finally {
    settled.abort()
  }
}
