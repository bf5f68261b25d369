import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Summary } from '../../domain/summary.ts'
import { type Block, packSamples, packSummaries } from '../blocks.ts'
import { createUnpacking, hoursAnew, type Report, type Stored } from '../found.ts'
import { DAY, type Hour, startOf, withHour } from '../hour.ts'
import type { Sample } from '../store.ts'
import type { Tier } from '../tiers.ts'
import type { Caller } from './caller.ts'
import { parseSample } from './samples.ts'
import { readScript } from './scripts.ts'

/** What is asked for of one breaker; times from ≤ at < to. */
export interface Look {
  fresh: [from: number, to: number]
  blocks: { tier: Tier; within: [from: number, to: number] }[]
  /** Only the last sample, and the last so many blocks; then `to` counts, too. */
  newest?: number
}

/** All as it is at one moment: the samples that are in no block yet, and the blocks of each kind asked for. */
export async function look(
  redis: Redis,
  prefix: string,
  device: string,
  { fresh, blocks, newest }: Look,
): Promise<{ fresh: Sample[]; blocks: Stored[][] }> {
  const span = ([from, to]: [number, number]) => ({ from: String(from), to: String(to) })
  const [members, ...found] = await readScript(redis, 'found', prefix, {
    device,
    fresh: span(fresh),
    blocks: blocks.map(({ tier, within }) => ({ tier, ...span(within) })),
    ...(newest !== undefined && { newest }),
  })
  return {
    fresh: (members ?? []).map((one) => parseSample(device, String(one))),
    blocks: found.map(toStored),
  }
}

function toStored(rows: Buffer[]): Stored[] {
  return Array.from({ length: rows.length / 2 }, (_, n) => ({
    start: Number(String(rows[2 * n])),
    block: rows[2 * n + 1]!,
  }))
}

/** An hour of a breaker, and how to put another in its place. */
export interface OpenHour {
  hour: Hour
  /**
   * Puts the hour in place of what was found, and of the members of a list that it was made of; false when something
   * of that has changed meanwhile: nothing was written.
   */
  save(hour: Hour, out: { list: string; members: string[] }): Promise<boolean>
}

export async function openHour(
  caller: Caller,
  prefix: string,
  [device, start]: [string, number],
  report: Report,
): Promise<OpenHour> {
  const of = (tier: Tier, at: number) => ({ tier, within: [at, at + 1] as [number, number] })
  const ask: Look = {
    fresh: [0, 0],
    blocks: [of('raw', start), of('minutes', start), of('hours', startOf(start, DAY))],
  }
  const { blocks } = await caller.read((redis) => look(redis, prefix, device, ask))
  const [raw, old, day] = blocks.map(([stored]) => stored)
  const unpacking = createUnpacking(device, report)
  const samples = unpacking.samples(raw)
  const minutes = samples ? undefined : unpacking.minutes(old)
  const hours = day ? (unpacking.hours(day) ?? (await anew(day.start))) : []
  const whole = hours.find((one) => one.start === start)

  async function anew(from: number): Promise<Summary[]> {
    const within: [number, number] = [from, from + DAY]
    const all = (['raw', 'minutes'] as const).map((tier) => ({ tier, within }))
    const found = await caller.read((redis) => look(redis, prefix, device, { fresh: [0, 0], blocks: all }))
    const [samples = [], known = []] = found.blocks
    return hoursAnew(device, { raw: samples, minutes: known }, report)
  }

  function changes(
    hour: Hour,
  ): { tier: Tier; start: number; was: Stored | undefined; block: Block | undefined }[] {
    const all = hour.whole && withHour(hours, hour.whole)
    return [
      // An hour is kept as it was measured, or by minute.
      { tier: 'raw', start, was: raw, block: hour.samples && packSamples(hour.samples) },
      { tier: 'minutes', start, was: old, block: hour.minutes && packSummaries(hour.minutes) },
      { tier: 'hours', start: startOf(start, DAY), was: day, block: all ? packSummaries(all) : day?.block },
    ]
  }

  return {
    hour: {
      device,
      start,
      ...(samples && { samples }),
      ...(minutes && { minutes }),
      ...(whole && { whole }),
    },
    async save(hour, { list, members }) {
      const all = changes(hour)
      const rows = all.map(({ tier, start: at, was }) => ({
        tier,
        start: String(at),
        was: was ? hashOf(was.block) : '',
      }))
      const bytes = all.map(({ block }) => Buffer.from(block ?? []))
      const word = await caller.call('seal', { device, from: list, out: members, blocks: rows }, 'own', bytes)
      return word.ok === true
    },
  }
}

const hashOf = (block: Block) => createHash('sha1').update(block).digest('hex')
