import type { TimedReadings } from './breaker.ts'

/** What the readings before a trip say about the current. */
export interface Evidence {
  /** A, the lowest and highest seen. */
  low: number
  high: number
  /** How long before the trip the first of them was taken, s. */
  seconds: number
  /** Highest current as a share of the rating, percent; absent when the rating is not known. */
  percent?: number
  /** At or above {@link NEAR_RATING} of the rating. */
  near: boolean
}

/** The share of the rated current from which a reading counts as «near the rating»; our choice. */
export const NEAR_RATING = 0.9
/** Readings older than this say nothing about the trip, ms. */
const RELEVANT = 60_000
/** No breaker of ours carries more; whoever reports it has not measured it. A. */
const MOST = 100_000

/** Sums up the currents measured in the minute before `at`; undefined when there were none. */
export function gatherEvidence(
  recent: readonly TimedReadings[],
  at: number,
  ratedCurrent: number | undefined,
): Evidence | undefined {
  const relevant = recent.flatMap(({ at: measuredAt, readings: { current = -1 } }) =>
    measuredAt <= at && measuredAt >= at - RELEVANT && current >= 0 && current <= MOST
      ? [{ measuredAt, current }]
      : [],
  )
  const [first] = relevant
  if (!first) return undefined
  const currents = relevant.map((one) => one.current)
  const high = Math.max(...currents)
  const share = ratedCurrent ? high / ratedCurrent : undefined
  return {
    low: Math.min(...currents),
    high,
    seconds: Math.round((at - first.measuredAt) / 1000),
    ...(share !== undefined && { percent: Math.round(share * 100) }),
    near: share !== undefined && share >= NEAR_RATING,
  }
}
