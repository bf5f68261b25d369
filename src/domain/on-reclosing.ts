import { mayClose } from './closing-gate.ts'
import type { Draft } from './draft.ts'
import { isSteadyNeeded } from './fault-class.ts'
import { isSoonAfter } from './hindrance.ts'
import type { Incident } from './incident.ts'
import { type Message, message } from './message.ts'
import {
  advanceReclosing,
  type ReclosingDeed,
  type ReclosingEvent,
  type ReclosingRules,
} from './reclosing.ts'
import { DEEDS, reclaimOf } from './reclosing-deeds.ts'
import type { Report } from './report.ts'

/** Told of so late, a trip begins nothing: what was to close soon after it would close at an odd time. ms. */
const TOLD_WITHIN = 30_000

/** Reasons that time may take away. */
const PASSING: readonly Message['key'][] = [
  'gate.cool-down',
  'gate.just-closed',
  'gate.voltage',
  'gate.voltage-unsteady',
]

/** A trip, once its incident is known. Answers whether the machine takes care of a fault that came back. */
export function onTripForReclosing(
  draft: Draft,
  circuit: string,
  report: Report,
  { isNews, isAgain }: { isNews: boolean; isAgain: boolean },
): boolean {
  const incident = draft.openIncident(circuit)
  const { reclosing } = draft.circuit(circuit)
  if (!incident || (!reclosing && !draft.config.autoReclose)) return false
  if (!reclosing && (!isNews || isAgain)) return false
  // The timer that ends the reclaim time may be late.
  if (reclosing?.stage === 'watching' && !isAgain) step(draft, circuit, { type: 'reclaimed' })
  const mayBegin = mayBeginAfter(draft, circuit, incident, report)
  const id = draft.given.newId()
  const deed = step(draft, circuit, {
    type: 'tripped',
    at: draft.given.now,
    id,
    incident: incident.id,
    mayBegin,
  })
  return deed === 'announce' || deed === 'lock-out'
}

function mayBeginAfter(draft: Draft, circuit: string, incident: Incident, report: Report): boolean {
  const { now } = draft.given
  const { closing } = draft.circuit(circuit)
  const isLate = report.reconciled !== undefined || report.asked === true || now - report.at > TOLD_WITHIN
  // Closed by a person a moment ago, perhaps into the very fault.
  const isIntoFault =
    !closing?.ours?.automatic && isSoonAfter(closing, report.at, now, reclaimOf(draft, true))
  if (isLate || isIntoFault) return false
  const gate = askGate(draft, circuit, incident)
  return gate.may !== 'no' || gate.reasons.every((one) => PASSING.includes(one.key))
}

function askGate({ config, given, breaker }: Draft, circuit: string, incident: Incident | undefined) {
  const { policy, now } = given
  return mayClose({ policy, config, breaker, circuit, incident, by: 'automatic', now })
}

/** The dead time is over, or the supply is to be looked at again. */
export function onRecloseDue(draft: Draft, id: string, at: number): void {
  const circuit = circuitOf(draft, id)
  if (circuit === undefined) return
  const incident = draft.openIncident(circuit)
  const gate = askGate(draft, circuit, incident)
  const reasons = gate.may === 'no' ? gate.reasons : []
  const isOurs = incident !== undefined && draft.circuit(circuit).reclosing?.incident === incident.id
  step(draft, circuit, {
    type: 'due',
    at: draft.given.now,
    step: at,
    gate: reasons.length === 0 && isOurs ? 'yes' : 'no',
    patience: isOurs && reasons.every((one) => PASSING.includes(one.key)),
    operation: draft.given.newId(),
    why: message('reclosing.refused', {
      reasons: reasons.length > 0 ? reasons : [message('operation.overtaken')],
    }),
  })
}

export function onReclaimed(draft: Draft, id: string): void {
  const circuit = circuitOf(draft, id)
  if (circuit !== undefined) step(draft, circuit, { type: 'reclaimed' })
}

/** What was looked up while the dead time runs. */
export function onSupplySeen(draft: Draft, circuit: string, isWell: boolean | undefined): void {
  if (draft.circuit(circuit).reclosing) step(draft, circuit, { type: 'looked', at: draft.given.now, isWell })
}

/** Somebody or something stops it while the dead time runs. */
export function stopReclosing(draft: Draft, circuit: string, why: Message): boolean {
  if (!draft.circuit(circuit).reclosing) return false
  return step(draft, circuit, { type: 'stopped', why }) === 'give-up'
}

/** The close did not succeed, as far as is known. */
export function onReclosingFailed(draft: Draft, circuit: string, operation: string, why: Message): void {
  if (draft.circuit(circuit).reclosing) step(draft, circuit, { type: 'failed', operation, why })
}

export function onClosedForReclosing(draft: Draft, circuit: string, operation: string | undefined): void {
  if (draft.circuit(circuit).reclosing) step(draft, circuit, { type: 'closed', operation })
}

export function onOpenedForReclosing(draft: Draft, circuit: string): void {
  if (draft.circuit(circuit).reclosing) step(draft, circuit, { type: 'opened' })
}

/** The circuit whose machine this is, by its id or by that of something that it looked up. */
export function circuitOf(draft: Draft, id: string): string | undefined {
  return Object.keys(draft.breaker.circuits).find(
    (one) => draft.circuit(one).reclosing?.id === id.split('-')[0],
  )
}

function step(draft: Draft, circuit: string, event: ReclosingEvent): ReclosingDeed | undefined {
  const before = draft.circuit(circuit).reclosing
  const { next, deed } = advanceReclosing(before, event, rulesFor(draft, circuit))
  if (next === before && !deed) return undefined
  draft.setCircuit(circuit, { reclosing: next })
  if (before?.stage === 'waiting' && (next?.step !== before.step || next.stage !== 'waiting'))
    draft.effects.push({ do: 'cancel-timer', id: `reclose:${before.id}-${before.step}` })
  if (before?.stage === 'watching' && next?.stage !== 'watching')
    draft.effects.push({ do: 'cancel-timer', id: `reclaim:${before.id}` })
  if (deed) DEEDS[deed](draft, circuit, next ?? before!)
  return deed
}

/** Where the cause is to pass or to cool first, the dead time lasts as long as that. */
function rulesFor(draft: Draft, circuit: string): ReclosingRules {
  const { deadTime = 0, shots = 0 } = draft.config.autoReclose ?? {}
  const { coolDown, voltageStable } = draft.given.policy.closing
  const cause = draft.openIncident(circuit)?.cause
  const looks = cause !== undefined && isSteadyNeeded(cause)
  const least = looks ? voltageStable : cause === 'overload' ? coolDown : 0
  return { deadTime: Math.max(deadTime, least), shots, looks }
}
