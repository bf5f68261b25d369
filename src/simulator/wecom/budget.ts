import type { SimClock } from '../kit/clock.ts'

/** Counts what happened within sliding windows. Whether the real windows slide is unknown: our choice. */
export interface Budget {
  /** Whether one more would be too many for one of these limits. */
  spent(limits: { within: number; max: number }[]): boolean
  count(): void
}

const HOUR = 3_600_000

export function createBudget(clock: SimClock): Budget {
  let times: number[] = []
  return {
    spent(limits) {
      const now = clock.now()
      return limits.some(({ within, max }) => times.filter((at) => at > now - within).length >= max)
    },
    count() {
      const now = clock.now()
      times = times.filter((at) => at > now - HOUR)
      times.push(now)
    },
  }
}
