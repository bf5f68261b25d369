import { expect, it } from 'vitest'
import type { Commit } from '../../../src/store/store.ts'
import { job, quiet, record, START, until, type World } from '../support/world.ts'

/** Everything that follows from one event, as a whole or not at all. */
export function commitConformance(world: () => World): void {
  const write = (key: string, value: unknown, version: number): Commit => ({
    writes: [{ key, value, version }],
  })
  const entry = { at: START, who: 'system', what: 'tested', subject: 's' }

  it('creates, changes and deletes with the version that was read', async () => {
    const { store } = world()
    expect(await store.get('breaker/1')).toBeUndefined()
    expect(await store.commit(write('breaker/1', { open: true }, 0))).toBe('ok')
    expect(await store.get('breaker/1')).toEqual({ key: 'breaker/1', value: { open: true }, version: 1 })
    expect(await store.commit(write('breaker/1', 'text', 1))).toBe('ok')
    await world().reopen()
    expect(await world().store.get('breaker/1')).toEqual({ key: 'breaker/1', value: 'text', version: 2 })
    expect(await world().store.commit(write('breaker/1', null, 2))).toBe('ok')
    expect(await world().store.get('breaker/1')).toBeUndefined()
    expect(await world().store.commit(write('breaker/1', 1, 0))).toBe('ok')
  })

  it.each([
    ['a key that exists already', 'a/1', 1, 0],
    ['an old version', 'a/1', 1, 1],
    ['a version yet to come', 'a/1', 1, 3],
    ['a key that does not exist', 'a/2', 1, 1],
    ['deleting an old version', 'a/1', null, 1],
    ['deleting what should not exist', 'a/1', null, 0],
    ['deleting what does not exist', 'a/2', null, 1],
  ])('reports a conflict: %s', async (_, key, value, version) => {
    const { store } = world()
    await store.commit(write('a/1', 'first', 0))
    await store.commit(write('a/1', 'second', 1))
    expect(await store.commit(write(key, value, version))).toBe('conflict')
    expect(await store.get('a/1')).toEqual({ key: 'a/1', value: 'second', version: 2 })
    expect(await store.get('a/2')).toBeUndefined()
  })

  it('writes nothing at all in a conflict', async () => {
    const { store } = world()
    await store.commit(write('a/1', 'kept', 0))
    await store.enqueue([job('waiting', { dueAt: START + 1000 })])
    const answer = await store.commit({
      writes: [
        { key: 'a/2', value: 'new', version: 0 },
        { key: 'a/1', value: 'newer', version: 7 },
        { key: 'a/3', value: 'new', version: 0 },
      ],
      jobs: [job('new')],
      cancel: ['waiting'],
      done: 'waiting',
      audit: [entry],
      samples: [{ device: 'd', at: START, voltage: 230 }],
    })
    expect(answer).toBe('conflict')
    expect(await store.get('a/1')).toMatchObject({ value: 'kept', version: 1 })
    expect([await store.get('a/2'), await store.get('a/3')]).toEqual([undefined, undefined])
    expect(await store.audit({})).toEqual([])
    expect(await store.samples('d', 0, START * 2)).toEqual([])
    const recorder = record(store)
    world().advance(1000)
    await until(() => recorder.runs.length === 1)
    await quiet(store)
    expect(recorder.ids()).toEqual(['waiting'])
  })

  it('lets one of several commits on the same version through', async () => {
    const { store } = world()
    const answers = await Promise.all([1, 2, 3].map((n) => store.commit(write('a/1', n, 0))))
    expect(answers.filter((answer) => answer === 'ok')).toEqual(['ok'])
    const increment = async () => {
      for (;;) {
        const { value, version } = (await store.get<number>('a/count')) ?? { value: 0, version: 0 }
        if ((await store.commit(write('a/count', value + 1, version))) === 'ok') return
      }
    }
    await Promise.all(Array.from({ length: 20 }, increment))
    expect(await store.get('a/count')).toMatchObject({ value: 20, version: 20 })
  })

  it('takes state down as it was when it was handed over', async () => {
    const { store } = world()
    const state = { presses: 1 }
    const committed = store.commit(write('a/1', state, 0))
    state.presses = 2
    await committed
    expect(await store.get('a/1')).toMatchObject({ value: { presses: 1 } })
  })

  it('adds jobs and finishes the one it came from, together', async () => {
    const { store } = world()
    const recorder = record(store, async ({ id }) => {
      if (id !== 'event') return 'done'
      await store.commit({ ...write('a/1', 'seen', 0), jobs: [job('send')], done: id })
      expect((await store.counts()).q?.waiting ?? 0).toBe(0)
      return 'committed'
    })
    await store.enqueue([job('event')])
    await until(() => recorder.runs.length === 2)
    expect(recorder.ids()).toEqual(['event', 'send'])
    expect(await store.enqueue([job('event'), job('send')])).toEqual({ added: [] })
  })

  it('shows a job the state that came with it, whatever was read before', async () => {
    const { store } = world()
    const seen: unknown[] = []
    record(store, async () => {
      seen.push((await store.get('a/1'))?.value)
      return 'done'
    })
    for (let n = 0; n < 20; n++) {
      const index = n % 2 ? { index: { at: START, open: n % 3 > 0 } } : {}
      await store.commit({ writes: [{ key: 'a/1', value: n, version: n, ...index }], jobs: [job(`${n}`)] })
      await until(() => seen.length === n + 1)
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => n))
  })

  it('does not run a job again whose commit has finished it, whatever the handler does then', async () => {
    const { store, advance } = world()
    const recorder = record(store, async ({ id }) => {
      await store.commit({ done: id })
      if (id === 'throws') throw new Error('after the commit')
      return id === 'retries' ? { retryAt: START, why: 'no matter' } : { dead: 'no matter' }
    })
    await store.enqueue([job('throws'), job('retries'), job('dies')])
    await until(() => recorder.runs.length === 3)
    await quiet(store)
    advance(3600_000)
    await quiet(store)
    expect(recorder.ids()).toEqual(['throws', 'retries', 'dies'])
    expect(await store.deadJobs()).toEqual([])
  })

  it('shows a job what the commit has written that brought it, and all before', async () => {
    const { store } = world()
    const seen: unknown[] = []
    record(store, async ({ payload }) => {
      seen.push([payload, (await store.get('a/1'))?.value])
      return 'done'
    })
    for (let n = 1; n <= 50; n++) {
      await store.commit({ ...write('a/1', n, n - 1), jobs: [job(`${n}`, { payload: n })] })
      await until(() => seen.length === n)
    }
    expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => [n + 1, n + 1]))
  })

  it('takes the commit that finishes a job once', async () => {
    const { store } = world()
    await store.enqueue([job('event')])
    const recorder = record(store, async ({ id }) => {
      await store.commit({ jobs: [job('first')], done: id })
      const again = await store.commit({ ...write('a/1', 'twice', 0), jobs: [job('second')], done: id })
      expect(again).toBe('ok')
      return 'committed'
    })
    await until(() => recorder.runs.length > 0)
    await quiet(store)
    expect(recorder.ids().filter((id) => id !== 'event')).toEqual(['first'])
    expect(await store.get('a/1')).toBeUndefined()
    await expect(store.commit({ ...write('a/1', 1, 0), done: 'never seen' })).rejects.toThrow('never seen')
    expect(await store.get('a/1')).toBeUndefined()
  })

  it('cancels waiting jobs, also those not due yet; passes over others', async () => {
    const { store, advance } = world()
    const { promise, resolve } = Promise.withResolvers<'done'>()
    const recorder = record(store, ({ id }) => (id === 'running' ? promise : Promise.resolve('done')))
    await store.enqueue([
      job('running', { lane: 'l' }),
      job('ready', { lane: 'l' }),
      job('kept', { lane: 'l' }),
    ])
    await store.enqueue([job('timer', { dueAt: START + 1000 })])
    await until(() => recorder.runs.length === 1)
    expect(await store.commit({ cancel: ['running', 'ready', 'timer', 'unknown'] })).toBe('ok')
    resolve('done')
    advance(1000)
    await until(() => recorder.ids().includes('kept'))
    await quiet(store)
    expect(recorder.ids()).toEqual(['running', 'kept'])
    expect(await store.enqueue([job('timer')])).toEqual({ added: [] })
  })

  it('cancels before it adds, so that a collapsed job can be put in place of another', async () => {
    const { store } = world()
    await store.enqueue([job('old', { collapse: 'k' })])
    await store.commit({ cancel: ['old'], jobs: [job('new', { collapse: 'k' })] })
    const recorder = record(store)
    await quiet(store)
    expect(recorder.ids()).toEqual(['new'])
  })

  it('refuses what cannot be kept, without harm to what is asked for beside it', async () => {
    const { store } = world()
    const answers = await Promise.allSettled([
      store.commit({ ...write('no kind', 1, 0), jobs: [job('a')] }),
      store.commit(write('a/1', 'fine', 0)),
      store.commit({ ...write('a/2', 1, 0), audit: [{ ...entry, at: Number.NaN }] }),
      store.commit(write('a/3', undefined, 0)),
      store.enqueue([job('b')]),
    ])
    expect(answers.map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ])
    expect(await store.get('a/1')).toMatchObject({ value: 'fine' })
    expect(await store.get('a/2')).toBeUndefined()
    expect(await store.enqueue([job('a'), job('b')])).toEqual({ added: ['a'] })
  })
}
