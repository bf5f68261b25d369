import type {
  AlarmTimer,
  Deed,
  Escalating,
  Escalation,
  EscalationPolicy,
  Look,
  Progress,
  Resolve,
} from './escalation.ts'
import { lapsesAt } from './owning.ts'
import { advance, begin, hold, hurry, lookId, resume, revise, stop } from './steps.ts'
import { lookAgainAt } from './window.ts'

/** Something that escalates, with its name. */
export type Alarming = Escalating & { id: string }

/** What a decision means for the escalation of one alarm. */
export interface Following {
  escalation?: Escalation
  deeds: Deed[]
  timers: { id: string; at: number; event: AlarmTimer }[]
}

/** What an escalation goes by at one moment. */
export interface FollowGiven {
  policy: EscalationPolicy | undefined
  now: number
  resolve: Resolve
  /** Until then nobody is to be called, ms. */
  hushedUntil?: number | undefined
}

/** Until when nobody is to be called: for a window over it, or because it is held; undefined: they may be. */
export function calmUntil({ heldUntil = 0 }: Escalating, now: number, windowUntil = 0): number | undefined {
  const until = Math.max(heldUntil, windowUntil)
  return until > now ? until : undefined
}

/**
 * Brings the escalation to where the alarm stands after a decision: it begins with the alarm, stops when somebody owns
 * it, begins anew when nobody does any more, and ends with it. Called again for the same state it does nothing.
 * @param before the alarm before the decision, if there was one
 */
export function follow(alarm: Alarming, before: Alarming | undefined, given: FollowGiven): Following {
  const timers = lapseTimer(alarm, before, given.policy)
  const progress = progressOf(alarm, given) ?? revised(alarm, before, given)
  if (!progress) return { deeds: [], timers }
  const { escalation, deeds, look } = progress
  if (!look) return { escalation, deeds, timers }
  const isHeld = given.hushedUntil !== undefined && alarm.status === 'open'
  const next = isHeld ? putOff(alarm, look, given.now, given.hushedUntil!) : timerOf(alarm, look)
  return { escalation, deeds, timers: [...timers, next] }
}

/** A step fell due; void timers change nothing, and one that falls into a hush waits for its end. */
export function onEscalate(alarm: Alarming, look: Look, given: FollowGiven): Following {
  const { policy, now, resolve, hushedUntil } = given
  if (!policy || alarm.status !== 'open') return { deeds: [], timers: [] }
  if (hushedUntil !== undefined)
    return { deeds: [], timers: isLive(alarm, look) ? [putOff(alarm, look, now, hushedUntil)] : [] }
  const progress = advance(policy, alarm, look, now, resolve)
  return progress ? of(alarm, progress) : { deeds: [], timers: [] }
}

/** Another configuration may hold: one that runs looks for its next step anew, whatever timer it had. */
export function onFollow(
  alarm: Alarming,
  again: number,
  { policy, now, hushedUntil }: FollowGiven,
): Following {
  const look =
    policy && alarm.status === 'open' && alarm.escalation?.stage === 'running' && resume(policy, alarm)
  if (!look) return { deeds: [], timers: [] }
  const at = hushedUntil === undefined ? look.at : lookAgainAt(now, hushedUntil)
  return { deeds: [], timers: [timerOf(alarm, { ...look, at }, `:again:${again}`)] }
}

/** No chat has got it; others are told at once. */
export function onUnheard(alarm: Alarming, { policy, resolve, hushedUntil }: FollowGiven): Following {
  const isWanted = policy && alarm.status === 'open' && hushedUntil === undefined
  const progress = isWanted && hurry(policy, alarm, resolve)
  return progress ? of(alarm, progress) : { deeds: [], timers: [] }
}

function progressOf(
  alarm: Alarming,
  { policy, now, resolve, hushedUntil }: FollowGiven,
): Progress | undefined {
  const { escalation, status } = alarm
  if (status === 'resolved')
    return escalation && escalation.stage !== 'over' ? stop(escalation, 'resolved') : undefined
  if (status === 'acknowledged')
    return escalation?.stage === 'running' ? stop(escalation, 'acknowledged') : undefined
  if (!policy || escalation?.stage === 'running') return undefined
  return hushedUntil === undefined ? begin(policy, alarm, now, resolve) : hold(policy, alarm, now)
}

/** Undefined where nothing has changed that steps go by. */
function revised(
  alarm: Alarming,
  before: Alarming | undefined,
  { policy, resolve, hushedUntil }: FollowGiven,
): Progress | undefined {
  const { escalation, status, severity, cause } = alarm
  if (!policy || !before || status !== 'open' || escalation?.stage !== 'running') return undefined
  if (severity === before.severity && cause === before.cause) return undefined
  const isHeld = hushedUntil !== undefined || escalation.reached < 0
  return isHeld ? undefined : revise(policy, before, alarm, escalation, resolve)
}

const isLive = ({ escalation }: Alarming, { run, round, after }: Look): boolean =>
  escalation?.stage === 'running' &&
  escalation.run === run &&
  (round > escalation.round || (round === escalation.round && after > escalation.reached))

function of(alarm: Alarming, { escalation, deeds, look }: Progress): Following {
  return { escalation, deeds, timers: look ? [timerOf(alarm, look)] : [] }
}

const timerOf = ({ id }: Alarming, look: Look, again = '') => ({
  id: lookId(id, look) + again,
  at: look.at,
  event: { type: 'escalate', alarm: id, look } as const,
})

function putOff(alarm: Alarming, look: Look, now: number, until: number): Following['timers'][number] {
  const at = lookAgainAt(now, until)
  return timerOf(alarm, { ...look, at }, `:${at}`)
}

/** An acknowledgement that is new gets its time. */
function lapseTimer(
  alarm: Alarming,
  before: Alarming | undefined,
  policy: EscalationPolicy | undefined,
): Following['timers'] {
  const { id, acknowledgedAt, owner, escalation } = alarm
  const isNew = acknowledgedAt !== before?.acknowledgedAt || owner?.person !== before?.owner?.person
  const at = lapsesAt(alarm, policy?.ackTimeout)
  if (alarm.status !== 'acknowledged' || acknowledgedAt === undefined || !isNew || at === undefined) return []
  return [
    {
      id: `ack-lapses:${id}:${escalation?.run ?? 0}:${acknowledgedAt}`,
      at,
      event: { type: 'ack-lapses', alarm: id, acknowledgedAt },
    },
  ]
}
