/** Rings when something falls due, and every so often besides, since clocks may be set. */
export interface Ticker {
  /** Names the next time (ms since 1970) at which something falls due, in place of the one named before. */
  expect(at: number): void
  stop(): void
}

/** @param every how long a clock that was set goes unnoticed at most, ms */
export function createTicker(now: () => number, every: number, ring: () => void): Ticker {
  const regular = setInterval(ring, every)
  let next: NodeJS.Timeout | undefined
  return {
    expect(at) {
      clearTimeout(next)
      const wait = Math.max(1, at - now())
      if (wait < every) next = setTimeout(ring, wait)
    },
    stop() {
      clearInterval(regular)
      clearTimeout(next)
    },
  }
}
