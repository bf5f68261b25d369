import { type BreakerState, circuitState } from './breaker.ts'
import { isLockedOut } from './hindrance.ts'
import { type Incident, isOpen } from './incident.ts'
import { type BreakerConfig, circuitTitle } from './policy.ts'
import type { Cause } from './report.ts'

/** What a storm's card must know of one of its incidents. */
export interface StormMember {
  incident: string
  breaker: string
  /** The circuit as people call it. */
  title: string
  site: string
  joinedAt: number
  /** `own`: it has a card of its own again; `superseded`: another incident of the same circuit took its place. */
  standing: 'open' | 'closed' | 'no-trip' | 'superseded' | 'own'
  cause: Cause
  /** The word for the cause as it came. */
  raw?: string
  /** Who acknowledged it. */
  owner?: string
  locked?: true
  /** Offline, or silent. */
  away?: true
  /** It is to close by itself. */
  reclosing?: true
}

/** A member as a decision leaves it. */
export interface ChangedMember {
  storm: string
  member: StormMember
}

/** What the storm must know of an incident as things stand. */
export function memberOf(
  config: BreakerConfig,
  breaker: BreakerState,
  incident: Incident,
  { joinedAt }: { joinedAt: number },
): StormMember {
  const { lockOut, reclosing } = circuitState(breaker, incident.circuit)
  const open = isOpen(incident)
  return {
    incident: incident.id,
    breaker: config.id,
    title: circuitTitle(config, incident.circuit),
    site: config.site,
    joinedAt,
    standing: standingOf(incident),
    cause: incident.cause,
    ...(incident.raw !== undefined && { raw: incident.raw }),
    ...(incident.owner && { owner: incident.owner.person }),
    ...(open && isLockedOut(lockOut) && { locked: true }),
    ...(open && (breaker.online === false || breaker.silent) && { away: true }),
    ...(open &&
      reclosing?.incident === incident.id &&
      (reclosing.stage === 'waiting' || reclosing.stage === 'closing') && { reclosing: true }),
  }
}

function standingOf(incident: Incident): StormMember['standing'] {
  if (incident.supersededBy) return 'superseded'
  if (incident.noTrip) return 'no-trip'
  if (!isOpen(incident)) return 'closed'
  return incident.storm ? 'open' : 'own'
}

/** The incident with a card of its own again. */
export function withoutStorm(incident: Incident): Incident {
  const { storm: _, ...rest } = incident
  return rest
}
