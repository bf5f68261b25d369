import { DAY, HOUR } from '../local-time.ts'
import type { Draw } from './draw.ts'
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

/** W; next to nothing is never twice the same. */
const SLACK = 30

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
        : { atLeast: Math.max(0, value * (1 - beyond) - (finding.unit === 'W' ? SLACK : 0)) }
  return { id, kind, value, ...range, ...(isByHour && { hours: hoursBetween(since, at, timezone) }), at, by }
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

/** What was called normal may go on for so long, ms. */
const GROWS = DAY

/**
 * What was called normal while it went on: the hours that follow on those, with about the same draw, are normal as well.
 * The same one where none does.
 */
export function grown(one: Accepted, draws: readonly Draw[], timezone: string): Accepted {
  if (!one.hours) return one
  const hours = new Set(one.hours)
  for (const { at, power } of draws) {
    const hour = hourOfDay(hourOfWeek(at, timezone))
    const isNear = at > one.at - HOUR && at < one.at + GROWS && hours.has((hour + 23) % 24)
    if (isNear && power !== undefined && Math.abs(power - one.value) <= one.value / 2 + SLACK) hours.add(hour)
  }
  return hours.size === one.hours.length ? one : { ...one, hours: [...hours].sort((a, b) => a - b) }
}
