import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { isBusy, unfinished } from '../../src/store/redis/jobs.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'
import type { JobResult, Store } from '../../src/store/store.ts'
import { job, record, until } from './support/world.ts'

const QUERY = { queue: 'q', lane: 'l', priority: 0, limit: 100 }

let prefix: string
let redis: Redis
let store: Store
let end: PromiseWithResolvers<JobResult>

beforeEach(async () => {
  end = Promise.withResolvers()
  prefix = `test-${randomUUID()}`
  redis = new Redis(inject('redisUrl'))
  store = await openRedisStore(inject('redisUrl'), { prefix })
  await store.enqueue([job('a', { lane: 'l' })])
})
afterEach(async () => {
  end.resolve('done')
  await store.close()
  await redis.unlink(await redis.keys(`{${prefix}}:*`))
  await redis.quit()
})

/** A connection that lets something happen after its first answer, before the caller goes on. */
function interrupted(meanwhile: () => Promise<unknown>): Redis {
  let happened: Promise<unknown> | undefined
  const slowed = async (answer: Promise<unknown>) => {
    const value = await answer
    happened ??= meanwhile()
    await happened
    return value
  }
  return new Proxy(redis, {
    get:
      (target, name) =>
      (...args: unknown[]) => {
        const answer: unknown = Reflect.get(target, name).apply(target, args)
        return answer instanceof Promise ? slowed(answer) : answer
      },
  })
}

const idsFound = async (connection: Redis) =>
  (await unfinished(connection, `{${prefix}}:`, QUERY)).map(({ job: { id } }) => id)

const runs = async () => {
  const recorder = record(store, () => end.promise)
  await until(() => recorder.runs.length === 1)
}
const waitsAgain = async () => {
  end.resolve({ retryAt: Date.now() + 3_600_000, why: 'later' })
  await until(async () => (await redis.hexists(`{${prefix}}:busy`, 'l')) === 0)
}

it('finds a job that begins to run between two looks', async () => {
  expect(await idsFound(interrupted(runs))).toEqual(['a'])
})

it('finds a job that stops running and waits again between two looks', async () => {
  await runs()
  expect(await idsFound(interrupted(waitsAgain))).toEqual(['a'])
})

it('tells that a lane is busy whose job begins to run between two looks', async () => {
  expect(await isBusy(interrupted(runs), `{${prefix}}:`, 'l')).toBe(true)
})
