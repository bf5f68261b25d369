const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(timezone: string): Intl.DateTimeFormat {
  let found = formatters.get(timezone)
  if (!found) {
    found = new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formatters.set(timezone, found)
  }
  return found
}

export interface LocalTime {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

/** Wall-clock time in a zone. */
export function localTime(at: number, timezone: string): LocalTime {
  const parts = Object.fromEntries(
    formatter(timezone)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  )
  return {
    year: Number(parts.year),
    month: Number(parts.month),
    day: Number(parts.day),
    hour: Number(parts.hour),
    minute: Number(parts.minute),
    second: Number(parts.second),
  }
}

export const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]

/** The zone that all go by, and those of rooms that have one of their own. */
export interface Zones {
  rooms?: { name: string; timezone?: string }[]
  timezone: string
}

/** The time zone of a room. */
export const zoneOf = ({ rooms = [], timezone }: Zones, room: string): string =>
  rooms.find((one) => one.name === room)?.timezone ?? timezone

const two = (value: number): string => String(value).padStart(2, '0')

/** `2026-01-01 08:00:00` or `08:00:00` in a zone. */
export function formatLocal(at: number, timezone: string, form: 'time' | 'date-time'): string {
  const t = localTime(at, timezone)
  const clock = `${two(t.hour)}:${two(t.minute)}:${two(t.second)}`
  return form === 'time' ? clock : `${t.year}-${two(t.month)}-${two(t.day)} ${clock}`
}

/** `2026-01-01 07:59:00–08:00:00`; a span over midnight with both its dates, whatever the form. */
export function formatSpan(from: number, to: number, timezone: string, form: 'time' | 'date-time'): string {
  const [first, last] = [from, to].map((at) => formatLocal(at, timezone, 'date-time'))
  const isOneDay = first!.slice(0, 10) === last!.slice(0, 10)
  if (!isOneDay) return `${first} – ${last}`
  return `${form === 'time' ? first!.slice(11) : first}–${last!.slice(11)}`
}

/** How far the zone's clock is ahead of UTC at a moment, ms. */
function offsetAt(at: number, timezone: string): number {
  const t = localTime(at, timezone)
  return Date.UTC(t.year, t.month - 1, t.day, t.hour, t.minute, t.second) - Math.floor(at / 1000) * 1000
}

/**
 * The first moment at which a zone's clock shows a time, given as ms since 1970 as if it were UTC. A time that a change
 * of the clock skips is as late as it would have been without.
 */
export function momentOf(shown: number, timezone: string): number {
  // The clock may change in between: of the offsets before and after, the one that gives that very time.
  const moments = [shown - DAY, shown + DAY]
    .map((near) => shown - offsetAt(near, timezone))
    .sort((a, b) => a - b)
  return moments.find((moment) => moment + offsetAt(moment, timezone) === shown) ?? moments.at(-1)!
}

/** The moment at which a calendar day begins in a zone; `day` may lie outside the month (0 = last day before). */
export function startOfDay(year: number, month: number, day: number, timezone: string): number {
  return momentOf(Date.UTC(year, month - 1, day), timezone)
}
