/** A clock that tests can move: the real one plus an offset. All simulators read time through it. */
export interface SimClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Moves the clock on (or, with a negative number, back) by so many ms. */
  advance(ms: number): void
}

export function createClock(): SimClock {
  let offset = 0
  return {
    now: () => Date.now() + offset,
    advance(ms) {
      offset += ms
    },
  }
}

/** The Unix time of a moment in ms, whole seconds. */
export const unixSeconds = (ms: number): number => Math.floor(ms / 1000)
