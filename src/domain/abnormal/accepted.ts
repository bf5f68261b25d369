import { DAY } from '../local-time.ts'
import { HOUR } from './draw.ts'
import type { Accepted, Finding } from './finding.ts'
import { hourOfDay, hourOfWeek } from './week.ts'

/** What lies so far beyond what was called normal is as well. */
const BEYOND: Record<Finding['kind'], number> = {
  unusual: 0.2,
  standby: 0.2,
  stopped: 0.5,
  trend: 0.1,
  voltage: 0.01,
  'near-rating': 0.05,
}

/** What is normal from now on, as somebody said of a finding. Hours count for what goes by the hour. */
export function acceptedOf(
  finding: Finding,
  { id, at, by, timezone }: { id: string; at: number; by: string; timezone: string },
): Accepted {
  const { kind, side, since, value } = finding
  const isByHour = kind === 'unusual' || kind === 'standby'
  const beyond = BEYOND[kind]
  const range =
    kind === 'stopped'
      ? { atMost: Math.max(at - since, finding.pause ?? 0) * (1 + beyond) }
      : side === 'more'
        ? { atMost: value * (1 + beyond) }
        : { atLeast: value * (1 - beyond) }
  return { id, kind, ...range, ...(isByHour && { hours: hoursBetween(since, at, timezone) }), at, by }
}

/** The hours of the day that lie in a time. */
function hoursBetween(from: number, to: number, timezone: string): number[] {
  const hours = new Set<number>()
  for (let at = from; at <= to && hours.size < 24; at += HOUR) hours.add(hourOfDay(hourOfWeek(at, timezone)))
  return [...hours].sort((a, b) => a - b)
}

/** True where somebody has called it normal. */
export function isAccepted(
  accepted: readonly Accepted[],
  kind: Accepted['kind'],
  side: Finding['side'],
  value: number,
  hour?: number,
): boolean {
  return accepted.some((one) => {
    if (one.kind !== kind || (one.hours && hour !== undefined && !one.hours.includes(hour))) return false
    if (side === 'more') return one.atMost !== undefined && value <= one.atMost
    return one.atLeast !== undefined && value >= one.atLeast
  })
}

/** What began as an hour that was called normal goes on for this long at most, ms. */
const GROWS = DAY

/**
 * What was called normal while it still went on: the hours that follow on those accepted, of the day after, are as well,
 * as long as what is drawn in them is no more (or no less) than that.
 */
export function grown(
  one: Accepted,
  at: number,
  side: Finding['side'],
  value: number,
  timezone: string,
): Accepted {
  if (!one.hours || at >= one.at + GROWS || at < one.at - HOUR) return one
  const hour = hourOfDay(hourOfWeek(at, timezone))
  const before = (hour + 23) % 24
  if (one.hours.includes(hour) || !one.hours.includes(before)) return one
  return isAccepted([{ ...one, hours: [hour] }], one.kind, side, value, hour)
    ? { ...one, hours: [...one.hours, hour].sort((a, b) => a - b) }
    : one
}
