import type { Asked } from './asked.ts'
import { type Reply, refuse } from './decision.ts'
import type { Draft } from './draft.ts'
import { endAsked } from './ending.ts'
import { policyFor } from './escalation.ts'
import type { Ask } from './event.ts'
import { isLockedOut } from './hindrance.ts'
import { isOpen } from './incident.ts'
import { tooLate } from './late.ts'
import { unlock } from './locking-out.ts'
import { message } from './message.ts'
import { hold, release } from './on-hold.ts'
import { isAsked } from './operation.ts'
import { outdated, takenAlready, usedUp, useUp } from './outdated.ts'
import { type OwnAction, owned } from './owning.ts'
import { actorIn, askerOf, may, nameless, type Person, type Right } from './people.ts'
import { circuitTitle } from './policy.ts'
import { askToClose, cancelClose, confirmClose, openNow, stopAutomatic } from './switching.ts'

const RIGHT_FOR: Record<Ask['action'], Right> = {
  ack: 'acknowledge',
  reclose: 'close',
  confirm: 'confirm',
  cancel: 'close',
  open: 'open',
  hold: 'hold',
  release: 'hold',
  unlock: 'unlock',
  stop: 'hold',
  unack: 'acknowledge',
  handover: 'acknowledge',
}

/** Somebody pressed a button or typed a command about a breaker. Whoever is not listed changes nothing. */
export function onAsk(draft: Draft, ask: Ask): void {
  draft.via = ask.via
  const reply = replyTo(draft, ask)
  draft.reply = reply.text.key === 'ask.superseded' ? outdated(draft, ask) : reply
  if (reply.refused && draft.audit.length === 0) {
    const person = askerOf(draft.given.policy, { ...ask, anonymous: false })
    draft.note(person?.name ?? nameless(ask), `${ask.action}.refused`, { why: reply.text.key })
  }
}

function replyTo(draft: Draft, ask: Ask): Reply {
  const person = askerOf(draft.given.policy, ask)
  if (!person || !may(person, RIGHT_FOR[ask.action], draft.config)) return turnAway(draft, ask, person)
  const { channel, via } = ask
  const actor = { person: person.name, ...(channel && { channel }), ...(via && { via }) }
  if (ask.action === 'hold' || ask.action === 'release') {
    const asked = { ask, circuit: circuitHeld(draft, ask), person, actor }
    return ask.action === 'hold' ? hold(draft, asked) : release(draft, asked)
  }
  const circuit = circuitAsked(draft, ask)
  if (circuit === 'superseded') return refuse('ask.superseded')
  if (circuit === undefined) return whichCircuit(draft)
  const breaker = circuitTitle(draft.config, circuit)
  const asked: Asked = { ask, circuit, breaker, person, actor }
  switch (ask.action) {
    case 'ack':
    case 'unack':
    case 'handover':
      return own(draft, asked, ask.action)
    case 'reclose':
      return usedUp(draft, asked) ?? tooLate(draft, asked) ?? select(draft, asked)
    case 'confirm':
      return (
        takenAlready(draft, asked) ??
        tooLate(draft, asked) ??
        voided(draft, asked) ??
        confirmClose(draft, asked)
      )
    case 'cancel':
      return takenAlready(draft, asked) ?? cancelClose(draft, asked)
    case 'open':
      return tooLate(draft, asked) ?? openNow(draft, asked)
    case 'unlock':
      return unlock(draft, asked)
    case 'stop':
      return stopAutomatic(draft, asked)
  }
}

/** Whoever asked may have been taken out of the configuration since, or lost the right: then there is nothing to confirm. */
function voided(draft: Draft, { circuit, breaker }: Asked): Reply | undefined {
  const { operation } = draft.circuit(circuit)
  if (!isAsked(operation, draft.given.now)) return undefined
  const { person } = operation.askedBy
  const asker = actorIn(draft.given.policy, operation.askedBy)
  if (may(asker, 'close', draft.config)) return undefined
  endAsked(draft, circuit, draft.given.now)
  return refuse('confirm.void', { breaker, person })
}

