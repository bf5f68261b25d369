import type { AlarmFacts } from './alarm.ts'
import { lasting, type Message, message, time } from './message.ts'
import type { OfflineRules } from './offline.ts'

/** What is known of the cloud, by all instances together. Times by our own clock, ms. */
export interface CloudPulse {
  /** The last push, and the longest of the last pauses between pushes where it is known. */
  pushedAt?: number
  pause?: number
  /** The last call that it answered. */
  answeredAt?: number
  /** The first call since then that came to nothing, and why the last did. */
  failed?: { since: number; why: Message }
  /** While it says nothing: `since` its last word; the alarm's id by room, once the grace was over. */
  away?: { since: number; noticed: number; alarms?: Record<string, string> }
  /** When that was last over. */
  overAt?: number
}

/** Between two pushes so much is never unusual, ms. */
const NEVER_UNUSUAL = 15_000
/** So many times the longest pause, and pushes have stopped. */
const STOPPED = 3

export interface PulseVerdict {
  pulse: CloudPulse
  raise: { alarm: string; facts: AlarmFacts }[]
  resolve: { alarm: string; outcome: Message }[]
  /** It spoke again: what silence could not be laid at a breaker's door is looked at now. */
  isBack: boolean
}

/** The newest of what two know. */
export function merge(one: CloudPulse, other: CloudPulse): CloudPulse {
  const latest = (key: 'pushedAt' | 'answeredAt') => Math.max(one[key] ?? 0, other[key] ?? 0)
  const [pushedAt, answeredAt] = [latest('pushedAt'), latest('answeredAt')]
  const failures = [one.failed, other.failed].filter((it) => it !== undefined && it.since > answeredAt)
  const failed = failures.toSorted((a, b) => a!.since - b!.since)[0]
  const pause = pushedAt === (other.pushedAt ?? 0) ? (other.pause ?? one.pause) : one.pause
  const { failed: _, ...rest } = one
  return {
    ...rest,
    ...(pushedAt > 0 && { pushedAt }),
    ...(answeredAt > 0 && { answeredAt }),
    ...(pause !== undefined && { pause }),
    ...(failed && { failed: { since: failed.since, why: failures.at(-1)!.why } }),
  }
}

/** Brings what is known of the cloud to the present: calls fail and no push comes, for longer than its grace, or not. */
export function judgeCloud(
  pulse: CloudPulse,
  {
    now,
    rules,
    rooms,
    newId,
  }: { now: number; rules: OfflineRules; rooms: readonly string[]; newId: () => string },
): PulseVerdict {
  const { pushedAt = 0, pause = 0, answeredAt = 0, failed, away } = pulse
  const isSilent = failed !== undefined && now - pushedAt > Math.max(NEVER_UNUSUAL, pause)
  if (!isSilent) return back(pulse, now)
  const since = Math.max(pushedAt, answeredAt) || failed.since
  const present = away ?? { since, noticed: now }
  const due = Math.max(present.noticed + rules.cloudGrace, pushedAt + STOPPED * pause)
  const next = { ...pulse, away: present }
  if (present.alarms || now < due) return { pulse: next, raise: [], resolve: [], isBack: false }
  const alarms = Object.fromEntries(rooms.map((room) => [room, newId()]))
  const raise = rooms.map((room) => ({
    alarm: alarms[room]!,
    facts: factsOf(room, present.since, failed.why, rules),
  }))
  return { pulse: { ...next, away: { ...present, alarms } }, raise, resolve: [], isBack: false }
}

function back(pulse: CloudPulse, now: number): PulseVerdict {
  const { away, ...rest } = pulse
  if (!away) return { pulse, raise: [], resolve: [], isBack: false }
  const outcome = message('alarm.back', { after: lasting(now - away.since) })
  const resolve = Object.values(away.alarms ?? {}).map((alarm) => ({ alarm, outcome }))
  return { pulse: { ...rest, overAt: now }, raise: [], resolve, isBack: true }
}

function factsOf(room: string, since: number, why: Message, { cloudSeverity }: OfflineRules): AlarmFacts {
  return {
    ...{ kind: 'cloud-offline', room, severity: cloudSeverity },
    title: message('alarm.cloud-offline'),
    notes: [message('alarm.cloud', { at: time(since), why }), message('alarm.cloud-means')],
  }
}
