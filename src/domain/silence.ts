import { type BreakerState, hasReadings } from './breaker.ts'
import type { BreakerConfig } from './policy.ts'
import type { Report } from './report.ts'

/** Enough pauses to say what is usual, and how many are remembered. */
const ENOUGH = 5
const REMEMBERED = 9

/**
 * Takes in a plain reading: one that came because it was time for it. What a change brings tells nothing of how often
 * to expect the next; a breaker without a meter sends nothing else. Nor does the answer to a question, though
 * it shows that the breaker is there.
 */
export function withRhythm(breaker: BreakerState, report: Report): BreakerState {
  if (report.asked || report.answer || report.kind !== 'state' || !hasReadings(report.readings))
    return breaker
  const { rhythm } = breaker
  if (!rhythm) return { ...breaker, rhythm: { at: report.at, gaps: [] } }
  if (report.at <= rhythm.at) return breaker
  const gaps = [...rhythm.gaps, report.at - rhythm.at].slice(-REMEMBERED)
  return { ...breaker, rhythm: { at: report.at, gaps } }
}

/**
 * How often the breaker reports, ms: as configured, else the upper quartile of its last pauses: a lost push or two do not
 * lengthen it, nor do a few readings in quick succession shorten it. Undefined where it is not known yet or reports
 * changes only: such a one is never called silent.
 */
export function usualPause(config: BreakerConfig, breaker: BreakerState): number | undefined {
  if (config.reportEvery !== undefined) return config.reportEvery > 0 ? config.reportEvery : undefined
  const gaps = breaker.rhythm?.gaps ?? []
  return gaps.length < ENOUGH
    ? undefined
    : gaps.toSorted((a, b) => a - b)[Math.floor(((gaps.length - 1) * 3) / 4)]
}

/**
 * When `reports` of them in a row will have stayed out, ms by our own clock; undefined for a breaker that cannot be
 * called silent.
 * @param listening since when pushes could be heard at all, ms
 */
export function silentAt(
  config: BreakerConfig,
  breaker: BreakerState | undefined,
  reports: number,
  listening: number,
): number | undefined {
  if (breaker?.heardAt === undefined || breaker.online === false) return undefined
  const pause = usualPause(config, breaker)
  return pause === undefined ? undefined : Math.max(breaker.heardAt, listening) + reports * pause
}
