import type { Situation } from './decision.ts'
import type { Draft } from './draft.ts'
import { type AlarmTimer, policyFor } from './escalation.ts'
import {
  calmUntil,
  type FollowGiven,
  type Following,
  follow,
  onEscalate,
  onFollow,
  onUnheard,
} from './following.ts'
import { hushNow } from './hushing.ts'
import type { Incident } from './incident.ts'
import { lapse } from './owning.ts'
import { resolveIn } from './targets.ts'

/** What the escalations of incidents come to with this decision; the last thing in each. */
export function followIncidents(draft: Draft, { incidents: before }: Situation): void {
  for (const incident of draft.changed()) {
    const was = before.find((one) => one.id === incident.id)
    apply(draft, incident, follow(incident, was, givenFor(draft, incident)))
  }
}

/** A timer of an incident fell due. */
export function onAlarmTimer(draft: Draft, event: AlarmTimer): void {
  const incident = draft.incident(event.alarm)
  if (!incident) return
  if (event.type === 'ack-lapses') onLapse(draft, incident, event.acknowledgedAt)
  else if (event.type === 'follow') {
    // What has no escalation yet begins one at the end of the decision.
    draft.setIncident(incident)
    apply(draft, incident, onFollow(incident, event.again, givenFor(draft, incident)))
  } else if (event.type === 'unheard') apply(draft, incident, onUnheard(incident, givenFor(draft, incident)))
  else apply(draft, incident, onEscalate(incident, event.look, givenFor(draft, incident)))
}

function onLapse(draft: Draft, incident: Incident, acknowledgedAt: number): void {
  if (incident.status !== 'acknowledged' || incident.acknowledgedAt !== acknowledgedAt) return
  const { fields, story } = lapse(incident)
  draft.changeIncident(incident, fields, story)
  draft.note('system', 'incident.ack-lapsed', { incident: incident.id, of: incident.owner?.person })
}

function givenFor(draft: Draft, incident: Incident): FollowGiven {
  const { config, given } = draft
  const { policy, now } = given
  return {
    policy: policyFor(policy.escalations, config),
    now,
    resolve: resolveIn(policy, config.room, config, now),
    hushedUntil: calmUntil(incident, now, hushNow(draft, incident)?.until),
  }
}

function apply(draft: Draft, incident: Incident, { escalation, deeds, timers }: Following): void {
  if (escalation) draft.setIncident({ ...incident, escalation })
  for (const deed of deeds) draft.effects.push({ do: 'deed', alarm: incident.id, deed })
  for (const { id, at, event } of timers) draft.effects.push({ do: 'timer', id, at, event })
}
