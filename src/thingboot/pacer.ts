import { setTimeout as delay } from 'node:timers/promises'

export interface Pacer {
  /** Resolves when the device may be sent its next command: true, or false when the signal gave up before. */
  turn(device: string, signal?: AbortSignal): Promise<boolean>
}

export interface PacerOptions {
  /**
   * Least time between two departures to one device, ms; default 1500: a second where they arrive (our choice, no
   * limit is documented), and some for the first taking longer on its way.
   */
  gap?: number
  /** A clock in ms that nobody sets, by default. */
  now?: () => number
  /** Resolves after so many ms; rejects when the signal aborts. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** Lets commands to one device pass one at a time with a gap between them, in the order they came. */
export function createPacer(options: PacerOptions = {}): Pacer {
  const { gap = 1500, now = () => performance.now() } = options
  const sleep = options.sleep ?? ((ms, signal) => delay(ms, undefined, signal ? { signal } : {}))
  const queues = new Map<string, Promise<unknown>>()
  const lastTurns = new Map<string, number>()

  async function take(device: string, signal?: AbortSignal): Promise<boolean> {
    const since = now() - (lastTurns.get(device) ?? Number.NEGATIVE_INFINITY)
    // A clock that was set back tells nothing: then the whole gap is waited.
    const wait = since < 0 ? gap : gap - since
    try {
      if (wait > 0) await sleep(wait, signal)
    } catch {
      return false
    }
    if (signal?.aborted) return false
    lastTurns.set(device, now())
    return true
  }

  return {
    turn(device, signal) {
      const turn = (queues.get(device) ?? Promise.resolve()).then(() => take(device, signal))
      queues.set(device, turn)
      return turn
    },
  }
}
