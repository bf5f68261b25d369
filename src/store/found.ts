import { type Summary, summarise } from '../domain/summary.ts'
import { type Block, BlockError, unpackRows, unpackSamples, unpackSummaries } from './blocks.ts'
import {
  byStart,
  HOUR,
  type Hour,
  joined,
  MINUTE,
  minutesOf,
  startOf,
  wholeWith,
  withSamples,
} from './hour.ts'
import type { Sample } from './sample.ts'
import { type SummaryRows, summaryAt, toRow, WIDTH } from './summary-row.ts'
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

/**
 * Its hours, those that hold fresh samples with them.
 * @param rawOf what is kept of an hour as it was measured
 */
export function hoursFrom(
  { device, hours, fresh }: Pick<Found, 'device' | 'hours' | 'fresh'>,
  rawOf: (start: number) => Stored | undefined,
  within: Within,
  report: Report,
): SummaryRows {
  const unpacking = createUnpacking(device, report)
  const all = createRows(device, HOUR)
  for (const day of hours) all.add(unpacking.rows('hours', day))
  for (const [start, late] of byStart(fresh, HOUR)) {
    const whole = all.get(start)
    const samples = () => unpacking.samples(rawOf(start))
    all.add(toRow(wholeWith({ device, start, ...(whole && { whole }) }, late, samples)))
  }
  return all.within(within)
}

/** Its minutes, those that hold fresh samples with them. */
export function minutesFrom(
  { device, raw, minutes, fresh }: Omit<Found, 'hours'>,
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
  for (const hour of open.values()) all.add(concat(minutesOf(hour).map(toRow)))
  return all.within(within)
}

/** Rows of spans, in order of time. */
function createRows(device: string, span: number) {
  /** In order of time, within each and from each to the next. */
  const parts: Float64Array[] = []

  function put(row: Float64Array) {
    const start = row[0]!
    const [n, place] = placeIn(start)
    const part = parts[n]
    if (!part) parts.push(row)
    else if (part[place] === start) part.set(row, place)
    else parts.splice(n, 1, part.subarray(0, place), row, part.subarray(place))
  }

  /** Where the first row is whose span does not begin before a time: in which part, and where in it. */
  function placeIn(start: number): [n: number, place: number] {
    const n = parts.findIndex((rows) => rows[rows.length - WIDTH]! >= start)
    return n < 0 ? [parts.length, 0] : [n, placeOf(parts[n]!, start)]
  }

  return {
    /** In place of those of the same spans; they may be written to afterwards. @param rows in order of time */
    add(rows: Float64Array | undefined) {
      if (!rows || rows.length === 0) return
      if (placeIn(rows[0]!)[0] === parts.length) parts.push(rows)
      else for (let first = 0; first < rows.length; first += WIDTH) put(rows.subarray(first, first + WIDTH))
    },
    get(start: number): Summary | undefined {
      const [n, place] = placeIn(start)
      return parts[n]?.[place] === start ? summaryAt({ device, span, rows: parts[n] }, place) : undefined
    },
    within([from, to]: Within): SummaryRows {
      const cut = parts.map((rows) => rows.subarray(placeOf(rows, from), placeOf(rows, to)))
      return { device, span, rows: concat(cut) }
    },
  }
}

/** Where the first row begins whose span does not begin before a time. */
function placeOf(rows: Float64Array, start: number): number {
  let first = 0
  while (first < rows.length && rows[first]! < start) first += WIDTH
  return first
}

/** In memory of their own. */
function concat(parts: readonly Float64Array[]): Float64Array {
  const [only] = parts
  if (only && parts.length === 1 && only.byteLength === only.buffer.byteLength) return only
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0))
  let next = 0
  for (const part of parts) {
    all.set(part, next)
    next += part.length
  }
  return all
}
