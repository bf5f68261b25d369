import { setTimeout as delay } from 'node:timers/promises'

export interface Pacer {
  /**
   * Resolves when the device may be sent its next command: true, or false when the signal gave up before, or it could
   * not be learned.
   */
  turn(device: string, signal?: AbortSignal): Promise<boolean>
}

/**
 * Takes the right to the next departure to a device: answers 0 when taken, else how long to wait at least before
 * asking again, ms.
 */
export type TakeDeparture = (device: string) => Promise<number>

export interface PacerOptions {
  /** Where departures are counted; by default in memory. Several instances count in the store that they share. */
  take?: TakeDeparture
  /** Resolves after so many ms; rejects when the signal aborts. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>
}

/**
 * Least time between two departures to one device, ms: a second where they arrive (our choice, no limit is documented),
 * and some for the first taking longer on its way.
 */
export const GAP = 1500

/** Lets commands to one device pass one at a time with a gap between them, in the order they came. */
export function createPacer(options: PacerOptions = {}): Pacer {
  const { take = createMemory() } = options
  const sleep = options.sleep ?? ((ms, signal) => delay(ms, undefined, signal ? { signal } : {}))
  const queues = new Map<string, Promise<unknown>>()

  async function next(device: string, signal?: AbortSignal): Promise<boolean> {
    try {
      while (!signal?.aborted) {
        const wait = await take(device)
        if (wait === 0) return !signal?.aborted
        await sleep(wait, signal)
      }
    } catch {
      // Given up, or the store is away: what may not leave does not.
    }
    return false
  }

  return {
    turn(device, signal) {
      const turn = (queues.get(device) ?? Promise.resolve()).then(() => next(device, signal))
      queues.set(device, turn)
      return turn
    },
  }
}

/**
 * Departures counted in memory, for one instance that is not started again.
 * @param now a clock in ms that nobody sets, by default
 */
export function createMemory(gap: number = GAP, now: () => number = () => performance.now()): TakeDeparture {
  const last = new Map<string, number>()
  return async (device) => {
    const since = now() - (last.get(device) ?? Number.NEGATIVE_INFINITY)
    // A clock that was set back tells nothing: then it counts from now.
    if (since < 0) last.set(device, now())
    if (since < gap) return since < 0 ? gap : gap - since
    last.set(device, now())
    return 0
  }
}
