import { isAccepted } from './accepted.ts'
import { type Sight, standingOf, type Verdict } from './finding.ts'

/** Of the rise so much must be left in the last days for it to begin; and of what is told of, for it to stand. */
const LEFT = { begins: 0.75, stands: 0.5 }

/** It draws ever more while it runs. */
export function judgeTrend(sight: Sight): Verdict {
  const { breaker, usual, rules, accepted } = sight
  const lately = usual?.lately
  if (lately === undefined) return {}
  const standing = standingOf(sight, 'trend')
  if (standing) {
    const isBack = lately <= (standing.middle ?? 0) * (1 + rules.rise * LEFT.stands)
    return isBack ? { ends: { kind: 'trend', why: 'well' } } : {}
  }
  if (!usual?.trend) return {}
  const { from, base, level, days } = usual.trend
  if (level < base * (1 + rules.rise) || lately < base + (level - base) * LEFT.begins) return {}
  if (isAccepted(accepted, 'trend', 'more', level)) return {}
  const found = { kind: 'trend', breaker, since: from, side: 'more', unit: 'W' } as const
  return { begins: { ...found, value: level, middle: base, known: days.length } }
}
