import type { Alarm, AlarmFacts } from './alarm.ts'
import { type Changes, changed } from './changes.ts'
import { type AuditLine, type Reply, refuse } from './decision.ts'
import { type AlarmTimer, policyFor } from './escalation.ts'
import type { Effect } from './event.ts'
import { type FollowGiven, type Following, follow, onEscalate, onUnheard } from './following.ts'
import { type Message, message } from './message.ts'
import { handOver, lapse, letGo, type Owned, takeOn, type Word } from './owning.ts'
import { type ChannelName, may, type Person, type Place } from './people.ts'
import type { BreakerConfig, Policy } from './policy.ts'
import { resolveIn } from './targets.ts'

/** Somebody's word about an alarm, by its button or typed. */
export interface AlarmAsk {
  type: 'alarm-ask'
  action: 'ack' | 'unack' | 'handover'
  channel: ChannelName
  sender: string
  anonymous: boolean
  /** Of a hand-over: whom to. */
  to?: string
}

/** Everything that can change an alarm. */
export type AlarmEvent =
  /** It begins; or, while it stands, it says this from now on. */
  | { type: 'raise'; facts: AlarmFacts }
  /** It is over. */
  | { type: 'resolve'; outcome: Message }
  | AlarmAsk
  | AlarmTimer

export type AlarmEffect =
  | Extract<Effect, { do: 'card' | 'deed' | 'tell' }>
  | { do: 'timer'; id: string; at: number; event: AlarmTimer }

export interface AlarmDecision {
  /** Absent: there is none, and none is made. */
  alarm?: Alarm
  effects: AlarmEffect[]
  audit: AuditLine[]
  reply?: Reply
}

export interface AlarmGiven {
  id: string
  policy: Policy
  now: number
}

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
    case 'unheard':
      return before ? followed(before, onUnheard(before, followGiven(before, given))) : nothing()
    case 'ack-lapses':
      return before ? lapsed(before, event.acknowledgedAt, given) : nothing()
  }
}

const nothing = (alarm?: Alarm, reply?: Reply): AlarmDecision => ({
  ...(alarm && { alarm }),
  effects: [],
  audit: [],
  ...(reply && { reply }),
})

function raise(before: Alarm | undefined, facts: AlarmFacts, given: AlarmGiven): AlarmDecision {
  if (before?.status === 'resolved') return nothing(before)
  const { id, now } = given
  if (before) return next(before, facts, given)
  const alarm: Alarm = { id, ...facts, openedAt: now, version: 1, status: 'open', story: [] }
  return withFollowing(undefined, alarm, given, {
    urgent: true,
    audit: [{ who: 'system', what: 'alarm.raised', details: { alarm: id, kind: facts.kind } }],
  })
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
  const holds = policyFor(policy.escalations, whereOf(before))?.ackTimeout
  const word: Word = { title: before.title, person, actor, now, holds }
  const owned = ownedBy(before, ask, word, policy, place)
  if (!owned.fields) return nothing(before, owned.reply)
  const line = {
    who: person.name,
    what: `alarm.${owned.what}`,
    details: { alarm: before.id, kind: before.kind },
  }
  const decision = next(before, owned.fields, given, [line], owned.story)
  const tell: AlarmEffect[] = owned.tells
    ? [
        {
          do: 'tell',
          person: owned.tells,
          text: message('handover.told', { breaker: before.title, from: person.name }),
        },
      ]
    : []
  return { ...decision, effects: [...decision.effects, ...tell], reply: owned.reply }
}

function ownedBy(before: Alarm, ask: AlarmAsk, word: Word, policy: Policy, place: Place | undefined): Owned {
  if (ask.action === 'ack') return takeOn(before, word)
  if (ask.action === 'unack') return letGo(before, word)
  return handOver(
    before,
    policy.people.find((one) => one.name === ask.to),
    { ...word, place },
  )
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

/** The alarm with a change, a new version of its card, and what its escalation makes of it. */
function next(
  before: Alarm,
  fields: Changes<Alarm>,
  given: AlarmGiven,
  audit: AuditLine[] = [],
  text?: Message,
): AlarmDecision {
  const story = text ? [...before.story, { at: given.now, text }] : before.story
  const alarm = changed(before, { ...fields, story, version: before.version + 1 })
  return withFollowing(before, alarm, given, { urgent: false, audit })
}

function withFollowing(
  before: Alarm | undefined,
  alarm: Alarm,
  given: AlarmGiven,
  { urgent, audit }: { urgent: boolean; audit: AuditLine[] },
): AlarmDecision {
  const told = followed(alarm, follow(alarm, before, followGiven(alarm, given)))
  return { ...told, effects: [{ do: 'card', subject: alarm.id, urgent }, ...told.effects], audit }
}

function followed(alarm: Alarm, { escalation, deeds, timers }: Following): AlarmDecision {
  return {
    alarm: escalation ? { ...alarm, escalation } : alarm,
    effects: [
      ...deeds.map((deed): AlarmEffect => ({ do: 'deed', alarm: alarm.id, deed })),
      ...timers.map((timer): AlarmEffect => ({ do: 'timer', ...timer })),
    ],
    audit: [],
  }
}

function followGiven(alarm: Alarm, { policy, now }: AlarmGiven): FollowGiven {
  return {
    policy: policyFor(policy.escalations, whereOf(alarm)),
    now,
    resolve: resolveIn(policy, alarm.room, placeOf(alarm, policy), now),
  }
}

const whereOf = ({ room, site, breaker }: Alarm) => ({
  room,
  ...(site !== undefined && { site }),
  ...(breaker !== undefined && { id: breaker }),
})

/** Where roles are looked at; absent: anywhere. */
function placeOf({ site, breaker }: Alarm, { breakers }: Policy): Place | undefined {
  const config: BreakerConfig | undefined = breakers.find((one) => one.id === breaker)
  return config ?? (site === undefined ? undefined : { site, groups: [] })
}
