import type { Use } from './energy-use.ts'
import { localTime } from './local-time.ts'
import { type Message, message } from './message.ts'
import { edgesOf, type Stretch } from './periods.ts'
import { kilowattHours } from './reading-text.ts'
import { type BreakerUse, median, type ReportBar } from './report-facts.ts'
import type { ReportEvery } from './report-schedule.ts'

/** Fewer periods say nothing of what is usual. */
const ENOUGH = 3
/** A period of which less is known is not compared with. */
const KNOWN = 0.9
/** Gaps that are shorter together are not worth a word, ms. */
const SHORT_GAPS = 600_000

/**
 * The numbers of the periods that one is compared with, in lists; the first list that says enough counts: the same
 * weekday of eight weeks, else the seven days before; eight weeks; six months.
 */
export function comparedWith(every: ReportEvery, period: number): number[][] {
  const before = (count: number, step: number) =>
    Array.from({ length: count }, (_, index) => period - (index + 1) * step)
  switch (every) {
    case 'day':
      return [before(8, 7), before(7, 1)]
    case 'week':
      return [before(8, 1)]
    case 'month':
      return [before(6, 1)]
  }
}

/** Where the bars of a period begin, and its end: hours of a day, days of a week or month. */
export const barEdges = (every: ReportEvery, period: Stretch, timezone: string): number[] =>
  edgesOf(period, every === 'day' ? 'hour' : 'day', timezone)

/** «08» for an hour, «11-26» for a day of a week, «26» for one of a month. */
export function barLabel(every: ReportEvery, at: number, timezone: string): string {
  const { hour, month, day } = localTime(at, timezone)
  const two = (value: number) => String(value).padStart(2, '0')
  return every === 'day' ? two(hour) : every === 'week' ? `${two(month)}-${two(day)}` : two(day)
}

const lengthOf = ({ from, to }: Stretch): number => to - from
const isWhole = (use: Use): boolean => lengthOf(use) > 0 && use.missing <= (1 - KNOWN) * lengthOf(use)

/** What a breaker uses in a period as a rule, kWh, and how far one period lies from another; undefined: not known yet. */
export interface Usual {
  kwh: number
  /** The median of the distances from it. */
  spread: number
}

/** @param length of the period that is held against it, ms: months are not of one length */
export function usualOf(totals: readonly Use[], length: number): Usual | undefined {
  const known = totals.filter(isWhole).map((one) => (one.kwh * length) / lengthOf(one))
  const middle = median(known)
  if (middle === undefined || known.length < ENOUGH) return undefined
  return { kwh: middle, spread: median(known.map((one) => Math.abs(one - middle))) ?? 0 }
}

/** What a report says of one breaker. */
export function breakerUse(
  { id, name, site }: Pick<BreakerUse, 'id' | 'name' | 'site'>,
  total: Use,
  usual: Usual | undefined,
  cost: BreakerUse['cost'],
): BreakerUse {
  const who = { id, name, site, missing: total.missing > SHORT_GAPS ? total.missing : 0 }
  if (total.by === undefined) return who
  return {
    ...who,
    kwh: total.kwh,
    by: total.by,
    ...(usual && { usual: usual.kwh }),
    ...(cost && { cost }),
    ...(total.estimated > 0 && { isEstimated: true }),
  }
}

/** Times the spread (scaled to a standard deviation), part of the usual, kWh: all must be exceeded to be worth a word. */
const NOTABLE = { spreads: 3 * 1.4826, part: 0.3, kwh: 0.5 }

/** Why what a breaker used is out of the ordinary; undefined: it is not, or nobody can say. */
export function unusualUse(total: Use, usual: Usual | undefined): Message | undefined {
  if (!usual || total.by === undefined || !isWhole(total)) return undefined
  const far = Math.abs(total.kwh - usual.kwh)
  if (far <= Math.max(NOTABLE.spreads * usual.spread, NOTABLE.part * usual.kwh, NOTABLE.kwh)) return undefined
  const percent = usual.kwh > 0 ? Math.round((far / usual.kwh) * 100) : 100
  const values = { kwh: kilowattHours(total.kwh), usual: kilowattHours(usual.kwh), percent }
  return message(total.kwh > usual.kwh ? 'report.unusual-more' : 'report.unusual-less', values)
}

/** What all breakers of a room used in one period. */
export interface RoomUse {
  bars: { kwh: number; isKnown: boolean; isEstimated: boolean }[]
  /** How long they were measured, together, and how long it is, ms. */
  known: number
  length: number
}

/** The room's use with that of one more breaker, bar by bar. */
export function withBreaker(room: RoomUse | undefined, uses: readonly Use[]): RoomUse {
  return {
    length: uses.reduce((sum, use) => sum + lengthOf(use), 0),
    known: (room?.known ?? 0) + uses.reduce((sum, use) => sum + lengthOf(use) - use.missing, 0),
    bars: uses.map((use, index) => {
      const before = room?.bars[index]
      return {
        kwh: (before?.kwh ?? 0) + use.kwh,
        isKnown: before?.isKnown === true || use.by !== undefined,
        isEstimated: before?.isEstimated === true || use.estimated > 0,
      }
    }),
  }
}

/**
 * What is usual for the room, in all and bar by bar: of the first list of periods in which nearly as much was measured.
 */
export function usualRoom(
  present: RoomUse,
  lists: readonly (readonly RoomUse[])[],
): { kwh: number; bars: (number | null)[] } | undefined {
  for (const list of lists) {
    const alike = list.filter(({ known }) => known > 0 && known >= KNOWN * present.known)
    const kwh = median(alike.map((one) => (roomTotal(one) * present.length) / one.length))
    if (kwh === undefined || alike.length < ENOUGH) continue
    const barAt = (index: number) => median(alike.flatMap(({ bars }) => bars[index]?.kwh ?? [])) ?? null
    return { kwh, bars: present.bars.map((_, index) => barAt(index)) }
  }
  return undefined
}

const roomTotal = ({ bars }: RoomUse): number => bars.reduce((sum, { kwh }) => sum + kwh, 0)

/** The bars of the report's picture. */
export function reportBars(
  room: RoomUse,
  labels: readonly string[],
  usual: readonly (number | null)[] | undefined,
): ReportBar[] {
  return room.bars.map(({ kwh, isKnown, isEstimated }, index) => ({
    label: labels[index] ?? '',
    kwh: isKnown ? kwh : null,
    usual: usual?.[index] ?? null,
    ...(isEstimated && { isEstimated }),
  }))
}

/** The hour in which the room used most, as a mean. @param edges of the hours, ms */
export function peakHour(
  { bars }: RoomUse,
  edges: readonly number[],
): { watts: number; from: number; to: number } | undefined {
  let highest: { watts: number; from: number; to: number } | undefined
  bars.forEach(({ kwh, isKnown }, index) => {
    const [from, to] = [edges[index]!, edges[index + 1]!]
    const watts = (kwh * 3.6e9) / (to - from)
    if (isKnown && watts > (highest?.watts ?? 0)) highest = { watts, from, to }
  })
  return highest
}
