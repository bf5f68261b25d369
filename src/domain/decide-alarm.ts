import type { Alarm, AlarmFacts } from './alarm.ts'
import {
  type AlarmDecision,
  type AlarmEffect,
  type AlarmGiven,
  type AlarmHush,
  followed,
  followGiven,
  next,
  nothing,
  placeOf,
  underWindow,
  whereOf,
  withFollowing,
} from './alarm-next.ts'
import { askedOfDraw, type DrawAction, isDrawAction, withPicture } from './decide-draw.ts'
import { askedInDrill, beginDrill, endDrill, noteTry } from './decide-drill.ts'
import { type AuditLine, refuse } from './decision.ts'
import type { DrillEvent } from './drill.ts'
import { isDrill } from './drill-alarm.ts'
import { type AlarmTimer, policyFor } from './escalation.ts'
import { follow, onEscalate, onFollow, onUnheard } from './following.ts'
import { type Message, message } from './message.ts'
import { lapse, type OwnAction, owned, type Word } from './owning.ts'
import { type ChannelName, may, type Person } from './people.ts'

/** Somebody's word about an alarm, by its button or typed. */
export interface AlarmAsk {
  type: 'alarm-ask'
  action: OwnAction | DrawAction
  channel: ChannelName
  sender: string
  anonymous: boolean
  /** Of a hand-over: whom to. */
  to?: string
  /** Of a mute: for how long, ms. */
  lasts?: number
}

/** Everything that can change an alarm. */
export type AlarmEvent =
  /** It begins; or, while it stands, it says this from now on. */
  | { type: 'raise'; facts: AlarmFacts }
  /** It is over. */
  | { type: 'resolve'; outcome: Message }
  | AlarmAsk
  | AlarmTimer
  | DrillEvent
  | AlarmHush

export type { AlarmDecision, AlarmEffect, AlarmGiven } from './alarm-next.ts'

/** What follows from one event for an alarm. Pure, like `decide`. */
export function decideAlarm(before: Alarm | undefined, event: AlarmEvent, given: AlarmGiven): AlarmDecision {
  switch (event.type) {
    case 'raise':
      return raise(before, event.facts, given)
    case 'resolve':
      return resolve(before, event.outcome, given)
    case 'alarm-ask':
      return before ? asked(before, event, given) : nothing(undefined, refuse('ask.superseded-gone'))
    case 'escalate':
      return before ? followed(before, onEscalate(before, event.look, followGiven(before, given))) : nothing()
    case 'follow':
      return before ? refollowed(before, event.again, given) : nothing()
    case 'unheard':
      return before ? followed(before, onUnheard(before, followGiven(before, given))) : nothing()
    case 'ack-lapses':
      return before ? lapsed(before, event.acknowledgedAt, given) : nothing()
    case 'alarm-hush':
      return before?.hushed ? onHush(before, given) : nothing(before)
    case 'tried':
      return noteTry(before, event.tried)
    case 'drill-ends':
      return endDrill(before, event.cards ?? [], given)
  }
}

/** By the configuration as it is now: what has no escalation begins one. */
function refollowed(before: Alarm, again: number, given: AlarmGiven): AlarmDecision {
  const by = followGiven(before, given)
  const begun = followed(before, follow(before, before, by))
  const { effects } = followed(before, onFollow(before, again, by))
  return { ...begun, effects: [...begun.effects, ...effects] }
}

function raise(before: Alarm | undefined, facts: AlarmFacts, given: AlarmGiven): AlarmDecision {
  if (before?.status === 'resolved') return nothing(before)
  const { id, now } = given
  const { by, ...said } = facts
  if (before) return next(before, said, given)
  const alarm: Alarm = { id, ...said, openedAt: now, version: 1, status: 'open', story: [] }
  const line = { who: by ?? 'system', what: 'alarm.raised', details: { alarm: id, kind: facts.kind } }
  return facts.kind === 'drill' ? beginDrill(alarm, by, given, line) : raisedUnderWindow(alarm, given, line)
}

