import type { Sample } from './probe.ts'

export interface Growth {
  /** MB. */
  start: number
  middle: number
  end: number
  /** Over the second half, MB an hour. */
  slope: number
  /** The same over the time of the second half, MB. */
  grown: number
}

const HOUR = 3_600_000

/** The memory that the main thread holds, heap and beside it, over a run. @throws for fewer than four samples */
export function growthOf(samples: readonly Sample[]): Growth {
  if (samples.length < 4) throw new Error(`${samples.length} samples say nothing of growth`)
  const points = samples.map(({ at, heap, external }) => ({ at, held: heap + external }))
  const second = points.slice(Math.floor(points.length / 2))
  const [first, last] = [second[0]!, second.at(-1)!]
  const slope = slopeOf(second)
  return {
    ...{ start: points[0]!.held, middle: first.held, end: last.held },
    slope: slope * HOUR,
    grown: slope * (last.at - first.at),
  }
}

/** The median of the slopes between any two points (Theil and Sen): single high ones move it little. Per ms. */
function slopeOf(points: readonly { at: number; held: number }[]): number {
  const slopes = points.flatMap((one, index) =>
    points
      .slice(index + 1)
      .filter((other) => other.at > one.at)
      .map((other) => (other.held - one.held) / (other.at - one.at)),
  )
  return median(slopes)
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** Kinds of resources of which more are there than before, beyond the leeway of their kind. */
export function leftOver(
  before: Sample['resources'],
  after: Sample['resources'],
  leeway: Record<string, number> = {},
): string[] {
  return Object.entries(after)
    .filter(([kind, count]) => count > (before[kind] ?? 0) + (leeway[kind] ?? 0))
    .map(([kind, count]) => `${kind}: ${before[kind] ?? 0} before, ${count} after`)
}
