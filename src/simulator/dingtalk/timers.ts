import type { SimClock } from '../kit/clock.ts'

/** Timers that follow the sim's clock: moving the clock makes them due. */
export interface SimTimers {
  /** Runs `due` once this many ms have passed on the sim's clock (never for Infinity). Returns the way to cancel. */
  after(ms: number, due: () => void): () => void
  sleep(ms: number): Promise<void>
  /** Drops all of them. */
  stop(): void
}

/** How often the clock is looked at, real ms: small against every deadline of the protocol. */
const LOOK_EVERY = 5

export function createTimers(clock: SimClock): SimTimers {
  const waiting = new Set<{ at: number; due: () => void }>()
  let looking: NodeJS.Timeout | undefined

  const rest = () => {
    clearInterval(looking)
    looking = undefined
  }
  const look = () => {
    const now = clock.now()
    const ripe = [...waiting].filter((timer) => timer.at <= now).sort((a, b) => a.at - b.at)
    for (const timer of ripe) {
      if (waiting.delete(timer)) timer.due()
    }
    if (waiting.size === 0) rest()
  }
  const after = (ms: number, due: () => void) => {
    const timer = { at: clock.now() + ms, due }
    if (ms !== Infinity) waiting.add(timer)
    if (waiting.size > 0) looking ??= setInterval(look, LOOK_EVERY).unref()
    return () => {
      waiting.delete(timer)
    }
  }
  return {
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    stop() {
      waiting.clear()
      rest()
    },
  }
}
