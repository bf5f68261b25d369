import type { EndingWindow } from './event.ts'
import { causeName, type Incident } from './incident.ts'
import { zoneOf } from './local-time.ts'
import { dateTime, type Message, message, span } from './message.ts'
import { type BreakerConfig, circuitTitle, type Policy } from './policy.ts'
import { covers, occurrenceAt, type Scope } from './window.ts'

/** So many incidents are listed by name. */
const MOST_LISTED = 20

/** The room, site or breaker that a window is about, as people call it. */
export function scopeName({ breakers }: Pick<Policy, 'breakers'>, scope: Scope): string {
  if ('room' in scope) return scope.room
  if ('site' in scope) return scope.site
  return breakers.find((one) => one.id === scope.breaker)?.name ?? scope.breaker
}

/** `22:00`, of minutes after midnight. */
export const clockText = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')

/** The windows that concern some breakers or a room, and that stand now or were set for later. */
export function windowLines(
  policy: Policy,
  { breakers, room }: { breakers: readonly BreakerConfig[]; room?: string | undefined },
  now: number,
): Message[] {
  return (policy.windows ?? []).flatMap((window) => {
    const { kind, scope, when, by, reason } = window
    const isHere =
      ('room' in scope && scope.room === room) ||
      breakers.some((one) => covers(window, { room: one.room, site: one.site, breaker: one.id }))
    if (!isHere) return []
    const zone = zoneOf(policy, room ?? breakers[0]?.room ?? '')
    const span = occurrenceAt(window, now, zone)
    if (!span && (by === undefined || ('until' in when && when.until <= now))) return []
    const values = {
      what: scopeName(policy, scope),
      by: by ?? message('window.configured'),
      why: reason === undefined ? '' : message('arrange.why', { reason }),
    }
    if (!('until' in when))
      return [
        message(`window.each-${kind}`, { ...values, from: clockText(when.from), to: clockText(when.to) }),
      ]
    return [message(`window.stands-${kind}`, { ...values, until: dateTime(when.until) })]
  })
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
