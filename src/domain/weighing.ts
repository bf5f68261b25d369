import type { CircuitState } from './breaker.ts'
import { isLockedOut } from './hindrance.ts'
import type { Incident } from './incident.ts'
import type { BreakerConfig, Policy } from './policy.ts'
import { SEVERITIES, type Severity, USUAL_SEVERITY } from './severity.ts'

/** So many trips of a circuit are remembered. */
const MAX_TRIPS = 20

/** The times of a circuit's trips with one more, oldest first, ms; only those that still count. */
export function withTrip({ trips = [] }: CircuitState, at: number, { severity }: Policy): number[] {
  const { within } = (severity ?? USUAL_SEVERITY).repeats
  const counting = [...trips, at].filter((one) => one > at - within).sort((a, b) => a - b)
  return counting.slice(-MAX_TRIPS)
}

/** What an incident is to be told as: how grave, and which trip of its circuit within how many ms. */
export type Weight = Required<Pick<Incident, 'severity'>> & Pick<Incident, 'tripNumber' | 'tripsWithin'>

/** How grave an incident is by its cause, its breaker, how often the circuit has tripped, and whether the fault came back. */
export function weigh(
  { severity: own }: BreakerConfig,
  { lockOut, trips = [] }: CircuitState,
  { cause, openedAt, cameBack }: Pick<Incident, 'cause' | 'openedAt' | 'cameBack'>,
  { severity: rules = USUAL_SEVERITY }: Policy,
): Weight {
  const { count, within } = rules.repeats
  const tripNumber = trips.filter((one) => one > openedAt - within && one <= openedAt).length
  const plain = own ?? rules.causes[cause]
  const raised = count > 0 && tripNumber >= count ? oneMore(plain) : plain
  return {
    severity: isLockedOut(lockOut) || cameBack ? 'critical' : raised,
    ...(tripNumber > 1 && { tripNumber, tripsWithin: within }),
  }
}

const oneMore = (severity: Severity): Severity => SEVERITIES[SEVERITIES.indexOf(severity) + 1] ?? severity
