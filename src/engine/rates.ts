import type { Stretch } from '../domain/periods.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import { type RatedStretch, ratesIn, type Tariff } from '../domain/tariff.ts'

type RatesOf = (tariff: Tariff) => RatedStretch

/** The rates of each tariff in a stretch of time, made once for all breakers that have it. */
export function createRates(stretch: Stretch, timezone: string): RatesOf {
  const made = new Map<Tariff, RatedStretch>()
  return (tariff) => {
    const found = made.get(tariff) ?? ratesIn(tariff, stretch, timezone)
    made.set(tariff, found)
    return found
  }
}

/** Where the rates of the breakers' tariffs change. */
export const rateEdges = (breakers: readonly BreakerConfig[], ratesOf: RatesOf): number[] =>
  [...new Set(breakers.flatMap(({ tariff }) => tariff ?? []))].flatMap((tariff) => ratesOf(tariff).edges)
