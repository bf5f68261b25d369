import type { Summary } from '../domain/summary.ts'
import { type Block, BlockError, unpackSamples, unpackSummaries } from './blocks.ts'
import { byStart, HOUR, type Hour, MINUTE, minutesOf, withSamples } from './hour.ts'
import type { Sample } from './sample.ts'
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
  /** By their beginning. */
  hours(stored: readonly Stored[]): Map<number, Summary>
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
    hours(days) {
      const summaries = days.flatMap(
        (stored) => read('hours', stored, (block) => unpackSummaries(device, HOUR, block)) ?? [],
      )
      return new Map(summaries.map((summary) => [summary.start, summary]))
    },
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

/** Its hours, those that hold fresh samples with them. @param found its minutes are not looked at */
export function hoursFrom({ device, raw, hours, fresh }: Found, report: Report): Summary[] {
  const unpacking = createUnpacking(device, report)
  const all = unpacking.hours(hours)
  for (const [start, late] of byStart(fresh, HOUR)) {
    const [samples, whole] = [unpacking.samples(raw.find((stored) => stored.start === start)), all.get(start)]
    const hour: Hour = { device, start, ...(samples && { samples }), ...(whole && { whole }) }
    all.set(start, withSamples(hour, late).whole!)
  }
  return [...all.values()].sort(inTime)
}

/** Its minutes, those that hold fresh samples with them. @param found its hours are not looked at */
export function minutesFrom({ device, raw, minutes, fresh }: Found, report: Report): Summary[] {
  const unpacking = createUnpacking(device, report)
  const all = new Map<number, Hour>()
  for (const stored of minutes) {
    const unpacked = unpacking.minutes(stored)
    if (unpacked) all.set(stored.start, { device, start: stored.start, minutes: unpacked })
  }
  for (const stored of raw) {
    const samples = unpacking.samples(stored)
    if (samples) all.set(stored.start, { device, start: stored.start, samples })
  }
  for (const [start, late] of byStart(fresh, HOUR))
    all.set(start, withSamples(all.get(start) ?? { device, start }, late))
  return [...all.values()].flatMap(minutesOf).sort(inTime)
}

const inTime = (a: Summary, b: Summary) => a.start - b.start
