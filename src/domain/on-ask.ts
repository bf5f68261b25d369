import { mayClose } from './closing-gate.ts'
import type { Draft } from './draft.ts'
import type { Ask } from './event.ts'
import { isOpen } from './incident.ts'
import { type Message, message } from './message.ts'
import { isAsked, isBusy, type Operation } from './operation.ts'
import { type Actor, may, type Person, personOf, type Right } from './people.ts'
import { circuitTitle } from './policy.ts'

const RIGHT_FOR: Record<Ask['action'], Right> = {
  ack: 'acknowledge',
  reclose: 'close',
  confirm: 'close',
  cancel: 'close',
  open: 'open',
}

/** Somebody pressed a button or typed a command about a breaker. Whoever is not listed changes nothing. */
export function onAsk(draft: Draft, ask: Ask): void {
  const person = ask.anonymous ? undefined : personOf(draft.given.policy.people, ask.channel, ask.sender)
  if (!person || !may(person, RIGHT_FOR[ask.action])) return turnAway(draft, ask, person)
  const actor: Actor = { person: person.name, channel: ask.channel }
  const circuit = circuitAsked(draft, ask)
  if (circuit === 'superseded') return draft.refuse(message('ask.superseded'))
  if (circuit === undefined) return draft.refuse(whichCircuit(draft))
  switch (ask.action) {
    case 'ack':
      return acknowledge(draft, circuit, actor)
    case 'reclose':
      return askToClose(draft, ask, circuit, person, actor)
    case 'open':
      return open(draft, ask, circuit, actor)
    case 'confirm':
      return confirm(draft, ask, circuit, person, actor)
    case 'cancel':
      return cancel(draft, ask, circuit, actor)
  }
}

function turnAway(draft: Draft, ask: Ask, person: Person | undefined): void {
  const who = person?.name ?? `${ask.channel}:${ask.sender}`
  draft.audit.push({ who, what: `${ask.action}.refused`, details: { why: person ? 'role' : 'not listed' } })
  if (ask.anonymous) return draft.refuse(message('ask.anonymous'))
  if (!person) return draft.refuse(message('ask.stranger', { id: ask.sender }))
  draft.refuse(message('gate.role', { person: person.name }))
}

/** The circuit that the button's card or the words name; for a breaker of one circuit that one. */
function circuitAsked(draft: Draft, ask: Ask): string | undefined | 'superseded' {
  const circuits = draft.circuits()
  if (ask.subject !== undefined) {
    const incident = draft.incident(ask.subject)
    if (incident) return isOpen(incident) ? incident.circuit : 'superseded'
    return circuits.find((one) => draft.circuit(one).operation?.id === ask.subject) ?? 'superseded'
  }
  if (ask.circuit) return ask.circuit
  if (circuits.length === 1) return circuits[0]
  return theOnlyOne(draft, circuits, ask)
}

/** Of several circuits, the only one that the word can mean. */
function theOnlyOne(draft: Draft, circuits: string[], ask: Ask): string | undefined {
  const fits = circuits.filter((circuit) => {
    const state = draft.circuit(circuit)
    if (ask.action === 'confirm' || ask.action === 'cancel') return isAsked(state.operation, draft.given.now)
    return ask.action === 'open' ? state.position === 'closed' : state.incident !== undefined
  })
  return fits.length === 1 ? fits[0] : undefined
}

function whichCircuit(draft: Draft): Message {
  const names = draft.circuits().map((circuit) => circuitTitle(draft.config, circuit))
  return message('ask.which-circuit', { circuits: names.join(' / ') })
}

function acknowledge(draft: Draft, circuit: string, actor: Actor): void {
  const incident = draft.openIncident(circuit)
  const breaker = circuitTitle(draft.config, circuit)
  if (!incident) return draft.refuse(message('ack.nothing', { breaker }))
  if (incident.owner) {
    const mine = incident.owner.person === actor.person
    return draft.answer(message(mine ? 'ack.already-yours' : 'ack.already', { breaker, person: incident.owner.person }))
  }
  draft.changeIncident(
    incident,
    { status: 'acknowledged', owner: actor, acknowledgedAt: draft.given.now },
    message('story.acknowledged', { person: actor.person, channel: message(`channel.${actor.channel}`) }),
  )
  draft.audit.push({ who: actor.person, what: 'incident.acknowledged', details: { incident: incident.id, channel: actor.channel } })
  draft.answer(message('ack.done', { breaker, person: actor.person }))
}

function askToClose(draft: Draft, ask: Ask, circuit: string, person: Person, actor: Actor): void {
  const gate = throughGate(draft, circuit, person)
  if (gate.may === 'no') return refuseToClose(draft, actor, circuit, gate.reasons)
  const standing = draft.circuit(circuit).operation
  const breaker = circuitTitle(draft.config, circuit)
  if (isAsked(standing, draft.given.now) && standing.askedBy.person !== actor.person) {
    return draft.refuse(message('close.asked-by-other', { breaker, person: standing.askedBy.person }))
  }
  if (isAsked(standing, draft.given.now)) draft.effects.push({ do: 'cancel-timer', id: `confirm:${standing.id}` })
  const incident = draft.openIncident(circuit)
  const operation: Operation = {
    ...newOperation(draft, ask, actor, 'closed'),
    stage: 'asked',
    secondPerson: gate.may === 'second-person',
    ...(incident && { incident: incident.id }),
  }
  draft.putOperation(circuit, operation, message('story.asked', { person: actor.person, channel: message(`channel.${actor.channel}`) }))
  draft.effects.push({
    do: 'timer',
    id: `confirm:${operation.id}`,
    at: operation.expiresAt,
    event: { type: 'confirm-expired', operation: operation.id },
  })
  if (ask.typed) draft.freshCard(incident?.id ?? operation.id, ask.chat)
  draft.audit.push({ who: actor.person, what: 'close.asked', details: { operation: operation.id, circuit, secondPerson: operation.secondPerson } })
  const key = operation.secondPerson ? 'close.asked-second' : 'close.asked'
  draft.answer(message(key, { breaker, seconds: Math.round(draft.given.policy.confirmWithin / 1000) }))
}

