import { setTimeout as delay } from 'node:timers/promises'

/** When what concerns a breaker arrived for the first time, by `performance.now()`. */
export interface Arrivals {
  note(breaker: string): void
  at(breaker: string): number | undefined
  /** Resolves when all of them have arrived. @throws after a minute in which nothing came */
  all(breakers: readonly string[]): Promise<void>
}

const PATIENCE = 60_000

export function createArrivals(): Arrivals {
  const times = new Map<string, number>()
  let last = performance.now()
  return {
    note(breaker) {
      last = performance.now()
      if (!times.has(breaker)) times.set(breaker, last)
    },
    at: (breaker) => times.get(breaker),
    async all(breakers) {
      last = performance.now()
      for (let next = 0; next < breakers.length; ) {
        if (times.has(breakers[next]!)) next++
        else if (performance.now() > last + PATIENCE) throw new Error(`waited in vain for ${breakers[next]}`)
        else await delay(1)
      }
    },
  }
}
