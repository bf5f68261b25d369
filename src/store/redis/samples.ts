import type { Redis } from 'ioredis'
import { HOUR, VALUES as MEASURED, MINUTE, type Rollup, startOf, toSamples } from '../rollup.ts'
import type { KeptSample, Sample } from '../store.ts'
import { finite } from './numbers.ts'

/** Where a breaker's measured values lie: as they came, by minute, by hour. */
export const LISTS = { raw: 'samples', minutes: 'minutes', hours: 'hours' } as const
const TIERS = [
  [LISTS.minutes, MINUTE],
  [LISTS.hours, HOUR],
] as const
const VALUES = ['voltage', 'current', 'power', 'energy'] as const

/** A sample as the scripts take it: numbers as text, for Lua would shorten them. */
export function toSampleRow(sample: Sample): object {
  const { device, at } = sample
  const values = VALUES.map((name) => {
    const value = sample[name]
    return value === undefined ? '' : String(finite(value, `The ${name} of ${device}`))
  })
  return { device, at: String(finite(at, `The time of a sample of ${device}`)), values }
}

/** A member of a list of samples: at|voltage|current|power|energy. */
export function parseSample(device: string, member: string): Sample {
  const [at, ...values] = member.split('|')
  const sample: Sample = { device, at: Number(at) }
  VALUES.forEach((name, index) => {
    const value = values[index]
    if (value) sample[name] = Number(value)
  })
  return sample
}

/**
 * A member of a list of roll-ups, short, for it lies in memory: start, count, first and last reading as ms after the
 * start and kWh, then least, greatest, sum and count of each value, or nothing.
 */
export function rollupMember({ start, count, first, last, ...values }: Rollup): string {
  const readings = [first, last].flatMap(({ at, energy }) => [at - start, energy ?? ''])
  const spreads = MEASURED.map((name) => {
    const spread = values[name]
    return spread ? [spread.min, spread.max, spread.sum, spread.count].join(',') : ''
  })
  return [start, count, ...readings, ...spreads].join('|')
}

export function parseRollup(device: string, member: string): Rollup {
  const [start, count, firstAfter, firstEnergy, lastAfter, lastEnergy, ...spreads] = member.split('|')
  const reading = (after: string | undefined, energy: string | undefined) => ({
    at: Number(start) + Number(after),
    ...(energy && { energy: Number(energy) }),
  })
  const rollup: Rollup = {
    device,
    start: Number(start),
    count: Number(count),
    first: reading(firstAfter, firstEnergy),
    last: reading(lastAfter, lastEnergy),
  }
  MEASURED.forEach((name, index) => {
    const [min, max, sum, times] = (spreads[index] || undefined)?.split(',').map(Number) ?? []
    if (times !== undefined) rollup[name] = { min: min!, max: max!, sum: sum!, count: times }
  })
  return rollup
}

/** The last one at or before a time. */
export async function sampleAt(redis: Redis, prefix: string, device: string, at: number) {
  const last = (list: string, limit: number) =>
    redis.zrevrangebyscore(`${prefix}${list}:${device}`, at, '-inf', 'LIMIT', 0, limit)
  // The span in which the time lies may have begun to hold anything only later.
  const [raw, ...rolled] = await Promise.all([last(LISTS.raw, 1), ...TIERS.map(([list]) => last(list, 2))])
  const found = [
    ...rolled.flatMap((members, index) => unrolled(device, members, TIERS[index]![1])),
    ...(raw ?? []).map((member) => parseSample(device, member)),
  ]
  return found
    .filter((sample) => sample.at <= at)
    .sort(inTime)
    .at(-1)
}

/** Those with from ≤ at < to, oldest first. */
export async function samplesWithin(
  redis: Redis,
  prefix: string,
  device: string,
  [from, to]: [number, number],
  limit = Number.MAX_SAFE_INTEGER - 1,
): Promise<KeptSample[]> {
  const range = (list: string, start: number, most: number) =>
    redis.zrangebyscore(`${prefix}${list}:${device}`, start, `(${to}`, 'LIMIT', 0, most)
  // Of the first span, nothing may lie within.
  const [raw, ...rolled] = await Promise.all([
    range(LISTS.raw, from, limit),
    ...TIERS.map(([list, span]) => range(list, startOf(from, span), limit + 1)),
  ])
  const found = [
    ...rolled.flatMap((members, index) => unrolled(device, members, TIERS[index]![1])),
    ...(raw ?? []).map((member) => parseSample(device, member)),
  ]
  return found
    .filter(({ at }) => at >= from && at < to)
    .sort(inTime)
    .slice(0, limit)
}

function unrolled(device: string, members: string[], span: number): KeptSample[] {
  return members.flatMap((member) => toSamples(parseRollup(device, member), span))
}

const inTime = (a: Sample, b: Sample) => a.at - b.at
