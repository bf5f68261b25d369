import { HOUR } from '../local-time.ts'
import type { Spread, Summary } from '../summary.ts'

/** What a breaker drew in one hour, or one minute. */
export interface Draw {
  /** Its beginning, ms. */
  at: number
  /** Mean and greatest, W. */
  power?: number
  peak?: number
  /** Mean, A and V. */
  current?: number
  voltage?: number
}

/** What a summary says of the draw; nothing of an hour of which less than half is known. */
export function drawOf(summary: Summary): Draw {
  const power = meanPower(summary)
  const peak = summary.power && summary.power.max / 1000
  const current = mean(summary.current)
  const voltage = mean(summary.voltage)
  return {
    at: summary.start,
    ...(power !== undefined && { power, peak: Math.max(peak ?? power, power) }),
    ...(current !== undefined && { current }),
    ...(voltage !== undefined && { voltage }),
  }
}

const mean = (spread: Spread | undefined): number | undefined =>
  spread && spread.count > 0 ? spread.sum / spread.count / 1000 : undefined

/** By the power where it was told often enough, else by the counter. A pause of more than half an hour tells nothing. */
function meanPower({ span, power, load, counter }: Summary): number | undefined {
  if (span < HOUR) return mean(power)
  if (load && load.covered >= span / 2) return Math.max(0, (load.energy * 1000 * HOUR) / load.covered)
  const counted = counter ? counter.last.at - counter.first.at : 0
  return counter && counted >= span / 2 && counter.resets === 0
    ? (counter.used * 1000 * HOUR) / counted
    : undefined
}
