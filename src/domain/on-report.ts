import { latestReadings, withReport } from './breaker.ts'
import { isStricter } from './closing-gate.ts'
import type { Draft } from './draft.ts'
import { gatherEvidence } from './evidence.ts'
import { causeName, type Incident } from './incident.ts'
import { type Judgement, judge } from './judgement.ts'
import { type Message, message, time } from './message.ts'
import { awaitsReport, mayBeEffect } from './operation.ts'
import { circuitTitle } from './policy.ts'
import type { Report } from './report.ts'

/** A warning of the same word is told again only after this long, ms. */
const WARN_AGAIN = 600_000

type Of<K extends Judgement['kind']> = Extract<Judgement, { kind: K }>

/** Takes a report in: judges it, then changes positions, incidents and operations by what it means. */
export function onReport(draft: Draft, came: Report): void {
  if (draft.breaker.seen.includes(came.id)) return
  // A clock that runs ahead must not make everything that comes after it look old.
  const report = { ...came, at: Math.min(came.at, draft.given.now) }
  const judgements = judge(draft.breaker, report, draft.circuits())
  takeIn(draft, report)
  for (const judgement of judgements) {
    switch (judgement.kind) {
      case 'tripped':
        onTrip(draft, report, judgement)
        break
      case 'opened':
        onOpened(draft, report, judgement)
        break
      case 'closed':
        onClosed(draft, report, judgement)
        break
      case 'found':
        draft.setCircuit(judgement.circuit, { position: judgement.position, since: report.at })
        break
      case 'warning':
        onWarning(draft, report, judgement)
        break
    }
  }
}

/** Takes in that it came, its readings and, with a word to the room when that changes, being online. */
function takeIn(draft: Draft, report: Report): void {
  const before = draft.breaker
  draft.breaker = withReport(before, report)
  const { online } = draft.breaker
  if (online === before.online || (online && before.online === undefined)) return
  const breaker = draft.config.name
  if (online) {
    const away = report.at - (before.onlineSince ?? report.at)
    notice(
      draft,
      message('notice.online', { breaker, minutes: away < 60_000 ? 0 : Math.round(away / 60_000) }),
    )
  } else notice(draft, message('notice.offline', { breaker, at: time(report.at) }))
  for (const circuit of draft.circuits()) {
    const incident = draft.openIncident(circuit)
    if (incident) draft.changeIncident(incident, {})
  }
}

function onTrip(draft: Draft, report: Report, trip: Of<'tripped'>): void {
  const { circuit, cause } = trip
  draft.setCircuit(circuit, {
    position: 'open',
    opening: { by: 'trip' },
    ...(trip.fresh && { since: report.at }),
  })
  if (trip.fresh) endMoving(draft, circuit, report.at)
  const standing = draft.openIncident(circuit)
  if (!standing) openIncident(draft, report, trip)
  else if (tellsMore(trip, standing)) {
    draft.changeIncident(
      standing,
      { cause, ...raw(trip) },
      message('story.cause', { cause: causeName(trip) }),
    )
  } else if (replaces(trip, standing)) {
    const next = draft.given.newId()
    draft.changeIncident(standing, resolved(report.at, { supersededBy: next }), message('story.superseded'))
    openIncident(draft, report, trip, next)
  } else if (trip.fresh) draft.changeIncident(standing, { repeats: standing.repeats + 1 })
}

/** True when the trip says for the first time why the circuit of a standing incident opened. */
function tellsMore(trip: Of<'tripped'>, standing: Incident): boolean {
  if (standing.cause !== 'unknown') return false
  return trip.cause !== 'unknown' || (trip.raw !== undefined && standing.raw === undefined)
}

/**
 * True when the trip is a new fault. While the contacts stay open a fault never takes the place of one after
 * which closing asks for more: an under-voltage does not make a short circuit harmless.
 */