function newOperation(draft: Draft, ask: Ask, actor: Actor, to: Operation['to']): Operation {
  const { now, newId, policy } = draft.given
  return {
    id: newId(),
    ref: newId().toUpperCase(),
    to,
    stage: 'confirmed',
    version: 1,
    askedBy: actor,
    askedAt: now,
    chat: ask.chat,
    nonce: newId().slice(0, 6),
    expiresAt: now + policy.confirmWithin,
    secondPerson: false,
  }
}

function throughGate(draft: Draft, circuit: string, person: Person) {
  const incident = draft.openIncident(circuit)
  return mayClose({ policy: draft.given.policy, config: draft.config, breaker: draft.breaker, circuit, incident, person })
}

function refuseToClose(draft: Draft, actor: Actor, circuit: string, reasons: Message[]): void {
  draft.audit.push({ who: actor.person, what: 'close.refused', details: { circuit, reasons: reasons.map((one) => one.key) } })
  draft.refuse(refusal(draft, circuit, reasons))
}

function refusal(draft: Draft, circuit: string, reasons: Message[]): Message {
  const breaker = circuitTitle(draft.config, circuit)
  return message('close.refused', { breaker, reasons })
}

function confirm(draft: Draft, ask: Ask, circuit: string, person: Person, actor: Actor): void {
  const operation = draft.circuit(circuit).operation
  const breaker = circuitTitle(draft.config, circuit)
  if (isBusy(operation)) return draft.answer(message('confirm.already', { breaker, person: (operation.confirmedBy ?? operation.askedBy).person }))
  if (!isAsked(operation, draft.given.now)) return draft.refuse(message('confirm.expired', { breaker }))
  if (!ask.typed && ask.nonce !== operation.nonce) return draft.refuse(message('ask.superseded'))
  const same = operation.askedBy.person === actor.person
  if (operation.secondPerson && same) return draft.refuse(message('confirm.needs-other', { breaker }))
  if (!operation.secondPerson && !same) return draft.refuse(message('confirm.only-asker', { breaker, person: operation.askedBy.person }))
  const gate = throughGate(draft, circuit, person)
  if (gate.may === 'no') {
    draft.changeOperation(circuit, { stage: 'failed', endedAt: draft.given.now, why: refusal(draft, circuit, gate.reasons) })
    return refuseToClose(draft, actor, circuit, gate.reasons)
  }
  draft.effects.push({ do: 'cancel-timer', id: `confirm:${operation.id}` })
  send(draft, circuit, { confirmedBy: actor, confirmedAt: draft.given.now }, message('story.confirmed', { person: actor.person, channel: message(`channel.${actor.channel}`) }))
  draft.audit.push({ who: actor.person, what: 'close.confirmed', details: { operation: operation.id, circuit } })
  draft.answer(message('confirm.done', { breaker }))
}

function send(draft: Draft, circuit: string, fields: Partial<Operation>, story: Message): void {
  draft.changeOperation(circuit, { ...fields, stage: 'confirmed' }, story)
  const operation = draft.circuit(circuit).operation!
  draft.effects.push({ do: 'switch', operation: operation.id, circuit, to: operation.to, ref: operation.ref })
}

function cancel(draft: Draft, ask: Ask, circuit: string, actor: Actor): void {
  const operation = draft.circuit(circuit).operation
  const breaker = circuitTitle(draft.config, circuit)
  if (!isAsked(operation, draft.given.now)) return draft.refuse(message('cancel.nothing', { breaker }))
  if (!ask.typed && ask.nonce !== operation.nonce) return draft.refuse(message('ask.superseded'))
  draft.effects.push({ do: 'cancel-timer', id: `confirm:${operation.id}` })
  draft.changeOperation(circuit, { stage: 'cancelled', endedAt: draft.given.now }, message('story.cancelled', { person: actor.person }))
  draft.audit.push({ who: actor.person, what: 'close.cancelled', details: { operation: operation.id } })
  draft.answer(message('cancel.done', { breaker }))
}

function open(draft: Draft, ask: Ask, circuit: string, actor: Actor): void {
  const state = draft.circuit(circuit)
  const breaker = circuitTitle(draft.config, circuit)
  if (!draft.given.policy.actuation) return draft.refuse(message('gate.actuation-off'))
  if (state.position === 'open') return draft.refuse(message('open.already', { breaker }))
  if (isBusy(state.operation)) return draft.refuse(message('gate.busy', { person: state.operation.askedBy.person }))
  if (draft.breaker.online === false) return draft.refuse(message('gate.offline'))
  const operation = newOperation(draft, ask, actor, 'open')
  draft.putOperation(circuit, operation)
  draft.freshCard(operation.id, ask.chat)
  draft.effects.push({ do: 'switch', operation: operation.id, circuit, to: 'open', ref: operation.ref })
  draft.audit.push({ who: actor.person, what: 'open.asked', details: { operation: operation.id, circuit } })
  draft.answer(message('open.done', { breaker }))
}
