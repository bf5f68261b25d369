import type { SimClock } from '../kit/clock.ts'

/** Timers on the simulator's clock: moving the clock lets them fall due within a tick. */
export interface Schedule {
  after(ms: number, run: () => void): void
  everyTick(run: () => void): void
  stop(): void
}

/** Short enough that a test that moved the clock need not wait noticeably. */
const TICK = 20

export function createSchedule(clock: SimClock): Schedule {
  const pending = new Set<{ at: number; run: () => void }>()
  const regular: (() => void)[] = []
  const timer = setInterval(() => {
    for (const run of regular) run()
    const now = clock.now()
    const due = [...pending].filter((entry) => entry.at <= now).sort((a, b) => a.at - b.at)
    for (const entry of due) {
      pending.delete(entry)
      entry.run()
    }
  }, TICK)
  return {
    after: (ms, run) => pending.add({ at: clock.now() + ms, run }),
    everyTick: (run) => regular.push(run),
    stop: () => clearInterval(timer),
  }
}
