import { acceptedOf } from './abnormal/accepted.ts'
import type { DrawWord } from './abnormal/record.ts'
import type { Alarm } from './alarm.ts'
import { type AlarmDecision, type AlarmEffect, type AlarmGiven, next, nothing } from './alarm-next.ts'
import { answer, refuse } from './decision.ts'
import { DAY, zoneOf } from './local-time.ts'
import { dateTime, type Message, message } from './message.ts'
import type { Actor } from './people.ts'

/** What can be said of an alarm about the draw: that it is normal, or that it is to be quiet about such things. */
export const DRAW_ACTIONS = ['normal', 'mute-draw'] as const
export type DrawAction = (typeof DRAW_ACTIONS)[number]

export const isDrawAction = (action: string): action is DrawAction =>
  DRAW_ACTIONS.some((one) => one === action)

/** For so long a button mutes, ms. */
export const MUTED_FOR = 7 * DAY

/** Either ends the alarm, and changes what is remembered of the breaker's draw. */
export function askedOfDraw(
  before: Alarm,
  action: DrawAction,
  { person }: Actor,
  given: AlarmGiven,
  lasts = MUTED_FOR,
): AlarmDecision {
  const { id, kind, breaker, finding, title, room } = before
  if (!finding || breaker === undefined) return nothing(before, refuse('draw.no-draw', { title }))
  const { now, policy } = given
  if (action === 'normal') {
    const said = { id, at: now, by: person, timezone: zoneOf(policy, room) }
    const accepted = acceptedOf(finding, said)
    return ended({ say: 'normal', accepted }, message('draw.normal', { person }), 'draw-normal')
  }
  const until = now + lasts
  const outcome = message('draw.muted', { person, until: dateTime(until) })
  return ended({ say: 'mute', alarm: id, at: now, until }, outcome, 'draw-muted')

  function ended(word: DrawWord, outcome: Message, what: string): AlarmDecision {
    const line = { who: person, what: `alarm.${what}`, details: { alarm: id, kind, breaker, word } }
    const fields = { status: 'resolved', resolvedAt: now, outcome } as const
    const decision = next(before, fields, given, [line], outcome)
    const teach: AlarmEffect = { do: 'draw-word', breaker: breaker!, word }
    const reply = answer(word.say === 'normal' ? 'draw.normal-done' : 'draw.muted-done', { title })
    return { ...decision, effects: [...decision.effects, teach], reply }
  }
}

/** The picture follows the card, once there is one. */
export function withPicture(decision: AlarmDecision): AlarmDecision {
  const { alarm, effects } = decision
  if (!alarm?.chart || alarm.hushed) return decision
  const lines = [message('draw.picture', { title: alarm.title })]
  return { ...decision, effects: [...effects, { do: 'say', lines, chart: alarm.chart }] }
}
