import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { DAY, HOUR } from '../../src/store/hour.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'
import type { Sample } from '../../src/store/store.ts'
import { summaries } from './support/summaries.ts'
import { START, until } from './support/world.ts'

let prefix: string
let redis: Redis

beforeEach(() => {
  prefix = `test-${randomUUID()}`
  redis = new Redis(inject('redisUrl'))
})
afterEach(async () => {
  await redis.unlink(await redis.keys(`{${prefix}}:*`))
  await redis.quit()
})

/** Puts samples away, and closes. */
async function sealed(samples: Sample[], now: number): Promise<void> {
  let time = now
  const store = await openRedisStore(inject('redisUrl'), { prefix, now: () => time })
  await store.commit({ samples })
  // The first tidying up is due a minute after the first look at the clock.
  await until(async () => {
    time += 30_000
    return (await redis.zcard(`{${prefix}}:samples:d`)) === 0
  })
  await store.close()
}

it('makes the hours of a day anew where a late value is put away and their block cannot be read', async () => {
  const samples = [0, 1, 2].map((hour): Sample => ({ device: 'd', at: START + hour * HOUR, power: hour }))
  await sealed(samples, START + 4 * HOUR)
  const place = `{${prefix}}:blocks:hours:d`
  expect(await redis.hexists(place, String(START))).toBe(1)
  await redis.hset(place, String(START), Buffer.from([1, 255, 255, 255]))
  await sealed([{ device: 'd', at: START + 60_000, power: 7 }], START + 4 * HOUR)
  const store = await openRedisStore(inject('redisUrl'), { prefix, now: () => START + 4 * HOUR })
  const hours = await summaries(store, ['d'], 'hour', START, START + DAY)
  expect(hours.map(({ power }) => power?.count)).toEqual([2, 1, 1])
  await store.close()
})
