import type { Asked } from './asked.ts'
import { mayClose } from './closing-gate.ts'
import { answer, type Reply, refuse } from './decision.ts'
import type { Draft } from './draft.ts'
import { withClose } from './hindrance.ts'
import { type Message, message } from './message.ts'
import { stopReclosing } from './on-reclosing.ts'
import { isAsked, isBusy, isNamed, newOperation, type Operation } from './operation.ts'
import { called, storyLine } from './people.ts'

/** Select before operate: reserves the circuit, shows what will happen, and waits for the confirming step. */
export function askToClose(draft: Draft, asked: Asked): Reply {
  const { ask, circuit, breaker, actor } = asked
  const gate = throughGate(draft, asked)
  if (gate.may === 'no') return refuseToClose(draft, asked, gate.reasons)
  const standing = draft.circuit(circuit).operation
  if (isAsked(standing, draft.given.now)) {
    const { person } = standing.askedBy
    if (person !== actor.person) return refuse('close.asked-by-other', { breaker, person })
    // Pressed again in haste: it stands as asked.
    if (!ask.typed && draft.given.now < standing.askedAt + SAME_PRESS)
      return askedAnswer(draft, standing, breaker)
    draft.effects.push({ do: 'cancel-timer', id: `confirm:${standing.id}` })
  }
  stopReclosing(draft, circuit, message('reclosing.taken-over', { person: actor.person }))
  const incident = draft.openIncident(circuit)
  const secondPerson = gate.may === 'second-person'
  const operation: Operation = {
    ...begin(draft, asked, 'closed'),
    stage: 'asked',
    secondPerson,
    ...(incident && { incident: incident.id }),
  }
  const { id, expiresAt } = operation
  draft.putOperation(circuit, operation, storyLine('story.asked', actor))
  const event = { type: 'confirm-expired', operation: id } as const
  draft.effects.push({ do: 'timer', id: `confirm:${id}`, at: expiresAt, event })
  if (ask.typed) draft.freshCard(incident?.id ?? id, ask.chat)
  draft.note(actor.person, 'close.asked', { operation: id, circuit, secondPerson })
  return askedAnswer(draft, operation, breaker)
}

/** Presses of one person within this are one, ms. */
const SAME_PRESS = 5000

function askedAnswer(draft: Draft, { secondPerson, expiresAt }: Operation, breaker: string): Reply {
  const seconds = Math.round((expiresAt - draft.given.now) / 1000)
  return answer(secondPerson ? 'close.asked-second' : 'close.asked', { breaker, seconds })
}

/** The confirming step: the gate is asked again, and the command leaves. */
export function confirmClose(draft: Draft, asked: Asked): Reply {
  const { ask, circuit, breaker, actor } = asked
  const { operation } = draft.circuit(circuit)
  if (isBusy(operation, draft.given.now)) {
    return answer('confirm.already', { breaker, person: called(operation.confirmedBy ?? operation.askedBy) })
  }
  if (!isAsked(operation, draft.given.now)) return refuse('confirm.expired', { breaker })
  if (!isNamed(ask, operation)) return refuse('ask.superseded')
  const gate = throughGate(draft, asked)
  const asker = operation.askedBy.person
  const needsOther = operation.secondPerson || gate.may === 'second-person'
  if (asker === actor.person && needsOther) return refuse('confirm.needs-other', { breaker })
  if (asker !== actor.person && !operation.secondPerson) {
    return refuse('confirm.only-asker', { breaker, person: asker })
  }
  draft.effects.push({ do: 'cancel-timer', id: `confirm:${operation.id}` })
  if (gate.may === 'no') {
    const why = refusal(breaker, gate.reasons)
    draft.changeOperation(circuit, { stage: 'failed', endedAt: draft.given.now, why })
    return refuseToClose(draft, asked, gate.reasons)
  }
  const confirmed = { stage: 'confirmed', confirmedBy: actor, confirmedAt: draft.given.now } as const
  draft.changeOperation(circuit, confirmed, storyLine('story.confirmed', actor))
  const { closes } = draft.circuit(circuit)
  const close = { operation: operation.id, at: draft.given.now }
  draft.setCircuit(circuit, { closes: withClose(closes, close) })
  send(draft, circuit, operation)
  draft.note(actor.person, 'close.confirmed', { operation: operation.id, circuit })
  return answer('confirm.done', { breaker })
}

