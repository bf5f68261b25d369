import { DAY, type LocalTime, localTime, momentOf } from './local-time.ts'

const MINUTE = 60_000
/** «Tonight» and «tomorrow morning» end at this hour by the local clock. */
export const MORNING = 8

/** A time that was typed, and the words behind it. */
export interface Typed {
  /** ms; now, where only an end was typed. */
  from: number
  until: number
  rest: string[]
}

const UNITS: [RegExp, number][] = [
  [/^(\d{1,5})(?:m|min|分钟|分)$/i, MINUTE],
  [/^(\d{1,4})(?:h|小时|个小时)$/i, 60 * MINUTE],
  [/^(\d{1,3})(?:d|天|日)$/i, DAY],
]
const NIGHT = ['今晚', '明早', 'tonight']
const TO = /^(?:到|至|until|till|to)(.*)$/i

/**
 * Reads the time that words begin with: `2h`, `3天`, `tonight`, `到 2026-12-01 08:00`, `12-01 20:00 到 12-02 08:00`. A day
 * without a year, and a time of day without a day, are the next ones. Undefined where they begin with none.
 */
export function readUntil(words: readonly string[], now: number, timezone: string): Typed | undefined {
  const [first = '', ...rest] = words
  for (const [unit, ms] of UNITS) {
    const amount = unit.exec(first)?.[1]
    if (amount !== undefined) return { from: now, until: now + Number(amount) * ms, rest }
  }
  if (NIGHT.includes(first.toLowerCase())) return { from: now, until: nextMorning(now, timezone), rest }
  const end = readEnd(words, now, timezone)
  if (end) return { from: now, until: end.at, rest: end.rest }
  const begin = readMoment(words, now, timezone)
  const after = begin && readEnd(begin.rest, begin.at, timezone)
  return begin && after && { from: begin.at, until: after.at, rest: after.rest }
}

/** When the clock next shows eight in the morning. */
export const nextMorning = (now: number, timezone: string): number => nextShown(MORNING * 60, now, timezone)

interface Read {
  at: number
  rest: string[]
}

function readEnd([first = '', ...rest]: readonly string[], now: number, timezone: string): Read | undefined {
  const glued = TO.exec(first)?.[1]
  if (glued === undefined) return undefined
  const words = glued === '' ? rest : [glued, ...rest]
  if (NIGHT.includes((words[0] ?? '').toLowerCase()))
    return { at: nextMorning(now, timezone), rest: words.slice(1) }
  return readMoment(words, now, timezone)
}

function readMoment(
  [first = '', ...rest]: readonly string[],
  now: number,
  timezone: string,
): Read | undefined {
  const minutes = minutesOf(first)
  if (minutes !== undefined) return { at: nextShown(minutes, now, timezone), rest }
  const [, year, month, day, glued] =
    /^(?:(\d{4})-)?(\d{1,2})-(\d{1,2})(?:T(\d{1,2}:\d{2}))?$/.exec(first) ?? []
  if (month === undefined || day === undefined) return undefined
  const behind = glued ?? rest[0] ?? ''
  const clock = minutesOf(behind)
  const today = localTime(now, timezone)
  const shown = (of: number) => shownAt(of, Number(month), Number(day), clock ?? 0)
  const found = shown(Number(year ?? today.year))
  const next =
    year === undefined && found !== undefined && momentOf(found, timezone) <= now
      ? shown(today.year + 1)
      : found
  if (next === undefined) return undefined
  return {
    at: momentOf(next, timezone),
    rest: clock !== undefined && glued === undefined ? rest.slice(1) : rest,
  }
}

/** As if it were UTC; undefined for a day that the month does not have. */
function shownAt(year: number, month: number, day: number, minutes: number): number | undefined {
  const at = Date.UTC(year, month - 1, day)
  return new Date(at).getUTCDate() === day ? at + minutes * MINUTE : undefined
}

/** `22:00` as minutes after midnight. */
export function minutesOf(text: string): number | undefined {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes)
}

/** The next moment, after this one, at which the clock shows a time of day. */
function nextShown(minutes: number, now: number, timezone: string): number {
  const { year, month, day }: LocalTime = localTime(now, timezone)
  const shown = Date.UTC(year, month - 1, day) + minutes * MINUTE
  const today = momentOf(shown, timezone)
  return today > now ? today : momentOf(shown + DAY, timezone)
}
