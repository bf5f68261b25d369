import { type BreakerState, circuitState } from './breaker.ts'
import type { BreakerConfig, ClosingLimits } from './policy.ts'

/** V; where a breaker's is not configured. */
export const NOMINAL = 220
/** A reading says nothing of now when it is older, ms. */
const OF_NOW = 60_000
/** V; below this the meter sits behind the open contacts, and says nothing of the supply. */
const BEHIND_CONTACTS = 20

/** V, rounded: within it the supply is well. */
export function voltageRange(
  { nominalVoltage = NOMINAL }: BreakerConfig,
  { voltageWithin }: ClosingLimits,
): { low: number; high: number } {
  const share = voltageWithin / 100
  return { low: Math.round(nominalVoltage * (1 - share)), high: Math.round(nominalVoltage * (1 + share)) }
}

/**
 * The voltage of the supply, V: as just asked for, else the newest that was reported since the circuit opened, if it is of
 * now. Undefined where nothing tells.
 */
export function supplyVoltage(
  breaker: BreakerState,
  circuit: string,
  asked: number | undefined,
  now: number,
): number | undefined {
  const { since = 0 } = circuitState(breaker, circuit)
  const newest = breaker.recent.findLast((one) => one.readings.voltage !== undefined)
  const isOfNow = newest !== undefined && newest.at >= since && now - newest.at <= OF_NOW
  const volts = asked ?? (isOfNow ? newest.readings.voltage : undefined)
  return volts !== undefined && volts >= BEHIND_CONTACTS ? volts : undefined
}

/** True when the reading tells of a supply that is well; undefined when it tells nothing. */
export function isWellSupplied(
  volts: number | undefined,
  config: BreakerConfig,
  limits: ClosingLimits,
): boolean | undefined {
  if (volts === undefined || volts < BEHIND_CONTACTS) return undefined
  const { low, high } = voltageRange(config, limits)
  return volts >= low && volts <= high
}
