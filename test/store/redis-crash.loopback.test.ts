import { readdirSync, readFileSync, truncateSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyChain } from '../../src/store/audit-chain.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'
import type { Store } from '../../src/store/store.ts'
import { type RedisProcess, startRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'
import { startChild } from './support/process.ts'
import { job, record } from './support/world.ts'

/** Generous: thousands of jobs, each written to the disk, take their time on a busy machine. */
const ALL_DONE_WITHIN = 90_000

let redis: RedisProcess
const stores: Store[] = []

beforeEach(async () => {
  redis = await startRedis(['--appendfsync', 'always'])
})
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()))
  await redis.remove()
})

async function open(url = redis.url): Promise<Store> {
  const store = await openRedisStore(url)
  stores.push(store)
  return store
}

describe('several instances on one Redis', () => {
  it('run each job once, those of a lane one at a time and in order, whichever runs them', async () => {
    const all = await Promise.all([open(), open(), open()])
    const order: string[] = []
    const by: number[] = [0, 0, 0]
    const running = new Set<string>()
    const workers = all.map((store, index) =>
      store.work('q', { concurrency: 4, lease: 60_000 }, async ({ id, lane }) => {
        expect(running.has(lane)).toBe(false)
        running.add(lane)
        await store.commit({ done: id })
        order.push(id)
        by[index]!++
        running.delete(lane)
        return 'committed'
      }),
    )
    const jobs = Array.from({ length: 300 }, (_, n) => job(`${n}`, { lane: `lane ${n % 7}` }))
    for (const one of jobs) await all[Number(one.id) % 3]!.enqueue([one])
    await until(() => order.length === jobs.length)
    expect(new Set(order).size).toBe(jobs.length)
    for (let lane = 0; lane < 7; lane++) {
      const ids = jobs.filter((one) => one.lane === `lane ${lane}`).map(({ id }) => id)
      expect(order.filter((id) => ids.includes(id))).toEqual(ids)
    }
    expect(by.filter((count) => count > 0).length).toBeGreaterThan(1)
    await Promise.all(workers.map((worker) => worker.stop()))
  })

  it('chain one audit, whoever adds to it, and lose no commit', async () => {
    const all = await Promise.all([open(), open()])
    const count = async (store: Store, who: string) => {
      for (let n = 0; n < 40; ) {
        const known = await store.get<number>('count/all')
        const answer = await store.commit({
          writes: [{ key: 'count/all', value: (known?.value ?? 0) + 1, version: known?.version ?? 0 }],
          audit: [{ at: n, who, what: 'counted', subject: who }],
        })
        if (answer === 'ok') n++
      }
    }
    await Promise.all(all.flatMap((store, n) => [count(store, `${n}a`), count(store, `${n}b`)]))
    expect((await all[0]!.get('count/all'))?.value).toBe(160)
    const rows = await all[1]!.audit({ limit: 1000 })
    expect(rows.length).toBe(160)
    expect(verifyChain(rows)).toEqual({ intact: true })
  })

  it('take over what a killed one was doing', { timeout: 120_000 }, async () => {
    const store = await open()
    await store.enqueue(Array.from({ length: 3000 }, (_, n) => job(`${n}`)))
    const child = await startChild('work', redis.url)
    await until(() => child.lines().length > 20)
    await child.kill()
    const done = child.lines()
    const left = record(store, async ({ id }) => {
      await store.commit({ jobs: [job(`after ${id}`, { queue: 'next' })], done: id })
      return 'committed'
    })
    const key = 'count/all'
    const isOver = async () => (await store.counts()).next?.waiting === 3000
    await until(isOver, 'all jobs to be done', ALL_DONE_WITHIN)
    const again = left.runs.filter((run) => run.attempt === 2)
    expect(again.length).toBeGreaterThan(0)
    expect(again.length).toBeLessThanOrEqual(8)
    expect((await store.get<number>(key))!.value + left.runs.length).toBeGreaterThanOrEqual(3000)
    expect(left.ids().filter((id) => done.includes(id))).toEqual([])
  })
})

describe('a torn file', () => {
  it('opens with every whole commit before it, and none by halves', async () => {
    const store = await open()
    const taken: number[] = []
    for (let n = 0; n < 60; n++) {
      await store.commit({
        writes: [{ key: `note/${n}`, value: n, version: 0, index: { at: n, open: true } }],
        jobs: [job(`${n}`, { dueAt: Date.now() + 3_600_000 })],
        audit: [{ at: n, who: 'system', what: 'noted', subject: `${n}` }],
      })
      taken.push(n)
    }
    await stores.pop()!.close()
    await redis.kill()
    const folder = join(redis.folder, 'appendonlydir')
    const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.incr.aof'))!)
    for (const lost of [1, 300, 2000, 5000]) {
      truncateSync(file, readFileSync(file).length - lost)
      await redis.start()
      const again = await openRedisStore(redis.url)
      const notes = (await again.list({ kind: 'note', limit: 1000 })).map(({ value }) => value).toReversed()
      expect(notes).toEqual(taken.slice(0, notes.length))
      const rows = await again.audit({ limit: 1000 })
      expect(rows.map(({ at }) => at)).toEqual(notes)
      expect(verifyChain(rows)).toEqual({ intact: true })
      expect((await again.counts()).q?.waiting ?? 0).toBe(notes.length)
      await again.close()
      await redis.kill()
      taken.length = notes.length
    }
    expect(taken.length).toBeLessThan(60)
  })
})

describe('fail-over to a replica', () => {
  it('goes on with the new primary at the same address', { timeout: 60_000 }, async () => {
    const replica = await startRedis(['--replicaof', '127.0.0.1', `${redis.port}`])
    const address = await startAddress(redis.port)
    const admin = new Redis(replica.url)
    try {
      await until(async () => /master_link_status:up/.test(await admin.info('replication')))
      const store = await open(`redis://127.0.0.1:${address.port}`)
      const sent: string[] = []
      store.work('q', { concurrency: 4, lease: 60_000 }, async ({ id }) => {
        sent.push(id)
        return 'done'
      })
      await store.enqueue(Array.from({ length: 20 }, (_, n) => job(`before ${n}`)))
      await until(() => sent.length === 20)
      await store.commit({ writes: [{ key: 'note/kept', value: 1, version: 0 }] })
      await until(async () => (await admin.exists('{breakerbot}:doc:note/kept')) === 1)
      await redis.kill()
      await admin.call('REPLICAOF', 'NO', 'ONE')
      address.lead(replica.port)
      const works = () =>
        store.enqueue([job('after', { lane: 'l' })]).then(
          () => true,
          () => false,
        )
      await until(works, 'the store to be back')
      await until(() => sent.includes('after'), 'jobs to be run again')
      expect(await store.get('note/kept')).toMatchObject({ value: 1 })
      expect(new Set(sent).size).toBe(sent.length)
    } finally {
      await Promise.all(stores.splice(0).map((store) => store.close()))
      admin.disconnect()
      address.close()
      await replica.remove()
    }
  })
})

/** An address that leads now here, now there, as a virtual one or a service name does. */
async function startAddress(
  first: number,
): Promise<{ port: number; lead(port: number): void; close(): void }> {
  let target = first
  const sockets = new Set<Socket>()
  const server: Server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('a server without a port')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: address.port,
    lead(port) {
      target = port
      cut()
    },
    close() {
      cut()
      server.close()
    },
  }
}
