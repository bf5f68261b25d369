import { type Summary, summarise } from '../domain/summary.ts'
import { type Block, BlockError, unpackRows, unpackSamples, unpackSummaries } from './blocks.ts'
import { byStart, HOUR, type Hour, joined, MINUTE, minutesOf, startOf, withSamples } from './hour.ts'
import type { Sample } from './sample.ts'
import { fromRows, type SummaryRows, toRow, WIDTH } from './summary-row.ts'
import type { Tier } from './tiers.ts'
import type { Unreadable } from './unreadable.ts'

/** A block and the beginning of what it holds. */
export interface Stored {
  start: number
  block: Block
}

/** Told of a block that cannot be read; it counts as if it were not there. */
export type Report = (block: Unreadable) => void

/** Unpacks blocks of one breaker. */
export interface Unpacking {
  samples(stored: Stored | undefined): Sample[] | undefined
  minutes(stored: Stored | undefined): Summary[] | undefined
  hours(stored: Stored | undefined): Summary[] | undefined
  /** Summaries as rows. */
  rows(tier: 'minutes' | 'hours', stored: Stored): Float64Array | undefined
}

export function createUnpacking(device: string, report: Report): Unpacking {
  function read<T>(tier: Tier, stored: Stored | undefined, unpack: (block: Block) => T): T | undefined {
    if (!stored) return undefined
    try {
      return unpack(stored.block)
    } catch (error) {
      if (!(error instanceof BlockError)) throw error
      report({ tier, device, start: stored.start, why: error.message })
      return undefined
    }
  }

  return {
    samples: (stored) => read('raw', stored, (block) => unpackSamples(device, block)),
    minutes: (stored) => read('minutes', stored, (block) => unpackSummaries(device, MINUTE, block)),
    hours: (stored) => read('hours', stored, (block) => unpackSummaries(device, HOUR, block)),
    rows: (tier, stored) => read(tier, stored, unpackRows),
  }
}

/** What a driver has found of one breaker; of the hours in which something is fresh, all that is kept. */
export interface Found {
  device: string
  raw: Stored[]
  minutes: Stored[]
  hours: Stored[]
  /** Samples that are in no block yet, in order of time. */
  fresh: Sample[]
}

/**
 * The hours of a day anew, where their own block cannot be read: from what is kept of it as it was measured, or by minute.
 */
export function hoursAnew(
  device: string,
  { raw, minutes }: Pick<Found, 'raw' | 'minutes'>,
  report: Report,
): Summary[] {
  const unpacking = createUnpacking(device, report)
  const hours = new Map<number, Summary>()
  for (const stored of minutes) {
    const known = unpacking.minutes(stored)
    if (known && known.length > 0) hours.set(stored.start, joined(known, HOUR, stored.start))
  }
  for (const stored of raw) {
    const samples = unpacking.samples(stored)
    if (samples && samples.length > 0) hours.set(stored.start, summarise(device, stored.start, HOUR, samples))
  }
  return [...hours.values()].sort((a, b) => a.start - b.start)
}

/** Spans that begin at or after the one and before the other time. */
export type Within = [from: number, to: number]

/** The spans that begin before `to`, from the one on that holds `from`, with all that they hold. */
export function wholeSpans(span: 'minute' | 'hour', from: number, to: number): Within {
  const length = span === 'hour' ? HOUR : MINUTE
  return [startOf(from, length), Math.ceil(to / length) * length]
}

/** Its hours, those that hold fresh samples with them. @param found its minutes are not looked at */
export function hoursFrom({ device, raw, hours, fresh }: Found, within: Within, report: Report): SummaryRows {
  const unpacking = createUnpacking(device, report)
  const all = createRows(device, HOUR)
  for (const day of hours) all.add(unpacking.rows('hours', day))
  for (const [start, late] of byStart(fresh, HOUR)) {
    const samples = unpacking.samples(raw.find((stored) => stored.start === start))
    const whole = all.get(start)
    const hour: Hour = { device, start, ...(samples && { samples }), ...(whole && { whole }) }
    all.add(toRow(withSamples(hour, late).whole!))
  }
  return all.within(within)
}

/** Its minutes, those that hold fresh samples with them. @param found its hours are not looked at */
export function minutesFrom(
  { device, raw, minutes, fresh }: Found,
  within: Within,
  report: Report,
): SummaryRows {
  const unpacking = createUnpacking(device, report)
  const late = new Map(byStart(fresh, HOUR))
  const all = createRows(device, MINUTE)
  for (const stored of minutes) if (!late.has(stored.start)) all.add(unpacking.rows('minutes', stored))
  const open = new Map<number, Hour>()
  for (const { start, ...stored } of minutes) {
    const known = late.has(start) ? unpacking.minutes({ start, ...stored }) : undefined
    if (known) open.set(start, { device, start, minutes: known })
  }
  for (const stored of raw) {
    const samples = unpacking.samples(stored)
    if (samples) open.set(stored.start, { device, start: stored.start, samples })
  }
  for (const [start, some] of late) open.set(start, withSamples(open.get(start) ?? { device, start }, some))
  for (const hour of open.values()) for (const minute of minutesOf(hour)) all.add(toRow(minute))
  return all.within(within)
}

/** Rows by the beginning of their span; the one that was added last counts. */
function createRows(device: string, span: number) {
  const byStart = new Map<number, { rows: Float64Array; first: number }>()
  return {
    add(rows: Float64Array | undefined) {
      for (let first = 0; rows && first < rows.length; first += WIDTH)
        byStart.set(rows[first]!, { rows, first })
    },
    get(start: number): Summary | undefined {
      const place = byStart.get(start)
      if (!place) return undefined
      const rows = place.rows.subarray(place.first, place.first + WIDTH)
      return fromRows({ device, span, rows })[0]
    },
    within([from, to]: Within): SummaryRows {
      const starts = [...byStart.keys()].filter((start) => start >= from && start < to).sort((a, b) => a - b)
      const all = new Float64Array(starts.length * WIDTH)
      let next = 0
      for (const start of starts) {
        const { rows, first } = byStart.get(start)!
        for (let column = 0; column < WIDTH; column++) all[next++] = rows[first + column]!
      }
      return { device, span, rows: all }
    },
  }
}
