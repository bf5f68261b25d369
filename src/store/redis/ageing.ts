import { setTimeout as sleep } from 'node:timers/promises'
import type { Report } from '../found.ts'
import { HOUR, type Hour, minutesOf, startOf, withSamples } from '../hour.ts'
import type { Keep } from '../keep.ts'
import { LENGTH, SETTLED, type Tier } from '../tiers.ts'
import { openHour } from './blocks.ts'
import type { Caller } from './caller.ts'
import { carryOver } from './carry-over.ts'
import { parseSample, SAMPLES } from './samples.ts'

/** A pause between two steps, ms, so that everything else goes on meanwhile. */
export const REST = 5

interface Parts {
  caller: Caller
  prefix: string
  keep: Keep
  report: Report
}

/** Puts samples into blocks, lets these grow old, and drops what is very old, of all breakers. */
export async function ageAll({ caller, prefix, keep, report }: Parts, at: number): Promise<void> {
  const open = (device: string, start: number) => openHour(caller, prefix, [device, start], report)

  /** One hour; false when nothing is left that is old enough. */
  async function seal(device: string): Promise<boolean> {
    const before = at - SETTLED
    const list = `${prefix}${SAMPLES}:${device}`
    const [, first] = await caller.read((redis) => redis.zrange(list, '0', '0', 'WITHSCORES'))
    if (first === undefined || Number(first) >= before) return false
    const start = startOf(Number(first), HOUR)
    const end = Math.min(start + HOUR, before)
    const members = await caller.read((redis) => redis.zrangebyscore(list, start, `(${end}`))
    const { hour, save } = await open(device, start)
    const late = members.map((member) => parseSample(device, member))
    // Where something has changed meanwhile, it is looked at again.
    if (late.length > 0) await save(withSamples(hour, late), { list: SAMPLES, members })
    return true
  }

  async function starts(tier: Tier, device: string, older: number): Promise<number[]> {
    const all = await caller.read((redis) => redis.hkeys(`${prefix}blocks:${tier}:${device}`))
    const before = startOf(at - older, LENGTH[tier])
    return all.map(Number).filter((start) => start < before)
  }

  /** What is left of an hour that is too old to be kept as it was measured: its minutes. */
  async function age(device: string, start: number): Promise<void> {
    const { hour, save } = await open(device, start)
    const { samples, ...rest } = hour
    const aged: Hour = samples ? { ...rest, minutes: minutesOf(hour) } : rest
    await save(aged, { list: SAMPLES, members: [] })
  }

  async function drop(tier: Tier, device: string, older: number): Promise<void> {
    const old = await starts(tier, device, older)
    if (old.length > 0)
      await caller.read((redis) => redis.hdel(`${prefix}blocks:${tier}:${device}`, ...old.map(String)))
  }

  async function forget(device: string): Promise<void> {
    const places = ['raw', 'minutes', 'hours'].map((tier) => `${prefix}blocks:${tier}:${device}`)
    const left = await caller.read((redis) => redis.exists(`${prefix}${SAMPLES}:${device}`, ...places))
    if (left === 0) await caller.read((redis) => redis.srem(`${prefix}devices`, device))
  }

  const devices = (await caller.read((redis) => redis.smembers(`${prefix}devices`))).sort()
  for (const device of devices) {
    while (await caller.read((redis) => carryOver(redis, prefix, device, open))) await sleep(REST)
    while (await seal(device)) await sleep(REST)
  }
  for (const device of devices) {
    for (const start of await starts('raw', device, keep.raw)) {
      await age(device, start)
      await sleep(REST)
    }
    await drop('minutes', device, keep.minutes)
    await drop('hours', device, keep.hours)
    await forget(device)
  }
}
