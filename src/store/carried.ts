import type { Quantity, Spread, Summary } from '../domain/summary.ts'
import { exact } from '../domain/summary-join.ts'

/** What was left of the samples of a minute, or an hour, in the form in which older versions kept it. */
export interface Rollup extends Partial<Record<Exclude<Quantity, 'apparent'>, Spread>> {
  device: string
  start: number
  count: number
  /** The first and the last reading of the counter; in a span without any, the first and the last sample. */
  first: { at: number; energy?: number }
  last: { at: number; energy?: number }
}

/**
 * The same as a summary. Of the power only the mean was kept: it counts from the first to the last sample known. A counter
 * that fell within the span and rose above its first reading again is not seen.
 */
export function toSummary({ device, start, count, first, last, ...spreads }: Rollup, span: number): Summary {
  const summary: Summary = { device, start, span, count, firstAt: first.at, lastAt: last.at, ...spreads }
  if (first.energy !== undefined && last.energy !== undefined) {
    const isReset = last.energy < first.energy
    const used = isReset ? last.energy : exact(last.energy - first.energy)
    const [from, to] = [
      { at: first.at, energy: first.energy },
      { at: last.at, energy: last.energy },
    ]
    summary.counter = { first: from, last: to, used, resets: isReset ? 1 : 0 }
  }
  const { power } = spreads
  if (power) {
    const mean = Math.round(power.sum / power.count) / 1000
    const covered = last.at - first.at
    summary.load = {
      first: { at: first.at, power: mean },
      last: { at: last.at, power: mean },
      energy: exact((mean * covered) / 3.6e9),
      covered,
    }
  }
  return summary
}
