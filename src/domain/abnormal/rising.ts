import { isAccepted } from './accepted.ts'
import { type Sight, standingOf, type Verdict } from './finding.ts'

/** Of the rise that is told of: so much must be left in the last days for it to begin, and to stand. */
const LEFT = { begins: 0.75, stands: 0.5 }

/** It draws ever more while it runs. */
export function judgeTrend(sight: Sight): Verdict {
  const { breaker, usual, rules, accepted } = sight
  const lately = usual?.lately
  if (lately === undefined) return {}
  const isHigh = (base: number, left: number) => lately > base * (1 + rules.rise * left)
  const standing = standingOf(sight, 'trend')
  if (standing)
    return isHigh(standing.middle ?? 0, LEFT.stands) ? {} : { ends: { kind: 'trend', why: 'well' } }
  if (!usual?.trend) return {}
  const { from, base, level, days } = usual.trend
  if (level < base * (1 + rules.rise) || !isHigh(base, LEFT.begins)) return {}
  if (isAccepted(accepted, 'trend', 'more', level)) return {}
  const found = { kind: 'trend', breaker, since: from, side: 'more', unit: 'W' } as const
  return { begins: { ...found, value: level, middle: base, known: days.length } }
}
