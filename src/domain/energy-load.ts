import type { Quantity, Summary } from './summary.ts'

/** The highest that was measured, and the span in which it was, ms. */
export interface Peak {
  value: number
  from: number
  to: number
}

/** The highest power (W) or current (A); of several that are as high, the first. Undefined: none was measured. */
export function peakOf(summaries: readonly Summary[], quantity: Quantity = 'power'): Peak | undefined {
  let highest: Summary | undefined
  for (const one of summaries) {
    const max = one[quantity]?.max
    if (max !== undefined && max > (highest?.[quantity]?.max ?? Number.NEGATIVE_INFINITY)) highest = one
  }
  return highest && { value: highest[quantity]!.max / 1000, from: highest.firstAt, to: highest.lastAt }
}

/** Σ P / Σ S over what held both, 0 to 1; undefined where no apparent power was measured. */
export function powerFactor(summaries: readonly Summary[]): number | undefined {
  let [power, apparent] = [0, 0]
  for (const one of summaries) {
    if (!one.power || !one.apparent) continue
    // Where one of them was left out at times, the mean of the others stands for it.
    power += (one.power.sum / one.power.count) * one.apparent.count
    apparent += one.apparent.sum
  }
  return apparent > 0 ? Math.min(1, Math.max(0, power / apparent)) : undefined
}
