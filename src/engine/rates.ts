import type { Stretch } from '../domain/periods.ts'
import { type RatedStretch, ratesIn, type Tariff } from '../domain/tariff.ts'

/** The rates of each tariff in a stretch of time, made once for all breakers that have it. */
export function createRates(stretch: Stretch, timezone: string): (tariff: Tariff) => RatedStretch {
  const made = new Map<Tariff, RatedStretch>()
  return (tariff) => {
    const found = made.get(tariff) ?? ratesIn(tariff, stretch, timezone)
    made.set(tariff, found)
    return found
  }
}
