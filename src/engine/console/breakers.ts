import { type BreakerState, circuitState, circuitsOf, latestReadings } from '../../domain/breaker.ts'
import { mayClose } from '../../domain/closing-gate.ts'
import { holdsOn, isLockedOut } from '../../domain/hindrance.ts'
import { causeName, type Incident, isOpen } from '../../domain/incident.ts'
import type { Message } from '../../domain/message.ts'
import { isAsked, isUnderWay, type Operation } from '../../domain/operation.ts'
import type { Person } from '../../domain/people.ts'
import { type BreakerConfig, circuitTitle, type Policy } from '../../domain/policy.ts'
import { severityOf } from '../../domain/severity.ts'
import type { Translate } from '../../text/translate.ts'
import { rightsAt } from './caller.ts'

/** What a breaker is shown with. */
export interface Seen {
  policy: Policy
  config: BreakerConfig
  state: BreakerState | undefined
  version: number
  /** The breaker's open ones. */
  incidents: readonly Incident[]
  person: Person
  now: number
  t: Translate
}

/** A text with the key that programs go by. */
export const said = (t: Translate, text: Message) => ({ key: text.key as string, text: t(text) })

/** A breaker as it is known, with what this person may do about it. */
export function breakerView(seen: Seen) {
  const { config, state, version, person, t } = seen
  const { id, name, site, room, groups, ratedCurrent } = config
  return {
    id,
    name,
    site,
    room,
    groups,
    ratedCurrent: ratedCurrent ?? null,
    version,
    online: state?.online ?? null,
    silentSince: state?.silent?.since ?? null,
    lastReportAt: state?.lastReportAt ?? null,
    heardAt: state?.heardAt ?? null,
    load: loadOf(state),
    holds: (state?.holds ?? []).map(({ circuit, by, at, reason }) => ({
      circuit: circuit ?? null,
      by: by.person,
      at,
      reason: t(reason),
    })),
    rights: rightsAt(person, config),
    circuits: circuitsOf(Object.keys(config.circuits), state).map((one) => circuitView(seen, one)),
  }
}

function loadOf(state: BreakerState | undefined) {
  const recent = state?.recent ?? []
  const last = recent.at(-1)
  if (!last) return null
  const { voltage, current, activePower, energy } = latestReadings(recent)
  return {
    at: last.at,
    voltage: voltage ?? null,
    current: current ?? null,
    power: activePower ?? null,
    energy: energy ?? null,
  }
}

function circuitView(seen: Seen, circuit: string) {
  const { config, state, incidents, t } = seen
  const { position, since, opening, operation, lockOut } = state ? circuitState(state, circuit) : {}
  const incident = incidents.find((one) => one.circuit === circuit && isOpen(one))
  return {
    key: circuit,
    title: t(circuitTitle(config, circuit)),
    position: position ?? null,
    since: since ?? null,
    openedBy: position === 'open' ? (opening?.by ?? null) : null,
    held: holdsOn(state?.holds, circuit).length > 0,
    lockedOut: isLockedOut(lockOut) ? lockOut.why : null,
    incident: incident ? incidentView(incident, config, t) : null,
    operation: operation ? operationView(operation, seen) : null,
    close: closeView(seen, circuit, incident),
  }
}

/** Whether this person may ask for a close, what it would need, and all that is against it. */
function closeView(
  { policy, config, state, person, now, t }: Seen,
  circuit: string,
  incident: Incident | undefined,
) {
  if (!state) return { may: 'no' as const, reasons: [] }
  const gate = mayClose({ policy, config, breaker: state, circuit, incident, by: person, now })
  if (gate.may === 'no') return { may: gate.may, reasons: gate.reasons.map((one) => said(t, one)) }
  return { may: gate.may === 'second-person' ? gate.may : ('confirm' as const), reasons: [] }
}

/** The present operation, or the last; the word that confirms it goes to those alone who may use it. */
export function operationView(
  operation: Operation,
  { config, person, now, t }: Pick<Seen, 'config' | 'person' | 'now' | 't'>,
) {
  const { id, to, stage, askedBy, askedAt, confirmedBy, expiresAt, secondPerson, nonce, why, sentAt } =
    operation
  const mayUse = isAsked(operation, now) && rightsAt(person, config).includes('confirm')
  return {
    id,
    to,
    stage,
    underWay: isUnderWay(operation),
    askedBy: askedBy.person,
    askedAt,
    confirmedBy: confirmedBy?.person ?? null,
    sentAt: sentAt ?? null,
    expiresAt,
    secondPerson,
    nonce: mayUse ? nonce : null,
    why: why ? said(t, why) : null,
  }
}

/** An incident, without its story. */
export function incidentView(incident: Incident, config: BreakerConfig, t: Translate) {
  const { id, breaker, circuit, version, cause, openedAt, resolvedAt, owner, acknowledgedAt, repeats } =
    incident
  return {
    id,
    breaker,
    circuit,
    title: t(circuitTitle(config, circuit)),
    site: config.site,
    room: config.room,
    version,
    cause,
    causeText: t(causeName(incident)),
    severity: severityOf(incident),
    openedAt,
    resolvedAt: resolvedAt ?? null,
    owner: owner?.person ?? null,
    acknowledgedAt: acknowledgedAt ?? null,
    repeats,
  }
}
