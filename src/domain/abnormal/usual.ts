import { DAY, HOUR } from '../local-time.ts'
import { median, quantile, sorted, spreadOf } from '../robust.ts'
import type { Draw } from './draw.ts'
import type { DrawRules } from './rules.ts'
import { levels, type Trend, trendOf } from './trend.ts'
import { hourOfDay, hourOfWeek, isWeekend, WEEK_HOURS } from './week.ts'

/** So far back the usual is learned from, ms. */
export const LEARNED_FROM = 56 * DAY
/** From so many of the same hours on, those of one weekday, or of one kind of day, say what is usual. */
const ENOUGH = 4
/** From so many on, days of all kinds do. */
const ENOUGH_OF_ALL = 7
/** The last days, of which what it draws now is known. */
const LATELY = 3

/** What is usual in one hour of the week, W, of how many hours that is known, and what nearly all of them drew at least. */
export type Slot = [low: number, middle: number, high: number, hours: number, least: number]

/** What a breaker usually draws. */
export interface Usual {
  /** W: while it runs; and less than this is nothing. */
  running: number
  nothing: number
  /** By hour of the week; null where too little is known. */
  slots: (Slot | null)[]
  trend?: Trend
  /** What it drew while it ran in the last days, W. */
  lately?: number
}

/** What is expected of an hour. */
export interface Expected {
  low: number
  middle: number
  high: number
  hours: number
  /** What nearly all of those hours drew at least. */
  least: number
}

interface Hour {
  slot: number
  power: number
}

/** What is usual, from the hours of the last eight weeks. Hours in which something was wrong are to be left out. */
export function usualOf(draws: readonly Draw[], timezone: string, rules: DrawRules): Usual {
  const hours = draws.flatMap(({ at, power }): Hour[] =>
    power === undefined ? [] : [{ slot: hourOfWeek(at, timezone), power }],
  )
  const drawing = sorted(hours.map(({ power }) => power).filter((power) => power >= rules.nothing))
  const running = drawing.length > 0 ? quantile(drawing, 0.9) : 0
  const nothing = Math.max(rules.nothing, running * 0.03)
  const byHour = Array.from({ length: 24 }, (): Hour[] => [])
  for (const hour of hours) byHour[hourOfDay(hour.slot)]!.push(hour)
  const slots = Array.from({ length: WEEK_HOURS }, (_, slot) => {
    const known = knownOf(slot, byHour[hourOfDay(slot)]!)
    return known ? slotOf(known, rules, nothing) : null
  })
  const days = levels(draws, nothing)
  const trend = trendOf(days)
  const lately = days.length < LATELY ? undefined : median(days.slice(-LATELY).map(({ value }) => value))
  return {
    ...{ running, nothing, slots },
    ...(trend && { trend }),
    ...(lately !== undefined && { lately }),
  }
}

interface Known {
  values: number[]
  /** Of working days and weekends together: all that happened is usual. */
  isMixed: boolean
}

/** The same hour of the same weekday; else of the same kind of day; else of all days, once both kinds have been seen. */
function knownOf(slot: number, hours: readonly Hour[]): Known | undefined {
  const same = hours.filter((one) => one.slot === slot)
  const alike = hours.filter((one) => isWeekend(one.slot) === isWeekend(slot))
  const found = [same, alike].find((some) => some.length >= ENOUGH)
  if (found) return { values: found.map(({ power }) => power), isMixed: false }
  const isMixed = alike.length > 0 && alike.length < hours.length && hours.length >= ENOUGH_OF_ALL
  return isMixed ? { values: hours.map(({ power }) => power), isMixed } : undefined
}

/**
 * The range that all but an eighth of the hours at each end lay in (what happened twice in eight weeks is usual), widened by
 * the spread, or by a share of the usual where they hardly differed.
 */
function slotOf({ values, isMixed }: Known, { spreads, share }: DrawRules, nothing: number): Slot {
  const all = sorted(values)
  const cut = isMixed || all.length <= ENOUGH ? 0 : Math.ceil(all.length / 8)
  const middle = median(all)
  const margin = Math.max(spreads * spreadOf(all), share * middle, nothing)
  const [least, most] = [all[cut]!, all[all.length - 1 - cut]!]
  const [low, high] = [Math.max(0, least - margin), most < nothing ? most : most + margin]
  return [round(low), round(middle), round(high), all.length, round(least)]
}

const round = (value: number): number => Math.round(value * 10) / 10

/**
 * What is expected of the hour that begins then: what is usual in it, in the one before or in the one after, for a start an
 * hour earlier or later is nothing abnormal. Undefined where too little is known.
 */
export function expectedAt({ slots }: Usual, at: number, timezone: string): Expected | undefined {
  const own = slots[hourOfWeek(at, timezone)]
  if (!own) return undefined
  let [low, middle, high, hours, least] = own
  for (const near of [at - HOUR, at + HOUR]) {
    const slot = slots[hourOfWeek(near, timezone)]
    if (!slot) continue
    low = Math.min(low, slot[0])
    high = Math.max(high, slot[2])
    least = Math.min(least, slot[4])
  }
  return { low, middle, high, hours, least }
}
