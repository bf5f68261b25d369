import type { DrawWord } from './abnormal/record.ts'
import type { Alarm } from './alarm.ts'
import { type Changes, changed } from './changes.ts'
import type { Chart } from './chart.ts'
import type { AuditLine, Reply } from './decision.ts'
import { type DrillEvent, drillPolicy } from './drill.ts'
import { drilled, isDrill } from './drill-alarm.ts'
import { type AlarmTimer, type EscalationPolicy, policyFor } from './escalation.ts'
import type { Effect } from './event.ts'
import { calmUntil, type FollowGiven, type Following, follow } from './following.ts'
import { zoneOf } from './local-time.ts'
import type { Message } from './message.ts'
import type { Place } from './people.ts'
import type { BreakerConfig, Policy } from './policy.ts'
import { resolveIn } from './targets.ts'
import { hushFor, lookAgainAt } from './window.ts'

export type AlarmEffect =
  | Extract<Effect, { do: 'card' | 'deed' | 'tell' }>
  | { do: 'timer'; id: string; at: number; event: AlarmTimer | DrillEvent | AlarmHush }
  /** Lines to all chats of its room; `chart`: with that picture, in answer to its card. */
  | { do: 'say'; lines: Message[]; chart?: Chart }
  /** What is remembered of a breaker's draw. */
  | { do: 'draw-word'; breaker: string; word: DrawWord }
  /** To an admin. */
  | { do: 'tell-admin'; text: Message }

/** The windows over it may have passed. */
export interface AlarmHush {
  type: 'alarm-hush'
  alarm: string
}

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

/** So many lines of who did what are kept. */
const MAX_STORY = 30

/** Nothing follows. */
export const nothing = (alarm?: Alarm, reply?: Reply): AlarmDecision => ({
  ...(alarm && { alarm }),
  effects: [],
  audit: [],
  ...(reply && { reply }),
})

/** The alarm with a change, a new version of its card, and what its escalation makes of it. */
export function next(
  before: Alarm,
  fields: Changes<Alarm>,
  given: AlarmGiven,
  audit: AuditLine[] = [],
  text?: Message,
): AlarmDecision {
  const story = text ? { story: [...before.story, { at: given.now, text }].slice(-MAX_STORY) } : {}
  const alarm = changed(before, { ...fields, ...story, version: before.version + 1 })
  return withFollowing(before, alarm, given, { urgent: false, audit })
}

/** What a change means for the escalation, with the card that shows it. */
export function withFollowing(
  before: Alarm | undefined,
  alarm: Alarm,
  given: AlarmGiven,
  { urgent, audit }: { urgent: boolean; audit: AuditLine[] },
): AlarmDecision {
  const told = followed(alarm, follow(alarm, before, followGiven(alarm, given)))
  const card = { do: 'card', subject: alarm.id, urgent: urgent && !isHint(alarm) } as const
  return { ...told, effects: [...(alarm.hushed ? [] : [card]), ...told.effects], audit }
}

/** The alarm, kept quiet while a window is over it, with when to look again; it has its card when none is any more. */
export function underWindow(alarm: Alarm, given: AlarmGiven): { alarm: Alarm; look: AlarmEffect[] } {
  const until = hushedUntil(alarm, given)
  if (until === undefined) return { alarm: changed(alarm, { hushed: undefined }), look: [] }
  const at = lookAgainAt(given.now, until)
  const event = { type: 'alarm-hush', alarm: alarm.id } as const
  return {
    alarm: { ...alarm, hushed: true },
    look: [{ do: 'timer', id: `alarm-hush:${alarm.id}:${at}`, at, event }],
  }
}

/** Until when nobody is to be told of it, ms. A drill is wanted; what is of no site is under the windows of its room. */
function hushedUntil(
  { kind, room, site = '', breaker = '', severity }: Alarm,
  { policy, now }: AlarmGiven,
): number | undefined {
  if (kind === 'drill') return undefined
  return hushFor(policy.windows, { room, site, breaker }, severity, now, zoneOf(policy, room))?.until
}

/** The alarm as its escalation stands now, and what that asks for. */
export function followed(before: Alarm, { escalation, deeds: all, timers }: Following): AlarmDecision {
  const { deeds, ...fields } = isDrill(before) && escalation ? drilled(before, all) : { deeds: all }
  return {
    alarm: escalation ? { ...before, ...fields, escalation } : before,
    effects: [
      ...deeds.map((deed): AlarmEffect => ({ do: 'deed', alarm: before.id, deed })),
      ...timers.map((timer): AlarmEffect => ({ do: 'timer', ...timer })),
    ],
    audit: [],
  }
}

/** What its escalation goes by. */
export function followGiven(alarm: Alarm, given: AlarmGiven): FollowGiven {
  const { policy, now } = given
  return {
    hushedUntil: calmUntil(alarm, now, hushedUntil(alarm, given)),
    policy: policyOf(alarm, policy),
    now,
    resolve: resolveIn(policy, alarm.room, placeOf(alarm, policy), now),
  }
}

/** Something about the draw that can wait until somebody reads it: it calls on nobody, and does not escalate. */
const isHint = ({ kind, severity }: Alarm): boolean => kind === 'draw' && severity === 'info'

/** A drill goes through the policy in its own way. */
function policyOf(alarm: Alarm, { escalations }: Policy): EscalationPolicy | undefined {
  if (isHint(alarm)) return undefined
  const policy = policyFor(escalations, whereOf(alarm))
  return policy && isDrill(alarm) ? drillPolicy(policy) : policy
}

/** What its policy is looked up by. */
export const whereOf = ({ room, site, breaker }: Alarm) => ({
  room,
  ...(site !== undefined && { site }),
  ...(breaker !== undefined && { id: breaker }),
})

/** Where roles are looked at; absent: anywhere. */
export function placeOf({ site, breaker }: Alarm, { breakers }: Policy): Place | undefined {
  const config: BreakerConfig | undefined = breakers.find((one) => one.id === breaker)
  return config ?? (site === undefined ? undefined : { site, groups: [] })
}
