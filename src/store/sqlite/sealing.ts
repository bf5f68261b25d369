import type { DatabaseSync } from 'node:sqlite'
import type { Summary } from '../../domain/summary.ts'
import { packSamples, packSummaries } from '../blocks.ts'
import { createUnpacking, hoursAnew, type Report } from '../found.ts'
import { DAY, HOUR, type Hour, minutesOf, startOf, withHour, withSamples } from '../hour.ts'
import type { Keep } from '../keep.ts'
import { LENGTH, SETTLED, type Tier } from '../tiers.ts'
import { type BlockTable, createBlockTable } from './blocks.ts'
import type { Chore } from './chore.ts'
import { createSampleTable } from './samples.ts'

/** How long one step may go on with the next piece, ms: pushes wait for it. */
const STEP = 2

/** Keeps hours of breakers in blocks. */
export interface HourShelf {
  load(device: string, start: number): Hour
  /** In place of what was there. */
  save(hour: Hour): void
}

export function createHourShelf(blocks: BlockTable, report: Report): HourShelf {
  function day(device: string, at: number): Summary[] {
    const start = startOf(at, DAY)
    const stored = blocks.get('hours', device, start)
    if (!stored) return []
    // Each read to its end: a statement serves one reader at a time.
    const of = (tier: Tier) => [...blocks.range(tier, device, start, start + DAY)]
    return (
      createUnpacking(device, report).hours(stored) ??
      hoursAnew(device, { raw: of('raw'), minutes: of('minutes') }, report)
    )
  }

  return {
    load(device, start) {
      const unpacking = createUnpacking(device, report)
      const samples = unpacking.samples(blocks.get('raw', device, start))
      const minutes = samples ? undefined : unpacking.minutes(blocks.get('minutes', device, start))
      const whole = day(device, start).find((hour) => hour.start === start)
      return {
        device,
        start,
        ...(samples && { samples }),
        ...(minutes && { minutes }),
        ...(whole && { whole }),
      }
    },
    save({ device, start, samples, minutes, whole }) {
      if (samples) blocks.put('raw', device, { start, block: packSamples(samples) })
      if (minutes) blocks.put('minutes', device, { start, block: packSummaries(minutes) })
      if (!whole) return
      const hours = withHour(day(device, start), whole)
      blocks.put('hours', device, { start: startOf(start, DAY), block: packSummaries(hours) })
    },
  }
}

/** What puts samples into blocks, lets these grow old, and drops what is very old. */
export function sealingChores(db: DatabaseSync, keep: Keep, report: Report): Chore[] {
  const [samples, blocks] = [createSampleTable(db), createBlockTable(db)]
  const shelf = createHourShelf(blocks, report)

  function seal(device: string, before: number): boolean {
    const first = samples.oldest(device)
    if (first === undefined || first >= before) return false
    const start = startOf(first, HOUR)
    const late = samples.take(device, start, Math.min(start + HOUR, before))
    shelf.save(withSamples(shelf.load(device, start), late))
    return true
  }

  /** What is left of an hour that is too old to be kept as it was measured: its minutes. */
  function age(device: string, start: number) {
    const hour = createUnpacking(device, report).samples(blocks.get('raw', device, start))
    if (hour) shelf.save({ device, start, minutes: minutesOf({ device, start, samples: hour }) })
    blocks.remove('raw', device, start)
  }

  /** Does something to the blocks of a tier that are older than an age. */
  function ageing(tier: Tier, older: number, act: (device: string, start: number) => void): Chore {
    const next = (after: string) => blocks.nextDevice(tier, after)
    return throughDevices(next, (device, now) => {
      const start = blocks.oldest(tier, device)
      if (start === undefined || start >= startOf(now - older, LENGTH[tier])) return false
      act(device, start)
      return true
    })
  }

  return [
    throughDevices(samples.nextDevice, (device, now) => seal(device, now - SETTLED)),
    ageing('raw', keep.raw, age),
    ageing('minutes', keep.minutes, (device, start) => blocks.remove('minutes', device, start)),
    ageing('hours', keep.hours, (device, start) => blocks.remove('hours', device, start)),
  ]
}

/** A chore that goes from breaker to breaker, at each as long as there is something to do. */
export function throughDevices(
  next: (after: string) => string | undefined,
  work: (device: string, now: number) => boolean,
): Chore {
  let device: string | undefined
  return (now) => {
    const end = performance.now() + STEP
    device ??= next('')
    while (device !== undefined && performance.now() < end) if (!work(device, now)) device = next(device)
    return device !== undefined
  }
}
