import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyChain } from '../../src/store/audit-chain.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'
import type { Store } from '../../src/store/store.ts'
import { type RedisProcess, startRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'
import { job, record } from './support/world.ts'

let redis: RedisProcess
let store: Store

beforeEach(async () => {
  redis = await startRedis(['--appendfsync', 'always'])
  store = await openRedisStore(redis.url)
})
afterEach(async () => {
  await store.close()
  await redis.remove()
})

/** Events come all the time; each is decided upon by a commit that counts it and leaves a job that sends. */
function busy() {
  const accepted: string[] = []
  const refused: unknown[] = []
  const sent: string[] = []
  let isOver = false
  const workers = [
    store.work('events', { concurrency: 8, lease: 60_000 }, async ({ id }) => {
      const count = await store.get<number>('count/all')
      const answer = await store.commit({
        writes: [{ key: 'count/all', value: (count?.value ?? 0) + 1, version: count?.version ?? 0 }],
        jobs: [job(`send ${id}`, { queue: 'send', lane: 'chat' })],
        audit: [{ at: 1, who: 'system', what: 'counted', subject: id }],
        done: id,
      })
      return answer === 'ok' ? 'committed' : { retryAt: Date.now(), why: 'another was quicker' }
    }),
    store.work('send', { concurrency: 4, lease: 60_000 }, async ({ id }) => {
      sent.push(id)
      return 'done'
    }),
  ]
  const coming = (async () => {
    for (let n = 0; !isOver; n++) {
      const ids = [`${n}a`, `${n}b`]
      await store
        .enqueue(ids.map((id) => job(id, { queue: 'events' })))
        .then(({ added }) => accepted.push(...added))
        .catch((error) => refused.push(error))
      await delay(10)
    }
  })()
  return {
    ...{ accepted, refused, sent },
    /** Waits until everything accepted was counted and sent, and checks that nothing was so twice. */
    async end() {
      isOver = true
      await coming
      // Looked up in a set: searching thousands again and again would leave no time for the work itself.
      const isAllSent = () => {
        const ids = new Set(sent)
        return accepted.every((id) => ids.has(`send ${id}`))
      }
      await until(isAllSent, 'everything accepted to be sent', 60_000)
      await until(async () => Object.keys(await store.counts()).length === 0, 'all work to be done')
      await Promise.all(workers.map((worker) => worker.stop()))
      expect(new Set(sent).size).toBe((await store.get<number>('count/all'))?.value)
      expect(verifyChain(await store.audit({ limit: 100_000 }))).toEqual({ intact: true })
    },
  }
}

const works = () =>
  store.enqueue([job(`probe ${Math.random()}`, { queue: 'nobody' })]).then(
    () => true,
    () => false,
  )

describe('Redis goes away', () => {
  it('refuses while it is gone, and goes on by itself when it is back', { timeout: 150_000 }, async () => {
    const work = busy()
    for (const away of [300, 3000]) {
      await until(() => work.sent.length > 20)
      await redis.kill()
      await until(() => work.refused.length > 0)
      const began = performance.now()
      await expect(store.enqueue([job('x')])).rejects.toMatchObject({ code: 'away' })
      await expect(store.get('count/all')).rejects.toMatchObject({ code: 'away' })
      const lane = { queue: 'send', lane: 'chat', priority: 0, limit: 100 }
      await expect(store.unfinished(lane)).rejects.toMatchObject({ code: 'away' })
      expect(performance.now() - began).toBeLessThan(4000)
      await delay(away)
      await redis.start()
      await until(works, 'the store to be back')
      const before = work.sent.length
      await until(() => work.sent.length > before, 'jobs to be run again')
      work.refused.length = 0
    }
    await cleared()
    await work.end()
  })

  it('does not keep the program from ending, with jobs at work', async () => {
    const { promise, resolve } = Promise.withResolvers<'done'>()
    const recorder = record(store, () => promise)
    await store.enqueue([job('a')])
    await until(() => recorder.runs.length === 1)
    await redis.kill()
    await until(async () => !(await works()))
    let isOver = false
    const stopping = recorder.stop().then(() => {
      isOver = true
    })
    await delay(200)
    expect(isOver).toBe(false)
    resolve('done')
    await stopping
    await store.close()
    await redis.start()
    store = await openRedisStore(redis.url)
    const again = record(store)
    await until(() => again.runs.length === 1, 'the job to be run again', 15_000)
    expect(again.runs[0]).toMatchObject({ id: 'a', attempt: 2 })
  })

  it('does not hang when it hangs', { timeout: 150_000 }, async () => {
    const work = busy()
    await until(() => work.sent.length > 20)
    redis.freeze()
    await expect(store.get('count/all')).rejects.toMatchObject({ code: 'away' })
    await delay(3000)
    redis.thaw()
    const before = work.sent.length
    await until(() => work.sent.length > before, 'jobs to be run again')
    await cleared()
    await work.end()
  })

  it('takes nothing by halves when its memory is full, and goes on when there is room', {
    timeout: 150_000,
  }, async () => {
    const admin = new Redis(redis.url)
    const work = busy()
    await until(() => work.sent.length > 20)
    await admin.config('SET', 'maxmemory', '1mb')
    await until(() => work.refused.length > 0)
    const answer = store.commit({ writes: [{ key: 'a/1', value: 1, version: 0 }], jobs: [job('a')] })
    await expect(answer).rejects.toMatchObject({
      code: 'full',
      message: expect.stringContaining('give Redis more memory or disk'),
    })
    await delay(2000)
    await admin.config('SET', 'maxmemory', '0')
    expect(await store.get('a/1')).toBeUndefined()
    await until(works, 'the store to take jobs again')
    const before = work.sent.length
    await until(() => work.sent.length > before, 'jobs to be run again')
    await cleared()
    await work.end()
    await admin.quit()
  })

  it('loses nothing when it is killed while it rewrites its file', { timeout: 150_000 }, async () => {
    const admin = new Redis(redis.url)
    admin.on('error', () => {})
    const work = busy()
    for (let round = 0; round < 3; round++) {
      const before = work.accepted.length
      await until(() => work.accepted.length > before + 40)
      await admin.bgrewriteaof()
      if (round === 1) {
        await redis.kill()
        await redis.start()
        await until(works, 'the store to be back')
        await until(() => admin.status === 'ready')
      }
    }
    await cleared()
    await work.end()
    admin.disconnect()
  })

  /** Takes away the jobs of a queue that nobody works. */
  async function cleared(): Promise<void> {
    const probes = record(store, undefined, { queue: 'nobody' })
    await until(async () => (await store.counts()).nobody === undefined)
    await probes.stop()
  }
})
