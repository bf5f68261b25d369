import type { DatabaseSync } from 'node:sqlite'
import { createUnpacking, hoursFrom, minutesFrom, type Report, type Within, wholeSpans } from '../found.ts'
import { DAY, HOUR, startOf } from '../hour.ts'
import { mergeSample, mergeSamples } from '../sample.ts'
import type { Sample, Store } from '../store.ts'
import type { SummaryRows } from '../summary-row.ts'
import { createBlockTable } from './blocks.ts'
import { createSampleTable } from './samples.ts'

/** How many breakers are read together: more at once lie in memory for longer than it takes to read them. */
const TOGETHER = 50

/** Measured values, wherever they lie. */
export interface History {
  /** The last one at or before a time. */
  at(device: string, at: number): Sample | undefined
  /** Those with from ≤ at < to, oldest first. */
  range(device: string, from: number, to: number, limit?: number): Sample[]
  summaries(...given: Parameters<Store['summaries']>): SummaryRows[]
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

  function hours(devices: readonly string[], within: Within): SummaryRows[] {
    const [from, to] = within
    const days = blocks.rangeOfEach('hours', devices, startOf(from, DAY), to)
    const fresh = samples.rangeOfEach(devices, from, to)
    return devices.map((device, n) => {
      const rawOf = (start: number) => blocks.get('raw', device, start)
      return hoursFrom({ device, hours: days[n]!, fresh: fresh[n]! }, rawOf, within, report)
    })
  }

  function minutes(devices: readonly string[], within: Within): SummaryRows[] {
    const [from, to] = [startOf(within[0], HOUR), within[1]]
    const [raw, minutes] = (['raw', 'minutes'] as const).map((tier) =>
      blocks.rangeOfEach(tier, devices, from, to),
    )
    const fresh = samples.rangeOfEach(devices, ...within)
    return devices.map((device, n) =>
      minutesFrom({ device, raw: raw![n]!, minutes: minutes![n]!, fresh: fresh[n]! }, within, report),
    )
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
      const within = wholeSpans(span, from, to)
      const found: SummaryRows[] = []
      for (let n = 0; n < devices.length; n += TOGETHER) {
        const some = devices.slice(n, n + TOGETHER)
        found.push(...(span === 'hour' ? hours(some, within) : minutes(some, within)))
      }
      return found
    },
  }
}
