import { localTime, startOfDay } from './local-time.ts'

/** Periods that the energy answer covers: [from, to) in ms. */
export interface EnergyPeriods {
  today: [number, number]
  yesterday: [number, number]
  month: [number, number]
}

/** Today, yesterday and this month in a zone, as of `now`. */
export function energyPeriods(now: number, timezone: string): EnergyPeriods {
  const { year, month, day } = localTime(now, timezone)
  const today = startOfDay(year, month, day, timezone)
  const yesterday = startOfDay(year, month, day - 1, timezone)
  return {
    today: [today, now],
    yesterday: [yesterday, today],
    month: [startOfDay(year, month, 1, timezone), now],
  }
}

/** A counter's reading, kWh. */
export interface CounterReading {
  at: number
  energy: number
}

export interface EnergyUsed {
  kwh: number
  /** Set when readings do not reach back to the beginning: counted from this moment, ms. */
  since?: number
}

/**
 * Energy used between two readings of the breaker's counter. `before` is the last reading at or before the
 * period's beginning, `first` the first one within it, `last` the last one. A counter that fell was reset or
 * replaced: what it shows since is counted. Undefined when there are no readings.
 */
export function energyUsed(
  before: CounterReading | undefined,
  first: CounterReading | undefined,
  last: CounterReading | undefined,
): EnergyUsed | undefined {
  const start = before ?? first
  if (!start || !last || last.at < start.at) return undefined
  // One old reading says nothing of the period.
  if (!first && last.at === start.at) return undefined
  const kwh = last.energy >= start.energy ? last.energy - start.energy : last.energy
  return before ? { kwh } : { kwh, since: start.at }
}
