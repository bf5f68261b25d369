import type { DatabaseSync } from 'node:sqlite'
import type { Summary } from '../../domain/summary.ts'
import { createUnpacking, type Found, hoursFrom, minutesFrom, type Report } from '../found.ts'
import { byStart, DAY, HOUR, MINUTE, startOf } from '../hour.ts'
import { mergeSample, mergeSamples } from '../sample.ts'
import type { Sample, Store } from '../store.ts'
import { createBlockTable } from './blocks.ts'
import { createSampleTable } from './samples.ts'

/** Measured values, wherever they lie. */
export interface History {
  /** The last one at or before a time. */
  at(device: string, at: number): Sample | undefined
  /** Those with from ≤ at < to, oldest first. */
  range(device: string, from: number, to: number, limit?: number): Sample[]
  summaries(...given: Parameters<Store['summaries']>): Summary[]
}

export function createHistory(db: DatabaseSync, report: Report): History {
  const [samples, blocks] = [createSampleTable(db), createBlockTable(db)]

  function lastSealed(device: string, at: number): Sample | undefined {
    const unpacking = createUnpacking(device, report)
    // The hour in which the time lies may have begun to hold anything only later.
    for (const stored of blocks.before('raw', device, at)) {
      const last = unpacking.samples(stored)?.findLast((sample) => sample.at <= at)
      if (last) return last
    }
    return undefined
  }

  function rangeSealed(device: string, from: number, to: number, limit: number): Sample[] {
    const unpacking = createUnpacking(device, report)
    const found: Sample[] = []
    for (const stored of blocks.range('raw', device, startOf(from, HOUR), to)) {
      const within = unpacking.samples(stored)?.filter(({ at }) => at >= from && at < to)
      if (within) found.push(...within)
      if (found.length >= limit) break
    }
    return found.slice(0, limit)
  }

  function hours(device: string, from: number, to: number): Summary[] {
    const fresh = samples.range(device, from, to, -1)
    const raw = byStart(fresh, HOUR).flatMap(([start]) => blocks.get('raw', device, start) ?? [])
    const days = [...blocks.range('hours', device, startOf(from, DAY), to)]
    return hoursFrom({ device, raw, minutes: [], hours: days, fresh }, report)
  }

  function minutes(device: string, from: number, to: number): Summary[] {
    const within = (tier: 'raw' | 'minutes') => [...blocks.range(tier, device, startOf(from, HOUR), to)]
    const fresh = samples.range(device, from, to, -1)
    const found: Found = { device, raw: within('raw'), minutes: within('minutes'), hours: [], fresh }
    return minutesFrom(found, report)
  }

  return {
    at(device, at) {
      const [sealed, fresh] = [lastSealed(device, at), samples.last(device, at)]
      if (!sealed || !fresh) return fresh ?? sealed
      if (sealed.at === fresh.at) return mergeSample(sealed, fresh)
      return sealed.at > fresh.at ? sealed : fresh
    },
    range(device, from, to, limit = Number.MAX_SAFE_INTEGER) {
      const sealed = rangeSealed(device, from, to, limit)
      return mergeSamples(sealed, samples.range(device, from, to, limit)).slice(0, limit)
    },
    summaries(devices, span, from, to) {
      const [length, read] = span === 'hour' ? [HOUR, hours] : [MINUTE, minutes]
      const begin = startOf(from, length)
      // The last span that begins before that time, with all that it holds.
      const end = Math.ceil(to / length) * length
      return devices.flatMap((device) =>
        read(device, begin, end).filter(({ start }) => start >= begin && start < end),
      )
    },
  }
}
