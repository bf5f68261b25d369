import type { SimClock } from '../kit/clock.ts'

/** Alarms on the sim's clock. */
export interface Timers {
  /** Runs once when the clock has moved on by `ms`; returns the way to cancel. */
  after(ms: number, run: () => void): () => void
  close(): void
}

interface Alarm {
  due: number
  run(): void
}

/** The clock can be moved but rings no bell, so somebody looks at it this often (real ms). */
const LOOK = 10

export function createTimers(clock: SimClock): Timers {
  const alarms = new Set<Alarm>()
  let ticker: NodeJS.Timeout | undefined

  function look() {
    const due = [...alarms].filter((alarm) => alarm.due <= clock.now())
    for (const alarm of due.sort((a, b) => a.due - b.due)) {
      if (alarms.delete(alarm)) alarm.run()
    }
    rest()
  }

  function rest() {
    if (alarms.size > 0) return
    clearInterval(ticker)
    ticker = undefined
  }

  return {
    after(ms, run) {
      const alarm = { due: clock.now() + ms, run }
      alarms.add(alarm)
      ticker ??= setInterval(look, LOOK)
      return () => {
        alarms.delete(alarm)
        rest()
      }
    },
    close() {
      alarms.clear()
      rest()
    },
  }
}
