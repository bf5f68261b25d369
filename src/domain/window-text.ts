import type { EndingWindow } from './event.ts'
import { causeName, type Incident } from './incident.ts'
import { dateTime, type Message, message, span } from './message.ts'
import { circuitTitle, type Policy } from './policy.ts'
import type { Scope } from './window.ts'

/** So many incidents are listed by name. */
const MOST_LISTED = 20

/** The room, site or breaker that a window is about, as people call it. */
export function scopeName({ breakers }: Pick<Policy, 'breakers'>, scope: Scope): string {
  if ('room' in scope) return scope.room
  if ('site' in scope) return scope.site
  return breakers.find((one) => one.id === scope.breaker)?.name ?? scope.breaker
}

/** What happened in a window that is over: each incident, and how it stands. */
export function overLines(
  policy: Policy,
  { kind, scope, from, until }: EndingWindow,
  incidents: readonly Incident[],
  now: number,
): Message[] {
  const more = incidents.length - MOST_LISTED
  return [
    message(`window.over-${kind}`, {
      what: scopeName(policy, scope),
      when: span(from, Math.min(until, now), 'date-time'),
      count: incidents.length,
    }),
    ...incidents.slice(0, MOST_LISTED).map((one) => lineOf(policy, one)),
    ...(more > 0 ? [message('window.more', { count: more })] : []),
  ]
}

function lineOf({ breakers }: Policy, incident: Incident): Message {
  const config = breakers.find((one) => one.id === incident.breaker)
  return message('window.item', {
    at: dateTime(incident.openedAt),
    breaker: config ? circuitTitle(config, incident.circuit) : incident.breaker,
    cause: causeName(incident),
    state: stateOf(incident),
  })
}

function stateOf({ status, owner, resolvedAt, openedAt, supersededBy, noTrip }: Incident): Message {
  if (supersededBy) return message('state.superseded')
  if (noTrip) return message('state.no-trip')
  if (status === 'resolved') return message('window.closed', { at: dateTime(resolvedAt ?? openedAt) })
  return owner ? message('window.owned', { person: owner.person }) : message('state.open')
}
