import type { SimClock } from './clock.ts'

/** Timers that follow a simulator's clock: moving the clock makes them due. */
export interface Timers {
  /** Runs `due` once this many ms have passed on the clock (never for Infinity). Returns the way to cancel. */
  after(ms: number, due: () => void): () => void
  sleep(ms: number): Promise<void>
  /** Drops all of them. */
  stop(): void
}

/** The clock rings no bell, so it is looked at this often, real ms: small against every deadline of the platforms. */
const LOOK_EVERY = 5

export function createTimers(clock: SimClock): Timers {
  const waiting = new Set<{ at: number; due: () => void }>()
  let looking: NodeJS.Timeout | undefined

  function rest(): void {
    if (waiting.size > 0) return
    clearInterval(looking)
    looking = undefined
  }

  function look(): void {
    const now = clock.now()
    const ripe = [...waiting].filter((timer) => timer.at <= now).sort((a, b) => a.at - b.at)
    for (const timer of ripe) {
      if (waiting.delete(timer)) timer.due()
    }
    rest()
  }

  function after(ms: number, due: () => void): () => void {
    if (ms === Infinity) return () => {}
    const timer = { at: clock.now() + ms, due }
    waiting.add(timer)
    looking ??= setInterval(look, LOOK_EVERY).unref()
    return () => {
      waiting.delete(timer)
      rest()
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
