import { zoneOf } from '../../domain/local-time.ts'
import { edgesOf } from '../../domain/periods.ts'
import type { BreakerConfig } from '../../domain/policy.ts'
import { join, type Spread, type Summary } from '../../domain/summary.ts'
import type { Parts } from '../parts.ts'

export interface LoadAsked {
  by: 'minute' | 'hour' | 'day'
  /** ms since 1970: from ≤ at < to. */
  from: number
  to: number
}

/**
 * What a breaker carried, by minute, hour or day: the least, the mean and the most of what was measured. Spans in which
 * nothing was measured are left out. Days are those of its room's zone; an hour belongs to the day it begins in.
 */
export function createLoadReading(parts: Pick<Parts, 'store' | 'policy'>) {
  return async (breaker: BreakerConfig, { by, from, to }: LoadAsked) => {
    const timezone = zoneOf(parts.policy, breaker.room)
    const span = by === 'minute' ? 'minute' : 'hour'
    const [found] = await parts.store.summaries([breaker.id], span, from, to)
    const all = by === 'day' ? byDay(found!, edgesOf({ from, to }, 'day', timezone)) : found!
    return { timezone, items: Array.from(all, loadView) }
  }
}

/** @param edges ascending; what begins before the first counts for the first day */
function byDay(hours: Iterable<Summary>, edges: readonly number[]): Summary[] {
  const days = Map.groupBy(hours, ({ start }) => edges.findLast((edge) => edge <= start) ?? edges[0]!)
  return [...days.values()].map((all) => all.reduce((a, b) => join(a, b)))
}

const loadView = ({ start, span, count, voltage, current, power }: Summary) => ({
  from: start,
  to: start + span,
  samples: count,
  voltage: spreadView(voltage),
  current: spreadView(current),
  power: spreadView(power),
})

/** A spread is kept in thousandths. */
const spreadView = (spread: Spread | undefined) =>
  spread ? { min: spread.min / 1000, mean: spread.sum / spread.count / 1000, max: spread.max / 1000 } : null
