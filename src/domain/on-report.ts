import { EVIDENCE_WINDOW, latestReadings, withReport } from './breaker.ts'
import type { Draft } from './draft.ts'
import { gatherEvidence } from './evidence.ts'
import { causeName, type Incident } from './incident.ts'
import { type Judgement, judge } from './judgement.ts'
import { type Message, message, time } from './message.ts'
import { awaitsReport } from './operation.ts'
import { circuitTitle } from './policy.ts'
import type { Report } from './report.ts'

/** A warning of the same word is told again only after this long, ms. */
const WARN_AGAIN = 600_000

type Of<K extends Judgement['kind']> = Extract<Judgement, { kind: K }>

/** Takes a report in: judges it, then changes positions, incidents and operations by what it means. */
export function onReport(draft: Draft, report: Report): void {
  if (draft.breaker.seen.includes(report.id)) return
  const judgements = judge(draft.breaker, report, draft.circuits())
  const wasOnline = draft.breaker.online
  const offlineSince = draft.breaker.onlineSince
  draft.breaker = withReport(draft.breaker, report)
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
      case 'offline':
        if (wasOnline !== false) notice(draft, message('notice.offline', { breaker: draft.config.name, at: time(report.at) }))
        break
      case 'online':
        if (wasOnline === false) notice(draft, backAgain(draft, report.at - (offlineSince ?? report.at)))
        break
    }
  }
}

function backAgain(draft: Draft, away: number): Message {
  return message('notice.online', { breaker: draft.config.name, minutes: Math.max(1, Math.round(away / 60_000)) })
}

function onTrip(draft: Draft, report: Report, trip: Of<'tripped'>): void {
  const standing = draft.openIncident(trip.circuit)
  draft.setCircuit(trip.circuit, {
    position: 'open',
    opening: { by: 'trip', cause: trip.cause },
    ...(trip.fresh && { since: report.at }),
  })
  if (!standing) return openIncident(draft, report, trip)
  if (standing.cause === 'unknown' && trip.cause !== 'unknown') {
    return draft.changeIncident(standing, { cause: trip.cause, ...raw(trip) }, message('story.cause', { cause: causeName(trip) }))
  }
  if (trip.cause === standing.cause || trip.cause === 'unknown') {
    if (trip.fresh) draft.changeIncident(standing, { repeats: standing.repeats + 1 }, message('story.again'))
    return
  }
  const next = draft.given.newId()
  draft.changeIncident(standing, resolved(report.at, { supersededBy: next }), message('story.superseded'))
  openIncident(draft, report, trip, next)
}

function openIncident(draft: Draft, report: Report, trip: Of<'tripped'>, id = draft.given.newId()): void {
  const before = draft.breaker.recent.filter((one) => one.at < report.at)
  const evidence = gatherEvidence(before, report.at, draft.config.ratedCurrent)
  const operation = draft.circuit(trip.circuit).operation
  if (awaitsReport(operation)) draft.changeOperation(trip.circuit, { stage: 'failed', endedAt: report.at, why: message('operation.tripped') })
  else if (operation?.stage === 'asked') draft.changeOperation(trip.circuit, { stage: 'cancelled', endedAt: report.at })
  draft.setCircuit(trip.circuit, { incident: id })
  const incident: Incident = {
    id,
    breaker: draft.config.id,
    circuit: trip.circuit,
    cause: trip.cause,
    ...raw(trip),
    discovery: trip.discovery,
    openedAt: report.at,
    version: 1,
    status: 'open',
    readings: { ...latestReadings({ ...draft.breaker, recent: before.filter((one) => one.at > report.at - EVIDENCE_WINDOW) }), ...report.readings },
    ...(evidence && { evidence }),
    repeats: 0,
    story: [],
  }
  draft.putIncident(incident, true)
  draft.audit.push({ who: 'system', what: 'incident.opened', details: { incident: id, circuit: trip.circuit, cause: trip.cause, ...raw(trip) } })
}

function onOpened(draft: Draft, report: Report, opened: Of<'opened'>): void {
  const operation = draft.circuit(opened.circuit).operation
  const ours = opened.by === 'command' && operation?.to === 'open' ? operation : undefined
  const actor = ours && (ours.confirmedBy ?? ours.askedBy)
  draft.setCircuit(opened.circuit, {
    position: 'open',
    since: report.at,
    opening: actor ? { by: 'command', actor } : { by: opened.by === 'hand' ? 'hand' : 'client' },
  })
  if (ours) return finish(draft, opened.circuit, report.at, message('story.opened', { person: actor!.person }))
  const title = circuitTitle(draft.config, opened.circuit)
  notice(draft, message(opened.by === 'hand' ? 'notice.opened-by-hand' : 'notice.opened-by-client', { breaker: title, at: time(report.at) }))
}

function onClosed(draft: Draft, report: Report, closed: Of<'closed'>): void {
  const operation = draft.circuit(closed.circuit).operation
  const ours = awaitsReport(operation) && operation.to === 'closed' ? operation : undefined
  if (operation?.stage === 'asked') draft.changeOperation(closed.circuit, { stage: 'cancelled', endedAt: report.at })
  const incident = draft.openIncident(closed.circuit)
  draft.setCircuit(closed.circuit, { position: 'closed', since: report.at, opening: undefined, incident: undefined })
  const text = ours
    ? message('story.closed', { person: (ours.confirmedBy ?? ours.askedBy).person })
    : message(`story.closed-by-${closed.by === 'command' ? 'unknown' : closed.by}`)
  if (incident) {
    const fields = resolved(report.at)
    if (ours) finish(draft, closed.circuit, report.at, text, fields)
    else draft.changeIncident(incident, fields, text)
    draft.audit.push({ who: 'system', what: 'incident.resolved', details: { incident: incident.id, by: closed.by } })
  } else if (ours) finish(draft, closed.circuit, report.at, text)
}

/** The breaker has reported what the operation was for. */
function finish(draft: Draft, circuit: string, at: number, text: Message, incidentFields: Partial<Incident> = {}): void {
  const operation = draft.circuit(circuit).operation!
  const incident = draft.incident(operation.incident)
  draft.changeOperation(circuit, { stage: 'done', endedAt: at }, incident ? text : undefined)
  const changed = draft.incident(operation.incident)
  if (changed && Object.keys(incidentFields).length > 0) draft.putIncident({ ...changed, ...incidentFields })
  draft.effects.push({ do: 'cancel-timer', id: `feedback:${operation.id}` })
  draft.audit.push({ who: 'system', what: 'operation.done', details: { operation: operation.id, to: operation.to } })
}

function onWarning(draft: Draft, report: Report, warning: Of<'warning'>): void {
  const last = draft.breaker.warned[warning.raw]
  if (last !== undefined && report.at < last + WARN_AGAIN) return
  draft.breaker = { ...draft.breaker, warned: { ...draft.breaker.warned, [warning.raw]: report.at } }
  notice(draft, message('notice.warning', { breaker: draft.config.name, cause: causeName(warning), at: time(report.at) }))
}

function notice(draft: Draft, text: Message): void {
  draft.effects.push({ do: 'notice', text })
}

function resolved(at: number, more: Partial<Incident> = {}): Partial<Incident> {
  return { status: 'resolved', resolvedAt: at, ...more }
}

const raw = (one: { raw?: string }): { raw?: string } => (one.raw === undefined ? {} : { raw: one.raw })
