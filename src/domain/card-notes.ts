import { type BreakerState, circuitState } from './breaker.ts'
import { holdsOn, isLockedOut, type LockOut } from './hindrance.ts'
import { type Incident, isOpen } from './incident.ts'
import { dateTime, longLasting, type Message, message, span, time } from './message.ts'
import { isUnderWay, type Operation } from './operation.ts'
import type { BreakerConfig } from './policy.ts'
import type { Reclosing } from './reclosing.ts'
import { severityOf, USUAL_SEVERITY } from './severity.ts'

/** Whole sentences under an incident's facts: what was seen, how it became known, and what to do. */
export function incidentNotes(
  config: BreakerConfig,
  breaker: BreakerState,
  incident: Incident,
  operation: Operation | undefined,
): Message[] {
  const open = isOpen(incident)
  const { lockOut, reclosing } = circuitState(breaker, incident.circuit)
  return [
    ...(open ? lockOutNotes(lockOut, incident) : []),
    ...(open ? holdNotes(breaker, incident.circuit) : []),
    ...(open && reclosing?.incident === incident.id ? reclosingNotes(reclosing) : []),
    ...tripNumberNote(incident),
    ...evidenceNotes(incident),
    ...discoveryNote(incident),
    ...(open && incident.repeats > 0 ? [message('note.repeats', { count: incident.repeats })] : []),
    ...(open && !isUnderWay(operation) && !isPermanent(lockOut) ? [message(`advice.${incident.cause}`)] : []),
    ...(operation ? operationNotes(operation) : []),
    ...(open && !config.remoteClose ? [message('gate.no-remote-close')] : []),
  ]
}

/** No advice on how to close helps there. */
const isPermanent = (lockOut: LockOut | undefined) => isLockedOut(lockOut) && lockOut.why === 're-trip'

/** That nobody may close it until an admin lifts it; or what was found on site, where one has. */
function lockOutNotes(lockOut: LockOut | undefined, incident: Incident): Message[] {
  if (isLockedOut(lockOut)) return [message(`note.lock-out-${lockOut.why}`)]
  if (!lockOut?.lifted || lockOut.incident !== incident.id) return []
  const { by, at, reason } = lockOut.lifted
  return [message('note.unlocked', { person: by.person, at: time(at), reason })]
}

/** Who has hung a tag out, when and why; and that a tag isolates nothing. */
export function holdNotes({ holds }: BreakerState, circuit: string): Message[] {
  const standing = holdsOn(holds, circuit)
  const each = standing.map(({ by, at, reason }) =>
    message('note.hold', { person: by.person, at: dateTime(at), reason }),
  )
  return standing.length > 0 ? [...each, message('note.hold-is-not-isolation')] : []
}

function reclosingNotes({ stage, why, dueAt }: Reclosing): Message[] {
  if (stage === 'waiting') return [message('note.reclosing', { at: time(dueAt) })]
  return stage === 'over' && why ? [message('note.reclose-stopped', { why })] : []
}

/** A repeat must read differently from the first. */
function tripNumberNote({ tripNumber, tripsWithin }: Incident): Message[] {
  if (tripNumber === undefined || tripsWithin === undefined) return []
  return [message('note.trip-number', { count: tripNumber, span: longLasting(tripsWithin) })]
}

function discoveryNote({ discovery, openedAt, openedAfter = openedAt }: Incident): Message[] {
  if (discovery === 'event') return []
  if (discovery !== 'reconciliation') return [message(`note.found-by-${discovery}`)]
  return [message('note.found-by-reconciliation', { when: span(openedAfter, openedAt) })]
}

/** The words for what the readings before the trip show; honest where they show nothing. */
function evidenceNotes({ evidence, cause, raw }: Incident): Message[] {
  const isUnknown = cause === 'unknown'
  const said = raw ? message('evidence.word', { word: raw }) : message('evidence.no-cause')
  if (!evidence) return isUnknown ? [said, message('evidence.none')] : []
  const { low, high, seconds, percent, near } = evidence
  const values = { low: low.toFixed(1), high: high.toFixed(1), seconds }
  const seen =
    percent === undefined
      ? message('evidence.range', values)
      : message(near ? 'evidence.near' : 'evidence.far', { ...values, percent })
  if (!isUnknown) return [seen]
  return [said, seen, message(near ? 'evidence.maybe-overload' : 'evidence.no-hint')]
}

/** What to mind, or why it ended so. */
export function operationNotes(operation: Operation): Message[] {
  if (operation.stage === 'asked' && operation.to === 'closed') return [message('note.before-close')]
  const { stage, why, endedAt, endedAfter } = operation
  if (stage === 'done' && endedAt !== undefined && endedAfter !== undefined)
    return [message('note.found-by-reconciliation', { when: span(endedAfter, endedAt) })]
  return why && stage !== 'done' ? [why] : []
}

/** The breaker cannot be heard: what the card shows may be of old. */
export function reachNote({ online, silent }: BreakerState): Message[] {
  if (online === false) return [message('note.offline')]
  return silent ? [message('note.silent', { at: time(silent.since) })] : []
}

/** How grave it is, where that is not what its cause says anyway. */
export function severityRow(incident: Incident): { label: Message; value: Message }[] {
  const severity = severityOf(incident)
  if (severity === USUAL_SEVERITY.causes[incident.cause]) return []
  return [{ label: message('row.severity'), value: message(`severity.${severity}`) }]
}