export function cancelClose(draft: Draft, asked: Asked): Reply {
  const { ask, circuit, breaker, actor } = asked
  const { operation, reclosing } = draft.circuit(circuit)
  if (reclosing?.stage === 'waiting') return stopAutomatic(draft, asked)
  if (!isAsked(operation, draft.given.now)) return refuse('cancel.nothing', { breaker })
  if (!isNamed(ask, operation)) return refuse('ask.superseded')
  draft.effects.push({ do: 'cancel-timer', id: `confirm:${operation.id}` })
  const cancelled = { stage: 'cancelled', endedAt: draft.given.now } as const
  draft.changeOperation(circuit, cancelled, message('story.cancelled', { person: actor.person }))
  draft.note(actor.person, 'close.cancelled', { operation: operation.id })
  return answer('cancel.done', { breaker })
}

/** The hold button of an announced automatic close. */
export function stopAutomatic(draft: Draft, { circuit, breaker, actor }: Asked): Reply {
  const { person } = actor
  if (!stopReclosing(draft, circuit, message('reclosing.stopped-by', { person })))
    return refuse('stop.nothing', { breaker })
  draft.note(person, 'reclosing.stopped-by', { circuit })
  return answer('stop.done', { breaker })
}

/** Opening is the safe direction: it needs no confirming step. */
export function openNow(draft: Draft, asked: Asked): Reply {
  const { ask, circuit, breaker, actor } = asked
  const { position, operation: standing } = draft.circuit(circuit)
  if (!draft.given.policy.actuation) return refuse('gate.actuation-off')
  if (position === 'open') return refuse('open.already', { breaker })
  if (isBusy(standing, draft.given.now)) return refuse('gate.busy', { person: called(standing.askedBy) })
  if (draft.breaker.online === false) return refuse('gate.offline')
  const operation = begin(draft, asked, 'open')
  draft.putOperation(circuit, operation)
  if (ask.run === undefined) draft.freshCard(operation.id, ask.chat)
  send(draft, circuit, operation)
  const { id, run } = operation
  draft.note(actor.person, 'open.asked', { operation: id, circuit, ...(run !== undefined && { run }) })
  return answer('open.done', { breaker })
}

function begin(draft: Draft, { ask, actor }: Asked, to: Operation['to']): Operation {
  const { now, newId, policy } = draft.given
  return {
    ...newOperation({ id: newId(), ref: newId(), nonce: newId(), to, actor, now, policy }),
    ...(ask.chat && { chat: ask.chat }),
    ...(ask.run !== undefined && { run: ask.run }),
  }
}

function send(draft: Draft, circuit: string, { id, to, ref }: Operation): void {
  draft.effects.push({ do: 'switch', operation: id, circuit, to, ref })
}

function throughGate(draft: Draft, { circuit, person }: Asked) {
  const { given, config, breaker } = draft
  const incident = draft.openIncident(circuit)
  return mayClose({ policy: given.policy, config, breaker, circuit, incident, by: person, now: given.now })
}

function refuseToClose(draft: Draft, { circuit, breaker, actor }: Asked, reasons: Message[]): Reply {
  draft.note(actor.person, 'close.refused', { circuit, reasons: reasons.map((one) => one.key) })
  return { text: refusal(breaker, reasons), refused: true }
}

function refusal(breaker: string, reasons: Message[]): Message {
  return message('close.refused', { breaker, reasons })
}
