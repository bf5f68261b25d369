import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { createUnpacking, hoursFrom, minutesFrom, type Report, type Within, wholeSpans } from '../found.ts'
import { byStart, DAY, HOUR, startOf } from '../hour.ts'
import { mergeSamples } from '../sample.ts'
import type { Sample, Store } from '../store.ts'
import { fromRows, type SummaryRows } from '../summary-row.ts'
import { type Look, look } from './blocks.ts'

/** How many breakers are asked for together. */
const TOGETHER = 50
/** Of how many blocks the last sample at a time may be in: the hour of that time may have begun later. */
const NEWEST = 2

/** Measured values, wherever they lie. */
export type History = Pick<Store, 'sampleAt' | 'samples' | 'summaries'>

/** @param read a reading of Redis, with the prefix of all keys */
export function createHistory(
  read: <T>(reading: (redis: Redis, prefix: string) => Promise<T>) => Promise<T>,
  report: Report,
): History {
  const find = (device: string, ask: Look) => read((redis, prefix) => look(redis, prefix, device, ask))

  async function sealedAndFresh(device: string, ask: Look): Promise<Sample[]> {
    const { fresh, blocks } = await find(device, ask)
    const unpacking = createUnpacking(device, report)
    const sealed = (blocks[0] ?? []).flatMap((stored) => unpacking.samples(stored) ?? [])
    return mergeSamples(sealed, fresh)
  }

  async function hours(device: string, within: Within): Promise<SummaryRows> {
    const [from, to] = within
    const { fresh, blocks } = await find(device, {
      fresh: [from, to],
      blocks: [{ tier: 'hours', within: [startOf(from, DAY), to] }],
    })
    const late = byStart(fresh, HOUR).map(([start]) => start)
    if (late.length === 0)
      return hoursFrom({ device, hours: blocks[0]!, fresh }, () => undefined, within, report)
    const again = await find(device, {
      fresh: [late[0]!, to],
      blocks: [
        { tier: 'hours', within: [startOf(from, DAY), to] },
        { tier: 'raw', within: [late[0]!, to] },
      ],
    })
    const [days, raw] = [again.blocks[0]!, again.blocks[1]!]
    const rawOf = (start: number) => raw.find((stored) => stored.start === start)
    return hoursFrom({ device, hours: days, fresh: again.fresh }, rawOf, within, report)
  }

  async function minutes(device: string, within: Within): Promise<SummaryRows> {
    const hours: Within = [startOf(within[0], HOUR), within[1]]
    const { fresh, blocks } = await find(device, {
      fresh: within,
      blocks: [
        { tier: 'raw', within: hours },
        { tier: 'minutes', within: hours },
      ],
    })
    return minutesFrom({ device, raw: blocks[0]!, minutes: blocks[1]!, fresh }, within, report)
  }

  return {
    async sampleAt(device, at) {
      const within: [number, number] = [0, at]
      const ask: Look = { fresh: within, blocks: [{ tier: 'raw', within }], newest: NEWEST }
      return (await sealedAndFresh(device, ask)).findLast((sample) => sample.at <= at)
    },
    async samples(device, from, to, limit) {
      const ask: Look = { fresh: [from, to], blocks: [{ tier: 'raw', within: [startOf(from, HOUR), to] }] }
      const found = await sealedAndFresh(device, ask)
      return found.filter(({ at }) => at >= from && at < to).slice(0, limit)
    },
    async summaries(devices, span, from, to) {
      const within = wholeSpans(span, from, to)
      const of = span === 'hour' ? hours : minutes
      const all: SummaryRows[] = []
      for (let next = 0; next < devices.length; next += TOGETHER) {
        const some = devices.slice(next, next + TOGETHER)
        all.push(...(await Promise.all(some.map((device) => of(device, within)))))
        await nextTurn()
      }
      return all.map(fromRows)
    },
  }
}
