import type { Asked } from './asked.ts'
import type { Reply } from './decision.ts'
import { answer, refuse } from './decision.ts'
import type { Draft } from './draft.ts'
import { isLockedOut, type LockOut } from './hindrance.ts'
import { message, time } from './message.ts'
import { circuitTitle } from './policy.ts'

/**
 * No close by anyone from now on until an admin lifts it. `rings`: the room gets a message of its own, for changing a
 * card rings no bell.
 */
export function lockOut(draft: Draft, circuit: string, why: LockOut['why'], rings: boolean): void {
  const { incident } = draft.circuit(circuit)
  const at = draft.given.now
  draft.setCircuit(circuit, { lockOut: { why, at, ...(incident !== undefined && { incident }) } })
  const standing = draft.incident(incident)
  if (standing) draft.changeIncident(standing, { severity: 'critical' }, message(`story.lock-out-${why}`))
  draft.note('system', 'lock-out.set', { circuit, why, incident })
  const breaker = circuitTitle(draft.config, circuit)
  if (rings) draft.alarm(message(`notice.lock-out-${why}`, { breaker, at: time(at) }), incident)
}

/** It turned out that it had not tripped at all. */
export function forgetLockOut(draft: Draft, circuit: string, incident: string): void {
  const standing = draft.circuit(circuit).lockOut
  if (standing?.incident === incident && isLockedOut(standing))
    draft.setCircuit(circuit, { lockOut: undefined })
}

/** An admin notes what was found on site, and takes the responsibility: closing may be asked for again. */
export function unlock(draft: Draft, { ask, circuit, breaker, actor }: Asked): Reply {
  const state = draft.circuit(circuit)
  const incident = draft.openIncident(circuit)
  // A short circuit of before lock-outs were kept.
  const isOld = !state.lockOut && incident?.cause === 'short-circuit'
  const standing = isOld
    ? ({ why: 'short-circuit', at: incident.openedAt, incident: incident.id } as const)
    : state.lockOut
  if (!isLockedOut(standing)) return refuse('unlock.nothing', { breaker })
  const { reason } = ask
  if (!reason) return refuse('unlock.reason', { breaker })
  const { now } = draft.given
  draft.setCircuit(circuit, { lockOut: { ...standing, lifted: { by: actor, at: now, reason } } })
  const values = { person: actor.person, reason }
  if (incident) draft.changeIncident(incident, {}, message('story.unlocked', values))
  draft.tell(message('notice.unlocked', { breaker, ...values }), incident?.id)
  draft.note(actor.person, 'lock-out.lifted', { circuit, why: standing.why, reason })
  return answer('unlock.done', { breaker })
}
