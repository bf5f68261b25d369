import type { Asked } from './asked.ts'
import { answer, type Reply, refuse } from './decision.ts'
import type { Draft } from './draft.ts'
import type { Ask } from './event.ts'
import { message } from './message.ts'
import { isAsked, isUnderWay } from './operation.ts'
import { circuitTitle } from './policy.ts'

/**
 * The answer to «reclose» on a card from before the last asking: its button is used up. The asker's own second press
 * gets what the first one got; while somebody's close is going on, the gate says whose. Undefined where the button may
 * still ask. Buttons that change nothing, and «acknowledge», never wear out while the incident is open.
 */
export function usedUp(draft: Draft, { ask, circuit, breaker, actor }: Asked): Reply | undefined {
  const asked = draft.openIncident(circuit)?.closeAsked
  if (ask.version === undefined || asked === undefined || ask.version >= asked) return undefined
  const { operation } = draft.circuit(circuit)
  const { now } = draft.given
  if (isAsked(operation, now)) {
    if (operation.askedBy.person !== actor.person) return undefined
    const seconds = Math.ceil((operation.expiresAt - now) / 1000)
    return answer(operation.secondPerson ? 'close.asked-second' : 'close.asked', { breaker, seconds })
  }
  return isUnderWay(operation) ? undefined : refuse('ask.superseded')
}

/** The answer to a confirming step that has been taken already: its second press gets what the first one got. */
export function takenAlready(draft: Draft, { ask, circuit, breaker }: Asked): Reply | undefined {
  const { operation } = draft.circuit(circuit)
  if (ask.typed || !operation || ask.nonce !== operation.nonce) return undefined
  const { stage } = operation
  if (stage === 'cancelled') return ask.action === 'cancel' ? answer('cancel.done', { breaker }) : undefined
  return stage === 'done' || stage === 'failed' || stage === 'unconfirmed'
    ? refuse('ask.superseded')
    : undefined
}

/** Notes that a close was asked for on the incident's card as it now is. */
export function useUp(draft: Draft, circuit: string): void {
  const incident = draft.openIncident(circuit)
  if (incident) draft.putIncident({ ...incident, closeAsked: incident.version })
}

/** The card is of the past: says so, and what can be typed instead. */
export function outdated(draft: Draft, ask: Ask): Reply {
  const circuit = circuitOf(draft, ask)
  const { position } = circuit === undefined ? {} : draft.circuit(circuit)
  const asksToClose = ask.action !== 'ack' && position !== 'closed'
  const word = message(asksToClose ? 'button.reclose' : 'word.status')
  const breaker = circuit === undefined ? draft.config.name : circuitTitle(draft.config, circuit)
  return { text: message('ask.superseded', { word, breaker }), refused: true, outdated: true }
}

function circuitOf(draft: Draft, ask: Ask): string | undefined {
  const circuits = draft.circuits()
  return draft.incident(ask.subject)?.circuit ?? (circuits.length === 1 ? circuits[0] : undefined)
}
