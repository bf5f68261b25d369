import type { Draft } from './draft.ts'
import { finish } from './ending.ts'
import type { BreakerEvent, ControlOutcome } from './event.ts'
import { message } from './message.ts'
import { circuitOf, onReclosingFailed, onSupplySeen } from './on-reclosing.ts'
import { onReport } from './on-report.ts'
import type { Operation } from './operation.ts'
import { reasonsOf } from './reclosing-deeds.ts'
import type { Report } from './report.ts'
import { isWellSupplied } from './supply.ts'

/** The circuit whose present operation this is; undefined when another has taken its place. */
function circuitOfOperation(draft: Draft, operation: string): string | undefined {
  return Object.keys(draft.breaker.circuits).find((one) => draft.circuit(one).operation?.id === operation)
}

/** Calls `then` with the operation, if it is still the circuit's present one and at one of these stages. */
function whileAt(
  draft: Draft,
  id: string,
  stages: Operation['stage'][],
  then: (circuit: string, operation: Operation) => void,
): void {
  const circuit = circuitOfOperation(draft, id)
  const operation = circuit === undefined ? undefined : draft.circuit(circuit).operation
  if (circuit !== undefined && operation && stages.includes(operation.stage)) then(circuit, operation)
}

/** Nobody confirmed in time. */
export function onConfirmExpired(draft: Draft, id: string): void {
  whileAt(draft, id, ['asked'], (circuit, operation) => {
    draft.changeOperation(circuit, { stage: 'expired', endedAt: draft.given.now }, message('story.expired'))
    draft.note('system', 'close.expired', { operation: operation.id })
  })
}

/** What the cloud said to the command. «Taken» does not mean «done»: only the breaker's report does. */
export function onControlOutcome(draft: Draft, id: string, outcome: ControlOutcome): void {
  whileAt(draft, id, ['confirmed'], (circuit, operation) => {
    const { now, policy } = draft.given
    const { result } = outcome
    const why = result === 'taken' ? {} : { why: outcome.why.key, ...reasonsOf(outcome.why) }
    draft.note('system', `operation.${result}`, { operation: id, to: operation.to, ...why })
    if (outcome.result === 'refused') {
      const { closes } = draft.circuit(circuit)
      // It surely did not leave.
      draft.setCircuit(circuit, { closes: closes?.filter((one) => one.operation !== id) })
      draft.changeOperation(
        circuit,
        { stage: 'failed', endedAt: now, why: outcome.why },
        message('story.failed', { why: outcome.why }),
      )
      onReclosingFailed(draft, circuit, id, message('reclosing.failed', { why: outcome.why }))
      return
    }
    const unsure = outcome.result === 'unknown' ? { why: outcome.why } : {}
    draft.changeOperation(circuit, { stage: 'sent', sentAt: now, ...unsure })
    const at =
      now + (outcome.result === 'unknown' ? Math.min(2000, policy.feedbackWithin) : policy.feedbackWithin)
    draft.effects.push({
      do: 'timer',
      id: `feedback:${id}`,
      at,
      event: { type: 'feedback-due', operation: id },
    })
  })
}

/** No report came in time: ask the cloud how the contacts stand. */
export function onFeedbackDue(draft: Draft, id: string): void {
  whileAt(draft, id, ['sent'], (circuit) => {
    draft.effects.push({ do: 'look-up', operation: id, circuit })
  })
}

/** The cloud's answer about the state, asked because no report came: taken in like a report, then judged. */
export function onLookedUp(draft: Draft, event: Extract<BreakerEvent, { type: 'looked-up' }>): void {
  const reclosing = circuitOf(draft, event.operation)
  if (reclosing !== undefined) {
    onSupplyLookedUp(draft, reclosing, event.report)
    return
  }
  if (event.report) onReport(draft, event.report)
  whileAt(draft, event.operation, ['sent'], (circuit, operation) => {
    const { now } = draft.given
    if (draft.circuit(circuit).position === operation.to) return finish(draft, circuit, now)
    const why = message(event.online === false ? 'operation.went-offline' : 'operation.not-confirmed')
    draft.changeOperation(circuit, { stage: 'unconfirmed', endedAt: now, why }, message('story.unconfirmed'))
    draft.note('system', 'operation.unconfirmed', { operation: operation.id })
    onReclosingFailed(draft, circuit, operation.id, message('reclosing.failed', { why }))
  })
}

/** The cloud's record may not have the opening yet: of what it says, only the supply is taken. */
function onSupplyLookedUp(draft: Draft, circuit: string, report: Report | undefined): void {
  if (!report) return
  onReport(draft, { ...report, positions: {} })
  const { voltage } = report.readings
  onSupplySeen(draft, circuit, isWellSupplied(voltage, draft.config, draft.given.policy.closing))
}
