/** NaN where there are no values. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)] ?? Number.NaN
  const above = sorted[Math.ceil(at)] ?? Number.NaN
  return below + (above - below) * (at - Math.floor(at))
}

export const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b)

export const median = (values: readonly number[]): number => quantile(sorted(values), 0.5)

/** How far values usually lie from their median: as wide as one standard deviation where they are spread normally. */
export function spreadOf(values: readonly number[]): number {
  const middle = median(values)
  return 1.4826 * median(values.map((value) => Math.abs(value - middle)))
}

/** A line through points of which up to a quarter may be wrong (Theil–Sen), and how sure it is. */
export interface Slope {
  /** By how much it rises for each unit of `at`. */
  slope: number
  /** Its value at 0. */
  base: number
  /** The share of pairs of which the later one is greater: 0.5 where nothing rises, 1 where all does. */
  rising: number
}

/** Undefined for less than two points. */
export function slopeOf(points: readonly { at: number; value: number }[]): Slope | undefined {
  const slopes: number[] = []
  points.forEach((a, i) => {
    for (const b of points.slice(i + 1)) if (b.at !== a.at) slopes.push((b.value - a.value) / (b.at - a.at))
  })
  if (slopes.length === 0) return undefined
  const slope = median(slopes)
  const base = median(points.map(({ at, value }) => value - slope * at))
  return { slope, base, rising: slopes.filter((one) => one > 0).length / slopes.length }
}
