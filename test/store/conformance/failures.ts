import { expect, it } from 'vitest'
import type { JobResult } from '../../../src/store/store.ts'
import { job, LEASE, quiet, record, START, until, type World } from '../support/world.ts'

/** What becomes of runs that do not end well. */
export function failureConformance(world: () => World): void {
  it('tries a job again when its handler says, not before', async () => {
    const { store, now, advance } = world()
    const recorder = record(store, async ({ attempt }) =>
      attempt < 3 ? { retryAt: now() + 7000, why: 'busy' } : 'done',
    )
    await store.enqueue([job('a')])
    for (const attempt of [1, 2, 3]) {
      await until(() => recorder.runs.length === attempt)
      await quiet(store)
      advance(6999)
      await quiet(store)
      expect(recorder.runs.length).toBe(attempt)
      advance(1)
    }
    await quiet(store)
    expect(recorder.runs.map((run) => run.attempt)).toEqual([1, 2, 3])
  })

  it('tries a job whose handler throws after 1 s, 2 s, 4 s … 5 min', async () => {
    const { store, advance, now } = world()
    const times: number[] = []
    const recorder = record(store, async () => {
      times.push(now())
      throw new Error('the provider is away')
    })
    await store.enqueue([job('a')])
    for (let attempt = 1; attempt <= 11; attempt++) {
      await until(() => recorder.runs.length === attempt)
      await quiet(store)
      const delay = Math.min(300_000, 1000 * 2 ** (attempt - 1))
      advance(delay - 1)
      await quiet(store)
      advance(1)
    }
    const delays = times.slice(1).map((time, n) => time - times[n]!)
    expect(delays.map((delay) => delay / 1000)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300])
  })

  it('counts attempts across reopening', async () => {
    await world().store.enqueue([job('a')])
    const first = record(world().store, async () => ({ retryAt: START + 1000, why: 'busy' }))
    await until(() => first.runs.length === 1)
    await world().reopen()
    const second = record(world().store)
    world().advance(1000)
    await until(() => second.runs.length === 1)
    expect(second.runs[0]?.attempt).toBe(2)
  })

  it('keeps dead jobs with the reason, the newest first', async () => {
    const { store, advance } = world()
    const dying = record(store, async ({ id }) => ({ dead: `chat ${id} is gone` }), { concurrency: 1 })
    for (const id of ['a', 'b', 'c']) {
      await store.enqueue([job(id, { payload: { id } })])
      await quiet(store)
      advance(1000)
    }
    await dying.stop()
    const kept = await store.deadJobs()
    expect(kept.map(({ job, why, at }) => [job.id, why, at])).toEqual([
      ['c', 'chat c is gone', START + 2000],
      ['b', 'chat b is gone', START + 1000],
      ['a', 'chat a is gone', START],
    ])
    expect(kept[0]?.job).toMatchObject({ queue: 'q', payload: { id: 'c' }, attempt: 1 })
    expect(await store.deadJobs(1)).toEqual([kept[0]])
    expect(await store.enqueue([job('a')])).toEqual({ added: [] })
    await world().reopen()
    expect(await world().store.deadJobs()).toEqual(kept)
  })

  it('takes «committed» without a commit for a failure', async () => {
    const { store, advance } = world()
    const recorder = record(store, async ({ attempt }) => (attempt === 1 ? 'committed' : 'done'))
    await store.enqueue([job('a')])
    await until(() => recorder.runs.length === 1)
    await quiet(store)
    advance(1000)
    await until(() => recorder.runs.length === 2)
  })

  it('runs a job again when its lease has run out, and no longer listens to the lost run', async () => {
    const { store, advance } = world()
    const answers = [Promise.withResolvers<JobResult>(), Promise.withResolvers<JobResult>()]
    const recorder = record(store, ({ attempt }) => answers[attempt - 1]!.promise, { concurrency: 1 })
    await store.enqueue([job('a', { lane: 'l' }), job('b', { lane: 'l' })])
    await until(() => recorder.runs.length === 1)
    advance(LEASE - 1)
    expect(recorder.runs.length).toBe(1)
    advance(1)
    await until(() => recorder.runs.length === 2)
    expect(recorder.runs[1]).toMatchObject({ id: 'a', attempt: 2, begun: false })

    answers[0]!.resolve({ dead: 'too late to say' })
    await store.commit({})
    expect(await store.deadJobs()).toEqual([])
    expect(recorder.runs.length).toBe(2)
    answers[1]!.resolve('done')
    await until(() => recorder.runs.length === 3)
    expect(recorder.runs[2]?.id).toBe('b')
    answers[0]!.resolve('done')
  })

  it('tells a later run that an earlier one had begun', async () => {
    await world().store.enqueue([job('a')])
    const { now } = world()
    const first = record(world().store, async ({ id, attempt }) => {
      if (attempt === 2) await world().store.begin(id, attempt)
      return { retryAt: now() + 1000, why: 'no answer' }
    })
    await until(() => first.runs.length === 1)
    await quiet(world().store)
    world().advance(1000)
    await until(() => first.runs.length === 2)
    await world().reopen()
    world().advance(1000)
    const second = record(world().store)
    await until(() => second.runs.length === 1)
    expect([...first.runs, ...second.runs].map((run) => run.begun)).toEqual([false, false, true])
  })

  it('lets a run begin once, and nobody begin a job that is not running', async () => {
    const { store } = world()
    const begun: string[] = []
    const begin = (attempt?: number) =>
      store.begin('a', attempt).then(
        () => begun.push('yes'),
        () => begun.push('no'),
      )
    await store.enqueue([job('a')])
    await begin()
    const recorder = record(store, async () => {
      await begin(2)
      await begin(1)
      await begin(1)
      await begin()
      return 'done'
    })
    await quiet(store)
    await recorder.stop()
    await begin(1)
    expect(begun).toEqual(['no', 'no', 'yes', 'no', 'no', 'no'])
  })

  it('lets only one of a lost run and its successor begin', async () => {
    const { store, advance } = world()
    const wake = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const acted: number[] = []
    const recorder = record(store, async ({ id, attempt }) => {
      await wake[attempt - 1]?.promise
      await store.begin(id)
      acted.push(attempt)
      return 'done'
    })
    await store.enqueue([job('a')])
    await until(() => recorder.runs.length === 1)
    advance(LEASE)
    await until(() => recorder.runs.length === 2)
    wake[0]!.resolve()
    await until(() => acted.length === 1)
    wake[1]!.resolve()
    await quiet(store)
    await store.commit({})
    expect(acted).toEqual([1])
    advance(2000)
    await until(() => recorder.runs.length === 3)
    expect(recorder.runs[2]?.begun).toBe(true)
  })
}
