import { type BreakerState, circuitState } from './breaker.ts'
import type { Incident } from './incident.ts'
import { type Message, message, time } from './message.ts'
import { isBusy, type Operation } from './operation.ts'
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

/** The circuit that is to be closed, as things stand. */
export interface CloseTarget {
  policy: Policy
  config: BreakerConfig
  breaker: BreakerState
  circuit: string
  /** The one that is open on the circuit. */
  incident: Incident | undefined
  /** What the cloud says of the breaker, asked right before; absent: not asked yet. */
  asked?: { online: boolean | undefined }
}

export interface CloseRequest extends CloseTarget {
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

function refusals(request: CloseRequest): Message[] {
  const { breaker, circuit, person, now } = request
  const { operation } = circuitState(breaker, circuit)
  return [
    ...(may(person, 'close', request.config) ? [] : [message('gate.role', { person: person.name })]),
    ...hindrances(request),
    ...(isBusy(operation, now) ? [message('gate.busy', { person: operation.askedBy.person })] : []),
  ]
}

/** What stands against closing the circuit, whoever asks. */
function hindrances({ policy, config, breaker, circuit, incident, asked }: CloseTarget): Message[] {
  const { position } = circuitState(breaker, circuit)
  const reasons: Message[] = []
  if (!policy.actuation) reasons.push(message('gate.actuation-off'))
  if (!config.remoteClose) reasons.push(message('gate.no-remote-close'))
  reasons.push(...outOfReach(breaker, asked))
  if (position === 'closed') reasons.push(message('gate.already-closed'))
  if (position === undefined) reasons.push(message('gate.position-unknown'))
  if (incident && BY_CAUSE[incident.cause] === 'never') reasons.push(message('gate.short-circuit'))
  return reasons
}

/**
 * Why the breaker cannot be relied on to be there. A silent one may be asked to close: before the command leaves, the
 * cloud must say that it is online.
 */
export function outOfReach(breaker: BreakerState, asked: CloseTarget['asked']): Message[] {
  if (breaker.online === false || asked?.online === false) return [message('gate.offline')]
  if (!breaker.silent || !asked || asked.online) return []
  return [message('gate.silent', { at: time(breaker.silent.since) })]
}

/**
 * Asked last of all, right before a confirmed close leaves: something may have come to light since. False also where
 * the cause now asks for a second person and only one has confirmed.
 */
export function mayStillClose(target: CloseTarget, operation: Operation): boolean {
  const cause = target.incident && BY_CAUSE[target.incident.cause]
  return hindrances(target).length === 0 && (cause !== 'second-person' || operation.secondPerson)
}

function needsSecondPerson({ breaker, circuit, incident, person }: CloseRequest): boolean {
  if (incident) return BY_CAUSE[incident.cause] === 'second-person'
  const opening = circuitState(breaker, circuit).opening
  // Opened on purpose: somebody may be working on it. Only the one who opened it may close it alone.
  return opening?.by !== 'command' || opening.actor.person !== person.name
}
