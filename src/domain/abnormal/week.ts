import { HOUR, localTime } from '../local-time.ts'

/** Hours of a week: 0 is Monday 00:00. */
export const WEEK_HOURS = 168

const HALF = HOUR / 2
const MOST = 20_000
/** What the calendar says does not change: by zone and half hour it is asked for once. */
const known = new Map<string, Map<number, number>>()

/** The hour of the week that a moment lies in, by the clock of a zone. */
export function hourOfWeek(at: number, timezone: string): number {
  const half = Math.floor(at / HALF)
  let slots = known.get(timezone)
  if (!slots || slots.size >= MOST) {
    slots = new Map()
    known.set(timezone, slots)
  }
  const found = slots.get(half)
  if (found !== undefined) return found
  const { year, month, day, hour } = localTime(half * HALF, timezone)
  // 1970 began on a Thursday.
  const weekday = (Date.UTC(year, month - 1, day) / (24 * HOUR) + 3) % 7
  const slot = weekday * 24 + hour
  slots.set(half, slot)
  return slot
}

export const hourOfDay = (slot: number): number => slot % 24
export const isWeekend = (slot: number): boolean => slot >= 5 * 24