function replaces(trip: Of<'tripped'>, { cause }: Incident): boolean {
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
    notice(
      draft,
      message('notice.tripped-again', { breaker: circuitTitle(draft.config, circuit), at: time(at) }),
    )
  }
}

function openIncident(draft: Draft, report: Report, trip: Of<'tripped'>, id = draft.given.newId()): void {
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
    version: 1,
    status: 'open',
    readings: { ...latestReadings(before), ...report.readings },
    ...(evidence && { evidence }),
    repeats: 0,
    story: [],
  }
  draft.putIncident(incident, true)
  draft.note('system', 'incident.opened', { incident: id, circuit, cause, ...raw(trip) })
}

/** What was asked for was asked for in other circumstances. */
function endAsked(draft: Draft, circuit: string, at: number): void {
  if (draft.circuit(circuit).operation?.stage !== 'asked') return
  draft.changeOperation(circuit, { stage: 'cancelled', endedAt: at, why: message('operation.overtaken') })
}

function onOpened(draft: Draft, report: Report, { circuit, by }: Of<'opened'>): void {
  const { operation } = draft.circuit(circuit)
  const actor = by === 'command' ? operation?.askedBy : undefined
  draft.setCircuit(circuit, {
    position: 'open',
    since: report.at,
    opening: actor ? { by: 'command', actor } : { by: by === 'hand' ? 'hand' : 'client' },
  })
  if (actor) finish(draft, circuit, report.at)
  else {
    const values = { breaker: circuitTitle(draft.config, circuit), at: time(report.at) }
    notice(draft, message(by === 'hand' ? 'notice.opened-by-hand' : 'notice.opened-by-client', values))
  }
}

function onClosed(draft: Draft, report: Report, { circuit, by }: Of<'closed'>): void {
  const { operation } = draft.circuit(circuit)
  endAsked(draft, circuit, report.at)
  if (operation?.to === 'closed' && (by === 'command' || awaitsReport(operation))) {
    finish(draft, circuit, report.at)
  }
  const incident = draft.openIncident(circuit)
  draft.setCircuit(circuit, {
    position: 'closed',
    since: report.at,
    opening: undefined,
    incident: undefined,
  })
  if (!incident) return
  const text =
    by === 'command' && operation
      ? message('story.closed', { person: (operation.confirmedBy ?? operation.askedBy).person })
      : message(`story.closed-by-${by === 'command' ? 'unknown' : by}`)
  draft.changeIncident(incident, resolved(report.at), text)
  draft.note('system', 'incident.resolved', { incident: incident.id, by })
}

/** The breaker stands as the operation was to bring it. */
export function finish(draft: Draft, circuit: string, at: number): void {
  const { operation } = draft.circuit(circuit)
  if (!operation) return
  draft.changeOperation(circuit, { stage: 'done', endedAt: at })
  draft.effects.push({ do: 'cancel-timer', id: `feedback:${operation.id}` })
  draft.note('system', 'operation.done', { operation: operation.id, to: operation.to })
}

function onWarning(draft: Draft, report: Report, { cause, raw }: Of<'warning'>): void {
  const recently = Object.entries(draft.breaker.warned).filter(([, at]) => report.at < at + WARN_AGAIN)
  if (recently.some(([word]) => word === raw)) return
  const warned = Object.fromEntries([...recently, [raw, report.at]])
  draft.breaker = { ...draft.breaker, warned }
  const values = { breaker: draft.config.name, cause: causeName({ cause, raw }), at: time(report.at) }
  notice(draft, message('notice.warning', values))
}

function notice(draft: Draft, text: Message): void {
  draft.effects.push({ do: 'notice', text })
}

function resolved(at: number, more: Partial<Incident> = {}): Partial<Incident> {
  return { status: 'resolved', resolvedAt: at, ...more }
}

const raw = (one: { raw?: string }): { raw?: string } => (one.raw === undefined ? {} : { raw: one.raw })
