import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { JobHandler } from '../../../src/store/store.ts'
import { held, job, quiet, record, until, type World } from '../support/world.ts'

/** Workers beside each other, their stopping, and the closing of the store. */
export function workerConformance(world: () => World): void {
  it('gives 2,000 jobs that come at once to several workers, each job once', async () => {
    const { store } = world()
    const workers = [record(store), record(store), record(store)]
    const ids = Array.from({ length: 2000 }, (_, n) => `${n}`)
    const answers = await Promise.all(ids.map((id) => store.enqueue([job(id)])))
    expect(answers.flatMap(({ added }) => added)).toEqual(ids)
    const runs = () => workers.flatMap((worker) => worker.ids())
    await until(() => runs().length >= ids.length)
    await quiet(store)
    expect(runs().sort()).toEqual([...ids].sort())
  })

  it('keeps lanes in order and apart, whichever of several workers takes a job', async () => {
    const { store } = world()
    const lanes = ['a', 'b', 'c', 'd', 'e']
    const busy = new Set<string>()
    const order: string[] = []
    const handler: JobHandler = async ({ id, lane }) => {
      expect(busy.has(lane)).toBe(false)
      busy.add(lane)
      await store.commit({ done: id })
      await setImmediate()
      order.push(id)
      busy.delete(lane)
      return 'committed'
    }
    const workers = ['q', 'q', 'r'].map((queue) => record(store, handler, { queue, concurrency: 3 }))
    const jobs = Array.from({ length: 600 }, (_, n) =>
      job(`${n}`, { lane: lanes[n % lanes.length]!, queue: n % 3 ? 'q' : 'r' }),
    )
    await Promise.all(jobs.map((one) => store.enqueue([one])))
    await until(() => order.length === jobs.length)
    expect(workers.flatMap(({ runs }) => runs.filter(({ attempt }) => attempt > 1))).toEqual([])
    for (const lane of lanes) {
      const ids = jobs.filter((one) => one.lane === lane).map(({ id }) => id)
      expect(order.filter((id) => ids.includes(id))).toEqual(ids)
    }
  })

  it('runs no more at once than it may', async () => {
    const { store } = world()
    await store.enqueue(Array.from({ length: 10 }, (_, n) => job(`${n}`)))
    const { handler, end } = held()
    const recorder = record(store, handler, { concurrency: 3 })
    const other = record(store, undefined, { queue: 'other' })
    await quiet(store, 'other')
    expect(recorder.runs.length).toBe(3)
    end()
    await until(() => recorder.runs.length === 10)
    expect(other.runs).toEqual([])
  })

  it('gives a worker the jobs of its queue only', async () => {
    const { store } = world()
    await store.enqueue([job('a'), job('b', { queue: 'other' })])
    const recorder = record(store)
    await quiet(store)
    expect(recorder.ids()).toEqual(['a'])
  })

  it('stops a worker: the running job ends, no other begins', async () => {
    const { store } = world()
    await store.enqueue([job('a')])
    const { handler, end } = held()
    const recorder = record(store, handler)
    await until(() => recorder.runs.length === 1)
    let stopped = false
    const stopping = recorder.stop().then(() => {
      stopped = true
    })
    await store.enqueue([job('b')])
    expect(stopped).toBe(false)
    end()
    await stopping
    expect(await store.counts()).toEqual({ q: { waiting: 1, dead: 0, oldestDue: 0 } })
    await recorder.stop()
    const next = record(store)
    await until(() => next.runs.length === 1)
    expect([recorder.ids(), next.ids()]).toEqual([['a'], ['b']])
  })

  it('closes while working: running jobs may still commit and end, the rest is kept', async () => {
    const { store } = world()
    await store.enqueue([job('a', { lane: 'l' }), job('b', { lane: 'l' })])
    const { promise: go, resolve } = Promise.withResolvers<void>()
    const recorder = record(store, async ({ id }) => {
      await go
      await store.commit({ writes: [{ key: 'ran/last', value: id, version: 0 }], done: id })
      return 'committed'
    })
    await until(() => recorder.runs.length === 1)
    const closing = store.close()
    resolve()
    await closing
    await store.close()
    await world().reopen()
    expect(await world().store.get('ran/last')).toMatchObject({ value: 'a' })
    const second = record(world().store)
    await quiet(world().store)
    expect(second.ids()).toEqual(['b'])
  })

  it('keeps what was asked for in the moment of closing, and refuses what comes after', async () => {
    const { store } = world()
    const asked = store.enqueue([job('a')])
    await store.close()
    expect(await asked).toEqual({ added: ['a'] })
    await expect(store.enqueue([job('b')])).rejects.toThrow('closed')
    await expect(store.commit({})).rejects.toThrow('closed')
    await expect(store.get('breaker/1')).rejects.toThrow('closed')
    expect(() => record(store)).toThrow('closed')
    await world().reopen()
    expect(await world().store.enqueue([job('a'), job('b')])).toEqual({ added: ['b'] })
  })
}
