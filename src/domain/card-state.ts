import type { CardTone } from './card-text.ts'
import { type Incident, isOpen } from './incident.ts'
import { type Message, message, time } from './message.ts'
import type { Operation } from './operation.ts'
import type { Reclosing } from './reclosing.ts'

/** How a card of an incident looks. @param waiting what is about to close it by itself */
export function incidentTone(
  incident: Incident,
  operation: Operation | undefined,
  waiting: unknown,
): CardTone {
  if (!isOpen(incident)) return incident.supersededBy || incident.noTrip ? 'neutral' : 'good'
  if (waiting) return 'working'
  if (operation && operation.to === 'closed' && ['asked', 'confirmed', 'sent'].includes(operation.stage))
    return 'working'
  return incident.status === 'acknowledged' ? 'warning' : 'alarm'
}

/** How a card of an operation looks. */
export function operationTone(operation: Operation): CardTone {
  if (operation.stage === 'done') return 'good'
  if (operation.stage === 'failed' || operation.stage === 'unconfirmed') return 'warning'
  return operation.stage === 'cancelled' || operation.stage === 'expired' ? 'neutral' : 'working'
}

/** How an incident stands, in a few words. */
export function incidentState(
  incident: Incident,
  operation: Operation | undefined,
  waiting: Reclosing | undefined,
): Message {
  if (incident.supersededBy) return message('state.superseded')
  if (incident.noTrip) return message('state.no-trip')
  if (incident.status === 'resolved')
    return message('state.closed', { at: time(incident.resolvedAt ?? incident.openedAt) })
  if (waiting) return message('state.reclosing', { at: time(waiting.dueAt) })
  if (operation && operation.stage !== 'cancelled' && operation.stage !== 'expired')
    return operationState(operation)
  if (incident.owner && incident.handedOverBy !== undefined)
    return message('state.handed-over', { person: incident.owner.person, from: incident.handedOverBy })
  if (incident.owner)
    return message('state.acknowledged', {
      person: incident.owner.person,
      at: time(incident.acknowledgedAt!),
    })
  return message('state.open')
}

/** How an operation stands, in a few words. */
export function operationState(operation: Operation): Message {
  const { stage, secondPerson, expiresAt } = operation
  const { person } = operation.askedBy
  const move = operation.to === 'closed' ? 'close' : 'open'
  const at = time(operation.endedAt ?? operation.sentAt ?? operation.askedAt)
  switch (stage) {
    case 'asked':
      return message(secondPerson ? 'state.asked-second' : 'state.asked', { person, until: time(expiresAt) })
    case 'done':
      return message(operation.to === 'closed' ? 'state.closed' : 'state.opened', { at })
    case 'sent':
      return message(`state.sent-${move}`, { at })
    case 'confirmed':
    case 'unconfirmed':
    case 'failed':
      return message(`state.${stage}-${move}`)
    case 'cancelled':
    case 'expired':
      return message(`state.${stage}`)
  }
}
