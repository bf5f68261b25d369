import type { Redis } from 'ioredis'
import type { Quantity } from '../../domain/summary.ts'
import { type Rollup, toSummary } from '../carried.ts'
import { HOUR, joined, MINUTE, startOf } from '../hour.ts'
import type { OpenHour } from './blocks.ts'

const VALUES = ['voltage', 'current', 'power'] as const satisfies Quantity[]

/**
 * Brings the first hour of what older versions have left of a breaker by minute, or by hour, into blocks; false when
 * nothing is left. To be done before samples are sealed: of an hour, the older part may lie here.
 */
export async function carryOver(
  redis: Redis,
  prefix: string,
  device: string,
  open: (device: string, start: number) => Promise<OpenHour>,
): Promise<boolean> {
  for (const [list, span] of [
    ['minutes', MINUTE],
    ['hours', HOUR],
  ] as const) {
    const place = `${prefix}${list}:${device}`
    const [, first] = await redis.zrange(place, '0', '0', 'WITHSCORES')
    if (first === undefined) continue
    const start = startOf(Number(first), HOUR)
    const members = await redis.zrangebyscore(place, start, `(${start + HOUR}`)
    const summaries = members.map((member) => toSummary(parseRollup(device, member), span))
    const { hour, save } = await open(device, start)
    const all = [...(hour.whole ? [hour.whole] : []), ...summaries].sort((a, b) => a.firstAt - b.firstAt)
    const whole = joined(all, HOUR, start)
    await save(span === MINUTE ? { ...hour, minutes: summaries, whole } : { ...hour, whole }, {
      list,
      members,
    })
    return true
  }
  return false
}

/**
 * A member of such a list: start, count, first and last reading as ms after the start and kWh, then least, greatest, sum
 * and count of each value, or nothing.
 */
function parseRollup(device: string, member: string): Rollup {
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
  VALUES.forEach((name, index) => {
    const [min, max, sum, times] = (spreads[index] || undefined)?.split(',').map(Number) ?? []
    if (times !== undefined) rollup[name] = { min: min!, max: max!, sum: sum!, count: times }
  })
  return rollup
}
