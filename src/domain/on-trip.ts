import { type CircuitState, latestReadings, toldBy } from './breaker.ts'
import type { Draft } from './draft.ts'
import { endAsked, finish, resolved } from './ending.ts'
import { gatherEvidence } from './evidence.ts'
import { isStricter } from './fault-class.ts'
import { foundSince } from './found.ts'
import { isSoonAfter } from './hindrance.ts'
import { hushNow } from './hushing.ts'
import { causeName, type Incident } from './incident.ts'
import type { Judgement } from './judgement.ts'
import { lockOut } from './locking-out.ts'
import { message } from './message.ts'
import { onTripForReclosing } from './on-reclosing.ts'
import { awaitsReport, mayBeEffect } from './operation.ts'
import { reclaimOf } from './reclosing-deeds.ts'
import type { Report } from './report.ts'
import { wantsPicture } from './trip-picture.ts'
import { weigh, withTrip } from './weighing.ts'

type Trip = Extract<Judgement, { kind: 'tripped' }>

/** Takes in that protection opened a circuit: a new incident, or more of the one that stands. */
export function onTrip(draft: Draft, report: Report, trip: Trip): void {
  const { circuit, cause } = trip
  const before = draft.circuit(circuit)
  const since = foundSince(report, before.heardAt)
  draft.setCircuit(circuit, {
    position: 'open',
    opening: { by: 'trip', ...(isGuess(trip) && { guessed: true }) },
    ...(trip.fresh && toldBy(report, draft.given.now)),
  })
  const isAgain = trip.fresh && hasComeBack(draft, circuit, before, report)
  const back = isAgain ? ({ cameBack: true } as const) : {}
  const standing = draft.openIncident(circuit)
  // What is told once more of a circuit that stands open is no further trip.
  if (!standing || isAgain)
    draft.setCircuit(circuit, { trips: withTrip(before, report.at, draft.given.policy) })
  if (!standing) openIncident(draft, report, trip, { since, isAgain })
  else if (tellsMore(trip, standing)) {
    // Who asked to close has been shown another cause.
    endAsked(draft, circuit, report.at)
    draft.changeIncident(
      standing,
      { cause, ...raw(trip), ...back, ...weighed(draft, { ...standing, cause, ...back }) },
      message('story.cause', { cause: causeName(trip) }),
    )
  } else if (replaces(trip, standing)) {
    const next = draft.given.newId()
    draft.changeIncident(standing, resolved(report.at, { supersededBy: next }), message('story.superseded'))
    openIncident(draft, report, trip, { since, isAgain: isAgain || standing.cameBack === true, id: next })
  } else if (trip.fresh) {
    const again = { ...standing, ...back, repeats: standing.repeats + 1 }
    draft.changeIncident(standing, { ...again, ...weighed(draft, again) })
  }
  const after = draft.openIncident(circuit)
  const isNews = after?.id !== standing?.id || after?.cause !== standing?.cause
  forbidOrReclose(draft, report, trip, { before, isNews, isAgain, isNew: !standing })
}

/** How grave an incident is by all that is known of it. */
const weighed = (draft: Draft, incident: Incident) =>
  weigh(draft.config, draft.circuit(incident.circuit), incident, draft.given.policy)

/** The fault is still there: it tripped while we closed it, or not long after. */
function hasComeBack(draft: Draft, circuit: string, before: CircuitState, report: Report): boolean {
  const { position, closing, operation } = before
  const isAutomatic = operation?.askedBy.automatic === true
  if (endMoving(draft, circuit, report.at)) return reclaimOf(draft, isAutomatic) > 0
  if (position !== 'closed' || !closing?.ours) return false
  const reclaim = reclaimOf(draft, closing.ours.automatic === true)
  return isSoonAfter(closing, report.at, draft.given.now, reclaim)
}

/** Locks out what must not be closed again, or hands the trip to automatic reclosing. */
function forbidOrReclose(
  draft: Draft,
  report: Report,
  { circuit, fresh }: Trip,
  seen: { before: CircuitState; isNews: boolean; isAgain: boolean; isNew: boolean },
): void {
  const { before, isNews, isAgain, isNew } = seen
  const incident = draft.openIncident(circuit)
  const isShort = incident?.cause === 'short-circuit'
  if (isShort && (isNews || isAgain)) lockOut(draft, circuit, 'short-circuit', isAgain || !isNew)
  const isHandled = onTripForReclosing(draft, circuit, report, { isNews, isAgain })
  if (isShort || isHandled) return
  const wasLeakage = before.position === 'closed' && before.closing?.ours?.cause === 'leakage'
  if (isAgain) lockOut(draft, circuit, 're-trip', true)
  else if (fresh && wasLeakage && incident?.cause === 'leakage')
    lockOut(draft, circuit, 'leakage-again', true)
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
 * Ends the operation that a trip at `at` has cut short: a close has failed, an open has got what it was for. Answers
 * whether it was a close.
 */
function endMoving(draft: Draft, circuit: string, at: number): boolean {
  const { operation } = draft.circuit(circuit)
  if (!awaitsReport(operation) || at < (operation.confirmedAt ?? operation.askedAt)) return false
  if (!mayBeEffect(operation, operation.to, at)) return false
  if (operation.to === 'open') {
    finish(draft, circuit, at)
    return false
  }
  const why = message('operation.tripped')
  draft.changeOperation(circuit, { stage: 'failed', endedAt: at, why }, message('story.again'))
  draft.note('system', 'operation.tripped', { operation: operation.id })
  return true
}

function openIncident(
  draft: Draft,
  report: Report,
  trip: Trip,
  { since, isAgain, id = draft.given.newId() }: { since: number | undefined; isAgain: boolean; id?: string },
): void {
  const { circuit, cause, discovery } = trip
  const { storms, now } = draft.given
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
    ...(isAgain && { cameBack: true }),
    readings: { ...latestReadings(before), ...report.readings },
    ...(evidence && { evidence }),
    repeats: 0,
    story: [],
  }
  const known = { ...incident, ...weighed(draft, incident) }
  const hush = hushNow(draft, known)
  const storm = !hush && storms?.join !== undefined && { id: storms.join, joinedAt: now }
  const opened = { ...known, ...(hush && { hush }), ...(storm && { storm }) }
  draft.putIncident(opened, true)
  if (wantsPicture(draft.given.policy, opened)) draft.illustrate(id)
  draft.note('system', 'incident.opened', { incident: id, circuit, cause, ...raw(trip), discovery })
}

const raw = (one: { raw?: string }): { raw?: string } => (one.raw === undefined ? {} : { raw: one.raw })
