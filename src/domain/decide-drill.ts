import type { Alarm } from './alarm.ts'
import {
  type AlarmDecision,
  type AlarmEffect,
  type AlarmGiven,
  next,
  nothing,
  whereOf,
  withFollowing,
} from './alarm-next.ts'
import { type AuditLine, answer, refuse } from './decision.ts'
import { type DrillCard, type DrillTry, drillLasts, newDrill, withTry } from './drill.ts'
import { type DrillAlarm, isDrill } from './drill-alarm.ts'
import { drillFailures, drillResult } from './drill-result.ts'
import { policyFor } from './escalation.ts'
import { message } from './message.ts'
import type { Actor } from './people.ts'

/** Begins one, with the timer that ends it whatever hangs. */
export function beginDrill(
  alarm: Alarm,
  by: string | undefined,
  given: AlarmGiven,
  audit: AuditLine,
): AlarmDecision {
  const drill = newDrill(policyFor(given.policy.escalations, whereOf(alarm)), by)
  const decision = withFollowing(undefined, { ...alarm, drill }, given, { urgent: true, audit: [audit] })
  const ends: AlarmEffect = {
    do: 'timer',
    id: `drill-ends:${alarm.id}`,
    at: given.now + drillLasts(drill),
    event: { type: 'drill-ends' },
  }
  return { ...decision, effects: [...decision.effects, ends] }
}

/** Somebody's word about a drill: an acknowledgement is noted, and stops nothing. */
export function askedInDrill(
  before: DrillAlarm,
  action: 'ack' | 'unack' | 'handover',
  { person }: Actor,
  given: AlarmGiven,
): AlarmDecision {
  const { id, kind, title, drill } = before
  if (action !== 'ack') return nothing(before, refuse('drill.only-ack', { title }))
  if (drill.acks.some((one) => one.person === person))
    return nothing(before, answer('drill.acked-already', { title, person }))
  const after = given.now - before.openedAt
  const values = { title, person, seconds: Math.round(after / 1000) }
  const fields = { drill: { ...drill, acks: [...drill.acks, { person, after }] } }
  const line = { who: person, what: 'alarm.acknowledged', details: { alarm: id, kind } }
  return {
    ...next(before, fields, given, [line], message('drill.story-ack', values)),
    reply: answer('drill.acked', values),
  }
}

/** A try is over; what comes after the drill changes nothing. None of it stands on the card before the end. */
export function noteTry(before: Alarm | undefined, tried: DrillTry): AlarmDecision {
  if (!before || !isDrill(before) || before.status === 'resolved') return nothing(before)
  return { ...nothing(), alarm: { ...before, drill: withTry(before.drill, tried) } }
}

/** Its time is over: the room is told how it went, whatever has not been heard of yet; an admin, where it went ill. */
export function endDrill(
  before: Alarm | undefined,
  cards: readonly DrillCard[],
  given: AlarmGiven,
): AlarmDecision {
  if (!before || !isDrill(before) || before.status === 'resolved') return nothing(before)
  const { id, kind, title, room, drill } = before
  const count = drillFailures(drill, cards)
  const outcome = count === 0 ? message('drill.over-well') : message('drill.over-ill', { count })
  const line = { who: 'system', what: 'alarm.resolved', details: { alarm: id, kind, failures: count } }
  const fields = { status: 'resolved', resolvedAt: given.now, outcome } as const
  const decision = next(before, fields, given, [line], outcome)
  const lines: AlarmEffect = { do: 'say', lines: drillResult(before, cards) }
  const word: AlarmEffect[] =
    count > 0 ? [{ do: 'tell-admin', text: message('drill.admin', { title, room, count }) }] : []
  return { ...decision, effects: [...decision.effects, lines, ...word] }
}
