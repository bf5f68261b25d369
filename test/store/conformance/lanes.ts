import { expect, it } from 'vitest'
import type { JobHandler, JobResult, NewJob } from '../../../src/store/store.ts'
import { job, quiet, record, START, until, type World } from '../support/world.ts'

/** Jobs of one lane run one at a time and in order. */
export function laneConformance(world: () => World): void {
  /** A handler that takes some turns of the event loop and takes down who ran beside whom. */
  function watched() {
    const running = new Map<string, number>()
    const seen = { most: 0, mostOfOneLane: 0 }
    const handler: JobHandler = async ({ lane }) => {
      const ofLane = (running.get(lane) ?? 0) + 1
      running.set(lane, ofLane)
      const all = [...running.values()].reduce((sum, count) => sum + count, 0)
      seen.most = Math.max(seen.most, all)
      seen.mostOfOneLane = Math.max(seen.mostOfOneLane, ofLane)
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
      running.set(lane, (running.get(lane) ?? 0) - 1)
      return 'done'
    }
    return { seen, handler }
  }

  it('never runs two jobs of a lane at once, whichever workers and queues', async () => {
    const { store } = world()
    const { seen, handler } = watched()
    const workers = ['q', 'q', 'other'].map((queue) => record(store, handler, { queue, concurrency: 8 }))
    const jobs = Array.from({ length: 200 }, (_, n) =>
      job(`${n}`, { lane: `lane ${n % 5}`, queue: n % 3 ? 'q' : 'other' }),
    )
    await Promise.all(jobs.map((one) => store.enqueue([one])))
    await until(() => workers.flatMap(({ runs }) => runs).length === 200)
    expect(seen.mostOfOneLane).toBe(1)
    expect(seen.most).toBeGreaterThan(1)
  })

  it('keeps the order within a lane, across queues too', async () => {
    const { store } = world()
    const order: string[] = []
    const handler: JobHandler = async ({ id }) => {
      order.push(id)
      return 'done'
    }
    const ids = Array.from({ length: 30 }, (_, n) => `${n}`)
    for (const id of ids) await store.enqueue([job(id, { lane: 'l', queue: Number(id) % 2 ? 'q' : 'other' })])
    record(store, handler)
    record(store, handler, { queue: 'other' })
    await until(() => order.length === ids.length)
    expect(order).toEqual(ids)
  })

  it('tells whether a lane has something that is due or runs', async () => {
    const { store } = world()
    expect(await store.busy('l')).toBe(false)
    await store.enqueue([job('later', { lane: 'l', dueAt: START + 3_600_000 })])
    expect(await store.busy('l')).toBe(false)
    await store.enqueue([job('now', { lane: 'l' })])
    expect(await store.busy('l')).toBe(true)
    const end = Promise.withResolvers<'done'>()
    const { runs } = record(store, () => end.promise)
    await until(() => runs.length === 1)
    expect([await store.busy('l'), await store.busy('other')]).toEqual([true, false])
    end.resolve('done')
    await until(async () => !(await store.busy('l')))
  })

  it('prefers the higher priority within a lane', async () => {
    const { store } = world()
    await store.enqueue([
      job('a', { lane: 'l' }),
      job('b', { lane: 'l', priority: 1 }),
      job('c', { lane: 'l', priority: 9 }),
    ])
    const recorder = record(store)
    await until(() => recorder.runs.length === 3)
    expect(recorder.ids()).toEqual(['c', 'b', 'a'])
  })

  it('lets other lanes go on while one is busy', async () => {
    const { store } = world()
    const { promise: slow, resolve } = Promise.withResolvers<'done'>()
    const recorder = record(store, ({ id }) => (id === 'slow' ? slow : Promise.resolve('done')))
    await store.enqueue([job('slow', { lane: 'busy' }), job('behind', { lane: 'busy' }), job('free')])
    await quiet(store)
    expect(recorder.ids()).toEqual(['slow', 'free'])
    resolve('done')
    await until(() => recorder.ids().includes('behind'))
  })

  it('is not held up by a job of the lane that is not due yet', async () => {
    const { store, now, advance } = world()
    await store.enqueue([
      job('later', { lane: 'l', dueAt: now() + 1000, priority: 9 }),
      job('now', { lane: 'l' }),
    ])
    const recorder = record(store)
    await quiet(store)
    expect(recorder.ids()).toEqual(['now'])
    advance(1000)
    await until(() => recorder.runs.length === 2)
  })

  it('lets the others of a lane pass a job that is to be tried again later', async () => {
    const { store, now, advance } = world()
    await store.enqueue([job('a', { lane: 'l' }), job('b', { lane: 'l' })])
    const recorder = record(store, async ({ id, attempt }) =>
      id === 'a' && attempt === 1 ? { retryAt: now() + 1000, why: 'wait' } : 'done',
    )
    await until(() => recorder.runs.length === 2)
    await quiet(store)
    expect(recorder.ids()).toEqual(['a', 'b'])
    advance(1000)
    await until(() => recorder.runs.length === 3)
    expect(recorder.runs[2]).toMatchObject({ id: 'a', attempt: 2 })
  })

  it('runs nothing of a paused lane, also after reopening, and keeps its order then', async () => {
    const { now, advance } = world()
    const handler: JobHandler = async ({ id, attempt }) =>
      id === 'a' && attempt === 1 ? { retryAt: now() + 10_000, why: '429', pauseLane: true } : 'done'
    await world().store.enqueue([job('a', { lane: 'l' }), job('b', { lane: 'l' })])
    const first = record(world().store, handler)
    await until(() => first.runs.length === 1)
    await world().store.enqueue([job('urgent', { lane: 'l', priority: 9 }), job('elsewhere')])
    advance(5000)
    await quiet(world().store)
    expect(first.ids()).toEqual(['a', 'elsewhere'])

    await world().reopen()
    const second = record(world().store, handler)
    advance(4999)
    await quiet(world().store)
    expect(second.ids()).toEqual([])
    advance(1)
    await until(() => second.runs.length === 3)
    expect(second.ids()).toEqual(['urgent', 'a', 'b'])
  })

  it('lets only what is more urgent pass a job that could not be tried yet, and counts no attempt, also after reopening', async () => {
    const { now, advance } = world()
    let isOpen = false
    const handler: JobHandler = async ({ id }) =>
      id === 'a' && !isOpen ? { waitUntil: now() + 10_000, why: 'no room' } : 'done'
    const lane = (id: string, priority: number) => job(id, { lane: 'l', priority })
    await world().store.enqueue([lane('a', 5), lane('b', 5), lane('c', 0)])
    const first = record(world().store, handler)
    await until(() => first.runs.length === 1)
    await world().store.enqueue([lane('urgent', 9), lane('d', 5), job('elsewhere')])
    await until(() => first.runs.length === 3)
    await quiet(world().store)
    expect(first.ids().toSorted()).toEqual(['a', 'elsewhere', 'urgent'])

    await world().reopen()
    const second = record(world().store, handler)
    await world().store.enqueue([lane('urgent, too', 6)])
    await until(() => second.runs.length === 1)
    advance(9999)
    await quiet(world().store)
    expect(second.ids()).toEqual(['urgent, too'])
    isOpen = true
    advance(1)
    await until(() => second.runs.length === 5)
    expect(second.ids().slice(1)).toEqual(['a', 'b', 'd', 'c'])
    expect(second.runs[1]).toMatchObject({ id: 'a', attempt: 1 })
  })

  it('keeps a lane whole that is paused for all, though it is made to yield as well', async () => {
    const { store, now, advance } = world()
    const results: Record<string, JobResult[]> = {
      low: [{ waitUntil: now() + 5000, why: 'no room' }],
      high: [{ retryAt: now() + 1000, why: '429', pauseLane: true }],
    }
    await store.enqueue([job('low', { lane: 'l' })])
    const recorder = record(store, async ({ id }) => results[id]?.shift() ?? 'done')
    await until(() => recorder.runs.length === 1)
    await store.enqueue([job('high', { lane: 'l', priority: 9 })])
    await until(() => recorder.runs.length === 2)
    await store.enqueue([job('higher', { lane: 'l', priority: 10 })])
    await quiet(store)
    expect(recorder.ids()).toEqual(['low', 'high'])
    advance(1000)
    await until(() => recorder.runs.length === 4)
    expect(recorder.ids().slice(2)).toEqual(['higher', 'high'])
    advance(4000)
    await until(() => recorder.runs.length === 5)
    expect(recorder.ids().at(-1)).toBe('low')
  })

  it('runs a high one that waits short at its time, though a low one waits long, also after reopening', async () => {
    const { now, advance } = world()
    const results: Record<string, JobResult[]> = {
      low: [{ waitUntil: now() + 10_000, why: 'no room' }],
      high: [{ waitUntil: now() + 2000, why: 'no room' }],
    }
    const handler: JobHandler = async ({ id }) => results[id]?.shift() ?? 'done'
    await world().store.enqueue([job('low', { lane: 'l' })])
    const first = record(world().store, handler)
    await until(() => first.runs.length === 1)
    await world().store.enqueue([job('high', { lane: 'l', priority: 9 })])
    await until(() => first.runs.length === 2)
    await world().store.enqueue([
      job('as high', { lane: 'l', priority: 9 }),
      job('between', { lane: 'l', priority: 5 }),
      job('as low', { lane: 'l' }),
    ])
    await quiet(world().store)
    expect(first.ids()).toEqual(['low', 'high'])

    await world().reopen()
    const second = record(world().store, handler)
    advance(1999)
    await quiet(world().store)
    expect(second.ids()).toEqual([])
    advance(1)
    await until(() => second.runs.length === 3)
    await quiet(world().store)
    expect(second.ids()).toEqual(['high', 'as high', 'between'])
    advance(8000)
    await until(() => second.runs.length === 5)
    expect(second.ids().slice(3)).toEqual(['low', 'as low'])
  })

  it('tells what of a lane has not ended, and why it waits', async () => {
    const { store, now, advance } = world()
    const lane = (id: string, more: Partial<NewJob> = {}) => job(id, { lane: 'l', priority: 9, ...more })
    await store.enqueue([
      lane('first'),
      lane('low', { priority: 0 }),
      lane('ended'),
      lane('dead'),
      job('elsewhere'),
    ])
    const stuck = Promise.withResolvers<'done'>()
    const recorder = record(store, async ({ id }) => {
      if (id === 'first') return { retryAt: now() + 60_000, why: 'refused for now' }
      if (id === 'dead') return { dead: 'for good' }
      return id === 'runs' ? stuck.promise : 'done'
    })
    await until(async () => (await store.deadJobs()).length === 1)
    advance(1000)
    await store.enqueue([
      lane('runs'),
      lane('later', { dueAt: now() + 5000 }),
      lane('other queue', { queue: 'other' }),
    ])
    await until(() => recorder.ids().includes('runs'))
    const query = { queue: 'q', lane: 'l', priority: 9, limit: 100 }
    const found = await store.unfinished(query)
    expect(found.map(({ job: { id }, why }) => [id, why])).toEqual([
      ['first', 'refused for now'],
      ['runs', undefined],
      ['later', undefined],
    ])
    expect(found[0]!.job).toMatchObject({ createdAt: now() - 1000, payload: null, priority: 9 })
    expect((await store.unfinished({ ...query, limit: 1 })).map(({ job: { id } }) => id)).toEqual(['first'])
    const since = { ...query, after: found[0]!.job.createdAt }
    expect((await store.unfinished(since)).map(({ job: { id } }) => id)).toEqual(['runs', 'later'])
    const newest = { ...query, after: found[1]!.job.createdAt }
    expect(await store.unfinished(newest)).toEqual([])
    stuck.resolve('done')
  })
}
