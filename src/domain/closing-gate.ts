import { type BreakerState, circuitState } from './breaker.ts'
import type { Incident } from './incident.ts'
import { type Message, message } from './message.ts'
import { isBusy } from './operation.ts'
import { may, type Person } from './people.ts'
import type { BreakerConfig, Policy } from './policy.ts'
import type { Cause } from './report.ts'

/**
 * May this person close this circuit now: after a confirming step, with a second person, or not, and why not.
 */
export type GateAnswer = { may: 'confirm' | 'second-person' } | { may: 'no'; reasons: Message[] }

type Demand = 'confirm' | 'second-person' | 'never'

/**
 * What each cause of opening asks of a close from afar. `never`: go there and look first. Sources: GB/T 32902
 * (no reclosing after short circuit), OSHA 1910.334(b)(2) (tolerates it after an overload only); where the
 * cause is not known, or somebody may be working, two persons.
 */
const BY_CAUSE: Record<Cause, Demand> = {
  overload: 'confirm',
  'over-voltage': 'confirm',
  'under-voltage': 'confirm',
  'phase-loss': 'confirm',
  'over-temperature': 'second-person',
  leakage: 'second-person',
  unknown: 'second-person',
  'short-circuit': 'never',
}

const STRICTNESS: Record<Demand, number> = { confirm: 0, 'second-person': 1, never: 2 }

/** True when closing after `one` asks for more than closing after `other`. */
export function isStricter(one: Cause, other: Cause): boolean {
  return STRICTNESS[BY_CAUSE[one]] > STRICTNESS[BY_CAUSE[other]]
}

export interface CloseRequest {
  policy: Policy
  config: BreakerConfig
  breaker: BreakerState
  circuit: string
  incident: Incident | undefined
  person: Person
  /** ms since 1970. */
  now: number
}

/** The one gate that every close passes. Answers `no` with every reason that stands, not only the first. */
export function mayClose(request: CloseRequest): GateAnswer {
  const reasons = refusals(request)
  if (reasons.length > 0) return { may: 'no', reasons }
  return { may: needsSecondPerson(request) ? 'second-person' : 'confirm' }
}

function refusals({ policy, config, breaker, circuit, incident, person, now }: CloseRequest): Message[] {
  const state = circuitState(breaker, circuit)
  const reasons: Message[] = []
  if (!policy.actuation) reasons.push(message('gate.actuation-off'))
  if (!may(person, 'close')) reasons.push(message('gate.role', { person: person.name }))
  if (!config.remoteClose) reasons.push(message('gate.no-remote-close'))
  if (breaker.online === false) reasons.push(message('gate.offline'))
  if (state.position === 'closed') reasons.push(message('gate.already-closed'))
  if (state.position === undefined) reasons.push(message('gate.position-unknown'))
  if (isBusy(state.operation, now))
    reasons.push(message('gate.busy', { person: state.operation.askedBy.person }))
  if (incident && BY_CAUSE[incident.cause] === 'never') reasons.push(message('gate.short-circuit'))
  return reasons
}

function needsSecondPerson({ breaker, circuit, incident, person }: CloseRequest): boolean {
  if (incident) return BY_CAUSE[incident.cause] === 'second-person'
  const opening = circuitState(breaker, circuit).opening
  // Opened on purpose: somebody may be working on it. Only the one who opened it may close it alone.
  return opening?.by !== 'command' || opening.actor.person !== person.name
}
