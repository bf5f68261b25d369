import { MINUTE } from '../local-time.ts'
import { median } from '../robust.ts'
import { isAccepted } from './accepted.ts'
import type { Draw } from './draw.ts'
import { type Finding, type Sight, standingOf, type Verdict } from './finding.ts'
import { lastingSince, type Point } from './streak.ts'

/** V; below this the meter sits behind the open contacts, and says nothing of the supply. */
const BEHIND_CONTACTS = 50
/** It is well again only when it is so far inside, of the nominal voltage and of the rated current. */
const INSIDE = { voltage: 0.01, current: 0.05 }
const LEAST = 3
/** It is over when it has been well for so long: longer than what goes on and off is off. ms. */
export const WELL_FOR = 60 * MINUTE
/** Minutes further apart do not belong together; the newest must be no older, either. ms. */
export const MINUTES_GAP = 15 * MINUTE

interface Measure {
  kind: 'voltage' | 'near-rating'
  unit: 'V' | 'A'
  quantity: 'voltage' | 'current'
  low?: number
  high: number
  /** How far inside it must come to be over. */
  inside: number
}

/** The supply is out of its range. */
export function judgeVoltage(sight: Sight): Verdict {
  const { nominalVoltage, rules } = sight
  const off = nominalVoltage * rules.voltageWithin
  const range = { low: nominalVoltage - off, high: nominalVoltage + off }
  const inside = nominalVoltage * INSIDE.voltage
  return judge(sight, { kind: 'voltage', unit: 'V', quantity: 'voltage', ...range, inside })
}

/** The current is near the rated one. */
export function judgeNearRating(sight: Sight): Verdict {
  const { ratedCurrent, rules } = sight
  if (ratedCurrent === undefined)
    return standingOf(sight, 'near-rating') ? { ends: { kind: 'near-rating', why: 'off' } } : {}
  const high = ratedCurrent * rules.nearRating
  const inside = ratedCurrent * INSIDE.current
  return judge(sight, { kind: 'near-rating', unit: 'A', quantity: 'current', high, inside })
}

function judge(sight: Sight, measure: Measure): Verdict {
  const { now, rules, breaker } = sight
  const { kind, unit, low, high } = measure
  const standing = standingOf(sight, kind)
  const known = measured(sight.minutes, measure)
  const last = known.at(-1)
  if (!last || now - last.at > MINUTES_GAP) return {}
  const long = { span: MINUTE, length: rules.outFor, least: LEAST, gap: MINUTES_GAP }
  const side = standing?.side ?? (last.value > high ? 'more' : 'less')
  const points = known.map((one) => pointOf(sight, one, measure, side))
  if (standing) {
    const isOver = lastingSince(points, 'well', { ...long, length: WELL_FOR }) !== undefined
    return isOver ? { ends: { kind, why: 'well' } } : {}
  }
  const since = lastingSince(points, 'bad', long)
  if (since === undefined) return {}
  const value = median(known.filter(({ at }) => at >= since).map((one) => one.value))
  return { begins: { kind, breaker, since, side, value, unit, ...(low !== undefined && { low }), high } }
}

interface Measurement {
  at: number
  value: number
}

function measured(minutes: readonly Draw[], { kind, quantity }: Measure): Measurement[] {
  return minutes.flatMap((one) => {
    const value = one[quantity]
    return value === undefined || (kind === 'voltage' && value < BEHIND_CONTACTS)
      ? []
      : [{ at: one.at, value }]
  })
}

function pointOf(
  { accepted }: Sight,
  { at, value }: Measurement,
  measure: Measure,
  side: Finding['side'],
): Point {
  const { kind, low = Number.NEGATIVE_INFINITY, high, inside } = measure
  const over = side === 'more' ? value - high : low - value
  if (over > 0) return { at, is: isAccepted(accepted, kind, side, value) ? 'well' : 'bad' }
  return { at, is: over > -inside ? 'neither' : 'well' }
}
