import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Log } from '../../domain/log.ts'
import type { Keep } from '../keep.ts'
import { HOUR, MINUTE, merge, mergeRuns, type Rollup, rollUp, startOf, widen } from '../rollup.ts'
import type { Caller } from './caller.ts'
import { LISTS, parseRollup, parseSample, rollupMember } from './samples.ts'

/** How often a round begins, ms. */
const EVERY = 20 * 60_000
/** How long after the start the first one begins, ms: there is more urgent work then. */
const FIRST_AFTER = 60_000
/** How many of a kind one step drops or moves at most. */
const STEP = 200
/** A pause between two steps, ms, so that everything else goes on meanwhile. */
const REST = 5

interface Parts {
  caller: Caller
  prefix: string
  instance: string
  keep: Keep
  log: Pick<Log, 'error'> | undefined
}

/** Returns what is to be called now and then with the time: one of all instances keeps the store from growing. */
export function createTidying({ caller, prefix, instance, keep, log }: Parts): (at: number) => void {
  let dueAt: number | undefined
  let isBusy = false

  async function round(at: number): Promise<void> {
    const { held } = await caller.call(
      'lease',
      { name: 'tidying', holder: instance, ttl: EVERY / 2 },
      'shared',
    )
    if (!held) return
    while (await forget(at)) await sleep(REST)
    const devices = await caller.read((redis) => redis.smembers(`${prefix}devices`))
    for (const device of devices) await age(device, at)
    await caller.call('lease', { name: 'tidying', holder: instance, ttl: 0 }, 'shared')
  }

  async function forget(at: number): Promise<boolean> {
    const documents = Object.entries(keep.documents).map(([kind, time]) => ({ kind, before: at - time }))
    const ask = { limit: STEP, dead: at - keep.deadJobs, audit: at - keep.audit, documents }
    return (await caller.call('forget', ask)).more === true
  }

  async function age(device: string, at: number): Promise<void> {
    const [raw, minutes, hours] = [LISTS.raw, LISTS.minutes, LISTS.hours].map((list) => `${list}:${device}`)
    const toMinute = (member: string) => rollUp(parseSample(device, member), MINUTE)
    const toHour = (member: string) => widen(parseRollup(device, member), HOUR)
    while (await roll(raw!, minutes!, startOf(at - keep.samples, MINUTE), toMinute)) await sleep(REST)
    while (await roll(minutes!, hours!, startOf(at - keep.minutes, HOUR), toHour)) await sleep(REST)
    const end = startOf(at - keep.hours, HOUR)
    await caller.read((redis) => redis.zremrangebyscore(`${prefix}${hours}`, '-inf', `(${end}`))
    const left = await caller.read((redis) =>
      redis.exists(...[raw, minutes, hours].map((one) => `${prefix}${one}`)),
    )
    if (left === 0) await caller.read((redis) => redis.srem(`${prefix}devices`, device))
  }

  /** Moves one step of what lies before a time into longer spans; true when more may lie there. */
  async function roll(
    from: string,
    to: string,
    before: number,
    convert: (member: string) => Rollup,
  ): Promise<boolean> {
    const out = await caller.read((redis) =>
      redis.zrangebyscore(`${prefix}${from}`, '-inf', `(${before}`, 'LIMIT', 0, STEP),
    )
    if (out.length === 0) return false
    const rollups = mergeRuns(out.map(convert))
    const add = await caller.read((redis) =>
      Promise.all(rollups.map((one) => joined(redis, `${prefix}${to}`, one))),
    )
    await caller.call('roll', { from, to, out, add })
    return true
  }

  return (at) => {
    dueAt ??= at + FIRST_AFTER
    if (isBusy || at < dueAt) return
    dueAt = at + EVERY
    isBusy = true
    round(at)
      .catch((error) => {
        if (!caller.isClosed())
          log?.error({ err: error }, 'the store could not be tidied up; it will be tried again')
      })
      .finally(() => {
        isBusy = false
      })
  }
}

/** A roll-up together with what stands at its place. */
async function joined(redis: Redis, list: string, one: Rollup) {
  const [old] = await redis.zrangebyscore(list, one.start, one.start)
  const whole = old === undefined ? one : merge(parseRollup(one.device, old), one)
  return { start: one.start, new: rollupMember(whole), ...(old !== undefined && { old }) }
}
