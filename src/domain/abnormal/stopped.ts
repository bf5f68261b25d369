import { HOUR, MINUTE } from '../local-time.ts'
import { isAccepted } from './accepted.ts'
import { MINUTES_GAP } from './by-minute.ts'
import type { Draw } from './draw.ts'
import { type Sight, standingOf, type Verdict } from './finding.ts'
import { lastingSince, type Point } from './streak.ts'
import { expectedAt, type Usual } from './usual.ts'

/** It ran if it drew so much of what it usually does. */
const RAN = 0.3
/** It runs again after so long, ms. */
const RUNS_AGAIN = 3 * MINUTE
/** A pause is too long when it is longer than the longest usual one by this. */
const LONGER = 1.5

/** What went off so long before it was to draw did not stop: it has not begun. ms. */
const STARTS_LATE = 2.5 * HOUR

/** How it stands with a draw that has gone. */
interface Gone {
  /** ms. */
  since: number
  /** Since when it is expected to draw, at the earliest when it stopped, ms. */
  missedSince: number
  /** What it drew before, W. */
  before: number
}

/** A machine that ran draws nothing any more, its contacts being closed, for longer than it ever pauses. */
export function judgeStopped(sight: Sight): Verdict {
  const { contacts, minutes, breaker, pause, usual, rules } = sight
  const standing = standingOf(sight, 'stopped')
  if (standing) {
    if (contacts.isClosed === false) return { ends: { kind: 'stopped', why: 'opened' } }
    const points = minutes.flatMap((one): Point[] =>
      one.power === undefined || one.at < standing.since
        ? []
        : [{ at: one.at, is: one.power >= (standing.high ?? 0) ? 'well' : 'bad' }],
    )
    const long = { span: MINUTE, length: RUNS_AGAIN, least: 2, gap: MINUTES_GAP }
    return lastingSince(points, 'well', long) === undefined ? {} : { ends: { kind: 'stopped', why: 'well' } }
  }
  const gone = goneOf(sight)
  if (!gone || !usual || pause === undefined) return {}
  const { since, before, missedSince } = gone
  const lasts = sight.now - missedSince
  if (lasts < Math.max(rules.stoppedFor, pause * LONGER)) return {}
  if (isAccepted(sight.accepted, 'stopped', 'more', lasts)) return {}
  const begins = { kind: 'stopped', breaker, since, side: 'less', value: 0, unit: 'W' } as const
  return { begins: { ...begins, middle: before, high: usual.nothing, pause } }
}

/** True when it must be found out how long it usually pauses, and the minutes of some hours be looked at. */
export const mayHaveStopped = (sight: Sight): boolean =>
  standingOf(sight, 'stopped') === undefined && goneOf(sight, { evenIfBefore: true }) !== undefined

/** That it draws nothing, after it ran, while it should draw. Without `evenIfBefore` its stop must be among the minutes. */
function goneOf(sight: Sight, { evenIfBefore = false } = {}): Gone | undefined {
  const { contacts, usual, now, rules } = sight
  if (!contacts.isClosed || !usual || usual.running < usual.nothing) return undefined
  const known = sight.minutes.filter((one) => one.power !== undefined)
  const last = known.at(-1)
  if (!last || now - last.at > MINUTES_GAP) return undefined
  const points = known.map((one) => pointOf(one, usual))
  const long = { span: MINUTE, length: rules.stoppedFor, least: 3, gap: MINUTES_GAP }
  const since = lastingSince(points, 'bad', long)
  if (since === undefined || since < (contacts.since ?? 0)) return undefined
  const missedSince = expectedSince(sight, usual, since)
  if (missedSince === undefined || missedSince - since > STARTS_LATE) return undefined
  const before = known.findLast(({ at }) => at < since)
  if (!before) return evenIfBefore ? { since, missedSince, before: usual.running } : undefined
  const ran = since - before.at <= MINUTES_GAP && (before.peak ?? 0) >= usual.running * RAN
  return ran ? { since, missedSince, before: before.peak! } : undefined
}

const pointOf = ({ at, peak = 0 }: Draw, { nothing }: Usual): Point => ({
  at,
  is: peak < nothing ? 'bad' : 'well',
})

/** Since when, of the time it has been gone, it is usual to draw something without a break; undefined: it is not. */
function expectedSince(
  { now, timezone }: Pick<Sight, 'now' | 'timezone'>,
  usual: Usual,
  since: number,
): number | undefined {
  let found: number | undefined
  for (let at = Math.floor(now / HOUR) * HOUR; at > since - HOUR; at -= HOUR) {
    const expected = expectedAt(usual, at, timezone)
    if (!expected || expected.least < usual.nothing) break
    found = Math.max(at, since)
  }
  return found
}

/**
 * The longest pause that is usual while it is expected to draw, ms, from the minutes of some days: the longest but one, for
 * once is not usual. A pause of which the beginning or the end was not seen is none.
 */
export function pauseOf(minutes: readonly Draw[], usual: Usual, timezone: string): number {
  const pauses: number[] = []
  let began: number | undefined
  let before: number | undefined
  for (const { at, peak } of minutes) {
    if (peak === undefined) continue
    if (before !== undefined && at - before > MINUTES_GAP) began = undefined
    if (peak >= usual.nothing) {
      if (began !== undefined && expectedSince({ now: at, timezone }, usual, began) === began)
        pauses.push(at - began)
      began = undefined
    } else if (before !== undefined) began ??= at
    before = at
  }
  return pauses.sort((a, b) => b - a)[1] ?? 0
}
