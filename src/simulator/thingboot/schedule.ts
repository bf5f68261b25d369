/**
 * What is to happen later. Time here is what has been let pass, by {@link Schedule.advance} and, if `realTime`,
 * by itself. It is not the simulator's clock: setting that one wrong must not delay what is under way.
 */
export interface Schedule {
  /** Does it in so many ms; returns the way to call it off. */
  after(ms: number, act: () => void): () => void
  /** ms until the next thing is due; Infinity if nothing waits. */
  untilNext(): number
  /** ms let pass so far. */
  elapsed(): number
  /** Lets so many ms pass and does what has fallen due, in the order of time. */
  advance(ms: number): void
  stop(): void
}

export function createSchedule(options: { realTime: boolean }): Schedule {
  const waiting = new Set<{ due: number; act: () => void }>()
  const start = performance.now()
  let advanced = 0
  let timer: NodeJS.Timeout | undefined

  const elapsed = () => advanced + (options.realTime ? Math.floor(performance.now() - start) : 0)
  const earliest = () => [...waiting].reduce((a, b) => (b.due < a.due ? b : a))
  const untilNext = () => (waiting.size === 0 ? Infinity : Math.max(0, earliest().due - elapsed()))

  function arm(): void {
    clearTimeout(timer)
    if (options.realTime && waiting.size > 0) timer = setTimeout(runDue, Math.min(untilNext(), 2 ** 31 - 1))
  }

  function runDue(): void {
    while (untilNext() === 0) {
      const entry = earliest()
      waiting.delete(entry)
      entry.act()
    }
    arm()
  }

  return {
    after(ms, act) {
      const entry = { due: elapsed() + ms, act }
      waiting.add(entry)
      arm()
      return () => waiting.delete(entry)
    },
    untilNext,
    elapsed,
    advance(ms) {
      advanced += ms
      runDue()
    },
    stop() {
      clearTimeout(timer)
      waiting.clear()
    },
  }
}
