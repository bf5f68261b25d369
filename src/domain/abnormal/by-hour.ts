import { DAY, HOUR } from '../local-time.ts'
import { median } from '../robust.ts'
import { isAccepted } from './accepted.ts'
import type { Draw } from './draw.ts'
import { type Finding, type Sight, standingOf, type Verdict } from './finding.ts'
import { lastingSince, type Point } from './streak.ts'
import { type Expected, expectedAt, type Usual } from './usual.ts'
import { hourOfDay, hourOfWeek } from './week.ts'

/** An hour that is held against what is usual. */
interface Judged extends Point {
  power: number
  expected: Expected
}

/** What has begun is over only when the draw has come back by this share of the way to the usual. */
const BACK = 0.15
/** The machine is usually off where no more than this of its running draw is usual. */
const OFF = 0.1
/** How much of what is usual while it is off may be drawn when a standby draw is over. */
const NEARLY_OFF = 0.9
/** It must be well for so many times as long as it had to be unusual. */
const LONGER = 2
/** Hours further apart do not make something new, ms. */
const GAP = 3 * HOUR
/** A whole day may be so many times as high as usual; the last hours before do not count for it, and so many hours must. */
const LEVEL = { most: 1.2, apart: 3 * HOUR, least: 6 }

/** Far more or far less than usual, hour by hour. */
export function judgeUnusual(sight: Sight): Verdict {
  const standing = standingOf(sight, 'unusual')
  if (standing?.side === 'less' && sight.contacts.isClosed === false)
    return { ends: { kind: 'unusual', why: 'opened' } }
  for (const side of ['more', 'less'] as const) {
    if (standing && standing.side !== side) continue
    // It was said by another name.
    if (!standing && standingOf(sight, side === 'less' ? 'stopped' : 'standby')) continue
    const judged = hoursOf(sight, standing, (usual, expected, draw) =>
      unusual(sight, usual, expected, draw, side, standing),
    )
    const verdict = lasting(sight, 'unusual', side, judged, standing)
    if (verdict.begins || verdict.ends) return verdict
  }
  return {}
}

/** Something is drawn where nothing is usual. */
export function judgeStandby(sight: Sight): Verdict {
  const standing = standingOf(sight, 'standby')
  if (!standing && standingOf(sight, 'unusual')?.side === 'more') return {}
  const judged = hoursOf(sight, standing, (usual, { high }, { at, power }) => {
    if (!isOff(usual, high)) return undefined
    const most = Math.max(usual.nothing, high)
    if (power >= most) return accepts(sight, 'standby', 'more', power, at) ? 'well' : 'bad'
    return power < most * NEARLY_OFF ? 'well' : 'neither'
  })
  return lasting(sight, 'standby', 'more', judged, standing)
}

const isOff = ({ nothing, running }: Usual, high: number): boolean => high < Math.max(nothing, running * OFF)

/** What one hour says; undefined: nothing can be seen in it. */
function unusual(
  sight: Sight,
  usual: Usual,
  { low, middle, high }: Expected,
  { at, power }: Draw & { power: number },
  side: Finding['side'],
  standing: Finding | undefined,
): Point['is'] | undefined {
  const back = standing ? BACK : 0
  if (side === 'more') {
    // Where nothing is usual it is a standby draw; a machine that is off shows nothing.
    if (isOff(usual, high) || (power < usual.nothing && standing)) return undefined
    if (power > high) return accepts(sight, 'unusual', side, power, at) ? 'well' : 'bad'
    return power > high - back * (high - middle) ? 'neither' : 'well'
  }
  const { isClosed, since = 0 } = sight.contacts
  if (low < usual.nothing || isClosed === false || (isClosed && at < since)) return undefined
  if (power < low) return accepts(sight, 'unusual', side, power, at) ? 'well' : 'bad'
  return power < low + back * (middle - low) ? 'neither' : 'well'
}

const accepts = (
  { accepted, timezone }: Sight,
  kind: 'unusual' | 'standby',
  side: Finding['side'],
  power: number,
  at: number,
): boolean => isAccepted(accepted, kind, side, power, hourOfDay(hourOfWeek(at, timezone)))

function hoursOf(
  { usual, hours, timezone }: Sight,
  standing: Finding | undefined,
  judge: (usual: Usual, expected: Expected, draw: Draw & { power: number }) => Point['is'] | undefined,
): Judged[] {
  if (!usual) return []
  const known = hours.flatMap((draw) => {
    const { at, power } = draw
    const expected = power === undefined ? undefined : expectedAt(usual, at, timezone)
    return power === undefined || !expected ? [] : [{ at, power, expected }]
  })
  const from = standing?.since ?? (known.at(-1)?.at ?? 0) - 4 * GAP
  const judged = known.filter(({ at }) => at >= from)
  return judged.flatMap(({ at, power, expected: slot }) => {
    const expected = withLevel(slot, levelBefore(known, standing?.since ?? at, usual))
    const is = judge(usual, expected, { at, power })
    return is ? [{ at, is, power, expected }] : []
  })
}

/**
 * How much more or less than usual it drew altogether on the day before a moment: on a hot or busy day what was usual is
 * not. 1 where too little is known.
 */
function levelBefore(
  known: { at: number; power: number; expected: Expected }[],
  before: number,
  { nothing }: Usual,
): number {
  const shares = known
    .filter(
      ({ at, expected }) => at >= before - DAY && at < before - LEVEL.apart && expected.middle >= nothing,
    )
    .map(({ power, expected }) => power / expected.middle)
  return shares.length < LEVEL.least ? 1 : Math.min(LEVEL.most, Math.max(1 / LEVEL.most, median(shares)))
}

const withLevel = (expected: Expected, level: number): Expected => ({
  ...expected,
  low: expected.low * Math.min(1, level),
  high: expected.high * Math.max(1, level),
})

function lasting(
  { rules: { sustained }, breaker, now, minutes }: Sight,
  kind: 'unusual' | 'standby',
  side: Finding['side'],
  judged: Judged[],
  standing: Finding | undefined,
): Verdict {
  const least = Math.ceil(sustained / HOUR)
  const long = { span: HOUR, length: sustained, least }
  if (standing) {
    const isOver =
      lastingSince(judged, 'well', { ...long, least: least * LONGER, gap: Number.POSITIVE_INFINITY }) !==
      undefined
    return isOver ? { ends: { kind, why: 'well' } } : {}
  }
  const since = lastingSince(judged, 'bad', { ...long, gap: GAP })
  const last = judged.at(-1)
  if (since === undefined || !last || now - last.at > GAP + HOUR) return {}
  const those = judged.filter(({ at }) => at >= since)
  const { low, middle, high, hours } = last.expected
  const value = median(those.map(({ power }) => power))
  if (side === 'less' && drawsNow(minutes) >= low) return {}
  return { begins: { kind, breaker, since, side, value, unit: 'W', low, middle, high, known: hours } }
}

/** W, by the minutes just past; -1 where they tell nothing. */
function drawsNow(minutes: readonly Draw[]): number {
  const known = minutes.flatMap(({ power }) => (power === undefined ? [] : [power]))
  return known.length === 0 ? -1 : known.reduce((sum, one) => sum + one, 0) / known.length
}