/** What begins under a window is kept, and told of when that is over. */
function raisedUnderWindow(raised: Alarm, given: AlarmGiven, line: AuditLine): AlarmDecision {
  const { alarm, look } = underWindow(raised, given)
  const decision = withFollowing(undefined, alarm, given, { urgent: true, audit: [line] })
  return withPicture({ ...decision, effects: [...decision.effects, ...look] })
}

/** It has its card if no window is over it any more, and it is not over itself. */
function onHush(before: Alarm, given: AlarmGiven): AlarmDecision {
  if (before.status === 'resolved') return nothing(before)
  const { alarm, look } = underWindow(before, given)
  if (alarm.hushed) return { ...nothing(alarm), effects: look }
  const shown = { ...alarm, version: before.version + 1 }
  return withPicture(withFollowing(before, shown, given, { urgent: true, audit: [] }))
}

function resolve(before: Alarm | undefined, outcome: Message, given: AlarmGiven): AlarmDecision {
  if (!before || before.status === 'resolved') return nothing(before)
  const line = { who: 'system', what: 'alarm.resolved', details: { alarm: before.id, kind: before.kind } }
  return next(before, { status: 'resolved', resolvedAt: given.now, outcome }, given, [line], outcome)
}

function lapsed(before: Alarm, acknowledgedAt: number, given: AlarmGiven): AlarmDecision {
  if (before.status !== 'acknowledged' || before.acknowledgedAt !== acknowledgedAt) return nothing(before)
  const { fields, story } = lapse(before)
  const details = { alarm: before.id, of: before.owner?.person }
  const line = { who: 'system', what: 'alarm.ack-lapsed', details }
  return next(before, fields, given, [line], story)
}

function asked(before: Alarm, ask: AlarmAsk, given: AlarmGiven): AlarmDecision {
  const { policy, now } = given
  const person = ask.anonymous ? undefined : policy.people.find((one) => one.ids[ask.channel] === ask.sender)
  const place = placeOf(before, policy)
  if (!person || !may(person, 'acknowledge', place)) return turnedAway(before, ask, person)
  if (before.status === 'resolved') return nothing(before, refuse('alarm.over', { title: before.title }))
  const actor = { person: person.name, channel: ask.channel }
  if (isDrawAction(ask.action)) return askedOfDraw(before, ask.action, actor, given, ask.lasts)
  if (isDrill(before)) return askedInDrill(before, ask.action, actor, given)
  const holds = policyFor(policy.escalations, whereOf(before))?.ackTimeout
  const word: Word = { title: before.title, person, actor, now, holds }
  const to = policy.people.find((one) => one.name === ask.to)
  const { fields, story, what, tells, reply } = owned(before, ask.action, word, { to, place })
  if (!fields) return nothing(before, reply)
  const line = {
    who: person.name,
    what: `alarm.${what}`,
    details: { alarm: before.id, kind: before.kind },
  }
  const decision = next(before, fields, given, [line], story)
  const tell: AlarmEffect[] = tells
    ? [
        {
          do: 'tell',
          person: tells,
          text: message('handover.told', { breaker: before.title, from: person.name }),
        },
      ]
    : []
  return { ...decision, effects: [...decision.effects, ...tell], reply }
}

function turnedAway(before: Alarm, ask: AlarmAsk, person: Person | undefined): AlarmDecision {
  const reply = ask.anonymous
    ? refuse('ask.anonymous')
    : person
      ? refuse('gate.role', { person: person.name })
      : refuse('ask.stranger', { id: ask.sender })
  const who = person?.name ?? `${ask.channel}:${ask.sender}`
  return {
    ...nothing(before, reply),
    audit: [{ who, what: `${ask.action}.refused`, details: { alarm: before.id, why: reply.text.key } }],
  }
}
