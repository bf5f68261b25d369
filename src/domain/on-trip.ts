import { latestReadings, toldBy } from './breaker.ts'
import { isStricter } from './closing-gate.ts'
import type { Draft } from './draft.ts'
import { endAsked, finish, resolved } from './ending.ts'
import { gatherEvidence } from './evidence.ts'
import { foundSince } from './found.ts'
import { causeName, type Incident } from './incident.ts'
import type { Judgement } from './judgement.ts'
import { message, time } from './message.ts'
import { awaitsReport, mayBeEffect } from './operation.ts'
import { circuitTitle } from './policy.ts'
import type { Report } from './report.ts'

type Trip = Extract<Judgement, { kind: 'tripped' }>

/** Takes in that protection opened a circuit: a new incident, or more of the one that stands. */
export function onTrip(draft: Draft, report: Report, trip: Trip): void {
  const { circuit, cause } = trip
  const since = foundSince(report, draft.circuit(circuit).heardAt)
  draft.setCircuit(circuit, {
    position: 'open',
    opening: { by: 'trip', ...(isGuess(trip) && { guessed: true }) },
    ...(trip.fresh && toldBy(report, draft.given.now)),
  })
  if (trip.fresh) endMoving(draft, circuit, report.at)
  const standing = draft.openIncident(circuit)
  if (!standing) openIncident(draft, report, trip, since)
  else if (tellsMore(trip, standing)) {
    // Who asked to close has been shown another cause.
    endAsked(draft, circuit, report.at)
    draft.changeIncident(
      standing,
      { cause, ...raw(trip) },
      message('story.cause', { cause: causeName(trip) }),
    )
  } else if (replaces(trip, standing)) {
    const next = draft.given.newId()
    draft.changeIncident(standing, resolved(report.at, { supersededBy: next }), message('story.superseded'))
    openIncident(draft, report, trip, since, next)
  } else if (trip.fresh) draft.changeIncident(standing, { repeats: standing.repeats + 1 })
}

/** No event told of it, and no cause is known: somebody may have opened the circuit on purpose. */
const isGuess = ({ discovery, cause, raw }: Trip): boolean =>
  discovery !== 'event' && cause === 'unknown' && raw === undefined

/** True when the trip says for the first time why the circuit of a standing incident opened. */
function tellsMore(trip: Trip, standing: Incident): boolean {
  if (standing.cause !== 'unknown') return false
  return trip.cause !== 'unknown' || (trip.raw !== undefined && standing.raw === undefined)
}

/**
 * True when the trip is a new fault. While the contacts stay open a fault never takes the place of one after
 * which closing asks for more: an under-voltage does not make a short circuit harmless.
 */
function replaces(trip: Trip, { cause }: Incident): boolean {
  if (trip.cause === 'unknown' || trip.cause === cause) return false
  return isStricter(trip.cause, cause) || (trip.fresh && !isStricter(cause, trip.cause))
}

/**
 * Ends the operation that a trip at `at` has cut short: a close has failed, an open has got what it was for.
 */
function endMoving(draft: Draft, circuit: string, at: number): void {
  const { operation } = draft.circuit(circuit)
  if (!awaitsReport(operation) || at < (operation.confirmedAt ?? operation.askedAt)) return
  if (!mayBeEffect(operation, operation.to, at)) return
  if (operation.to === 'open') finish(draft, circuit, at)
  else {
    const why = message('operation.tripped')
    draft.changeOperation(circuit, { stage: 'failed', endedAt: at, why }, message('story.again'))
    draft.note('system', 'operation.tripped', { operation: operation.id })
    // Changing a card rings no bell, and this one must.
    draft.tell(
      message('notice.tripped-again', { breaker: circuitTitle(draft.config, circuit), at: time(at) }),
    )
  }
}

function openIncident(
  draft: Draft,
  report: Report,
  trip: Trip,
  since: number | undefined,
  id = draft.given.newId(),
): void {
  const { circuit, cause, discovery } = trip
  const before = draft.breaker.recent.filter((one) => one.at < report.at)
  const evidence = gatherEvidence(before, report.at, draft.config.ratedCurrent)
  draft.setCircuit(circuit, { incident: id })
  endAsked(draft, circuit, report.at)
  const incident: Incident = {
    id,
    breaker: draft.config.id,
    circuit,
    cause,
    ...raw(trip),
    discovery,
    openedAt: report.at,
    ...(since !== undefined && { openedAfter: since }),
    version: 1,
    status: 'open',
    readings: { ...latestReadings(before), ...report.readings },
    ...(evidence && { evidence }),
    repeats: 0,
    story: [],
  }
  draft.putIncident(incident, true)
  draft.note('system', 'incident.opened', { incident: id, circuit, cause, ...raw(trip), discovery })
}

const raw = (one: { raw?: string }): { raw?: string } => (one.raw === undefined ? {} : { raw: one.raw })
