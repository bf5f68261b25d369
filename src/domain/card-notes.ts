import type { BreakerState } from './breaker.ts'
import { type Incident, isOpen } from './incident.ts'
import { type Message, message, span, time } from './message.ts'
import { isUnderWay, type Operation } from './operation.ts'
import type { BreakerConfig } from './policy.ts'

/** Whole sentences under an incident's facts: what was seen, how it became known, and what to do. */
export function incidentNotes(
  config: BreakerConfig,
  incident: Incident,
  operation: Operation | undefined,
): Message[] {
  const open = isOpen(incident)
  return [
    ...evidenceNotes(incident),
    ...discoveryNote(incident),
    ...(open && incident.repeats > 0 ? [message('note.repeats', { count: incident.repeats })] : []),
    ...(open && !isUnderWay(operation) ? [message(`advice.${incident.cause}`)] : []),
    ...(operation ? operationNotes(operation) : []),
    ...(open && !config.remoteClose ? [message('gate.no-remote-close')] : []),
  ]
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