/** Asks to close; the button that did so is used up then, and those of older cards. */
function select(draft: Draft, asked: Asked): Reply {
  const before = draft.circuit(asked.circuit).operation?.id
  const reply = askToClose(draft, asked)
  if (draft.circuit(asked.circuit).operation?.id !== before) useUp(draft, asked.circuit)
  return reply
}

function turnAway(draft: Draft, ask: Ask, person: Person | undefined): Reply {
  const who = person?.name ?? nameless(ask)
  draft.note(who, `${ask.action}.refused`, { why: person ? 'role' : 'not listed' })
  if (ask.anonymous) return refuse('ask.anonymous')
  if (person && ask.action === 'unlock') return refuse('unlock.admin-only', { person: person.name })
  if (person && may(person, RIGHT_FOR[ask.action]))
    return refuse('ask.role-here', { person: person.name, site: draft.config.site })
  return person ? refuse('gate.role', { person: person.name }) : refuse('ask.stranger', { id: ask.sender })
}

/** The circuit that the button's card or the words name; for a breaker of one circuit that one. */
function circuitAsked(draft: Draft, ask: Ask): string | undefined | 'superseded' {
  const circuits = draft.circuits()
  if (ask.subject !== undefined) {
    const incident = draft.incident(ask.subject)
    if (incident) return isOpen(incident) ? incident.circuit : 'superseded'
    return circuits.find((one) => draft.circuit(one).operation?.id === ask.subject) ?? 'superseded'
  }
  if (ask.circuit !== undefined) return circuits.find((one) => one === ask.circuit)
  return circuits.length === 1 ? circuits[0] : theOnlyOne(draft, circuits, ask)
}

/** What a hold is about: the circuit that was named, or else the breaker as a whole. */
function circuitHeld(draft: Draft, ask: Ask): string | undefined {
  const circuits = draft.circuits()
  return circuits.length > 1 ? circuits.find((one) => one === ask.circuit) : undefined
}

/** Of several circuits, the only one that the word can mean. */
function theOnlyOne(draft: Draft, circuits: string[], ask: Ask): string | undefined {
  const fits = circuits.filter((circuit) => {
    const state = draft.circuit(circuit)
    if (ask.action === 'confirm' || ask.action === 'cancel') return isAsked(state.operation, draft.given.now)
    if (ask.action === 'unlock') return isLockedOut(state.lockOut)
    if (ask.action === 'stop') return state.reclosing?.stage === 'waiting'
    return ask.action === 'open' ? state.position === 'closed' : state.incident !== undefined
  })
  return fits.length === 1 ? fits[0] : undefined
}

function whichCircuit(draft: Draft): Reply {
  const names = draft.circuits().map((circuit) => circuitTitle(draft.config, circuit))
  return refuse('ask.which-circuit', { circuits: names.join(' / ') })
}

/** Whose the incident is from now on. */
function own(draft: Draft, { ask, circuit, breaker, person, actor }: Asked, action: OwnAction): Reply {
  const incident = draft.openIncident(circuit)
  if (!incident) return refuse('ack.nothing', { breaker })
  const { policy, now } = draft.given
  const holds = policyFor(policy.escalations, draft.config)?.ackTimeout
  const word = { title: breaker, person, actor, now, holds }
  const to = policy.people.find((one) => one.name === ask.to)
  const { fields, story, what, tells, reply } = owned(incident, action, word, { to, place: draft.config })
  if (!fields) return reply
  draft.changeIncident(incident, fields, story)
  draft.note(person.name, `incident.${what}`, {
    incident: incident.id,
    channel: actor.channel,
    ...(tells && { to: tells }),
  })
  if (tells) draft.tellPerson(tells, message('handover.told', { breaker, from: person.name }))
  return reply
}
