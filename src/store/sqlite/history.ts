import type { DatabaseSync } from 'node:sqlite'
import type { Keep } from '../keep.ts'
import { HOUR, MINUTE, mergeRuns, type Rollup, rollUp, startOf, toSamples, widen } from '../rollup.ts'
import type { KeptSample, Sample } from '../store.ts'
import type { Chore } from './chore.ts'
import { createRollupTable, type RollupTable } from './rollups.ts'
import { createSampleTable } from './samples.ts'

/** Measured values over all ages. Each sample is in one place: as it came, or in the roll-up of a minute or an hour. */
export interface History {
  add(sample: Sample): void
  /** The last one at or before a time. */
  at(device: string, at: number): KeptSample | undefined
  /** Those with from ≤ at < to, oldest first. */
  range(device: string, from: number, to: number, limit?: number): KeptSample[]
  /** Rolls up what is old and drops what is very old. */
  chores(keep: Keep): Chore[]
}

/** How many rows one step moves at most. */
const STEP = 200

/** Where rows leave a table by their age: of one breaker after another. */
interface Source<T> {
  take(device: string, before: number, limit: number): T[]
  nextDevice(after: string): string | undefined
}

export function createHistory(db: DatabaseSync): History {
  const samples = createSampleTable(db)
  const minutes = createRollupTable(db, 'minutes')
  const hours = createRollupTable(db, 'hours')
  const tiers: [RollupTable, number][] = [
    [minutes, MINUTE],
    [hours, HOUR],
  ]

  function lastRolledUp(device: string, at: number): KeptSample[] {
    // The span in which the time lies may have begun to hold anything only later.
    return tiers.flatMap(([table, span]) =>
      table
        .last(device, at, 2)
        .flatMap((rollup) => toSamples(rollup, span))
        .filter((sample) => sample.at <= at),
    )
  }

  function rangeRolledUp(device: string, from: number, to: number, limit: number): KeptSample[] {
    // Of the first span, nothing may lie within.
    return tiers.flatMap(([table, span]) =>
      table
        .range(device, startOf(from, span), to, limit + 1)
        .flatMap((rollup) => toSamples(rollup, span))
        .filter(({ at }) => at >= from && at < to),
    )
  }

  function addAll(table: RollupTable, rollups: Rollup[]) {
    for (const rollup of mergeRuns(rollups)) table.add(rollup)
  }

  return {
    add: samples.add,
    at(device, at) {
      const found = [...lastRolledUp(device, at), samples.last(device, at)].filter((one) => one !== undefined)
      return found.sort(inTime).at(-1)
    },
    range(device, from, to, limit = Number.MAX_SAFE_INTEGER - 1) {
      const found = [...rangeRolledUp(device, from, to, limit), ...samples.range(device, from, to, limit)]
      return found.sort(inTime).slice(0, limit)
    },
    chores: (keep) => [
      sweep(samples, keep.samples, MINUTE, (taken) =>
        addAll(
          minutes,
          taken.map((sample) => rollUp(sample, MINUTE)),
        ),
      ),
      sweep(minutes, keep.minutes, HOUR, (taken) =>
        addAll(
          hours,
          taken.map((rollup) => widen(rollup, HOUR)),
        ),
      ),
      sweep(hours, keep.hours, HOUR, () => {}),
    ],
  }
}

const inTime = (a: Sample, b: Sample) => a.at - b.at

/** A chore that takes what is older than `age` out of a table, in whole spans, and hands it on. */
function sweep<T>(source: Source<T>, age: number, span: number, handOn: (taken: T[]) => void): Chore {
  let device: string | undefined
  return (now) => {
    const before = startOf(now - age, span)
    let left = STEP
    device ??= source.nextDevice('')
    while (device !== undefined && left > 0) {
      const taken = source.take(device, before, left)
      handOn(taken)
      const isDone = taken.length < left
      // Looking at a breaker is work, too.
      left -= taken.length + 1
      if (isDone) device = source.nextDevice(device)
    }
    return device !== undefined
  }
}
