import { expect, it } from 'vitest'
import type { Commit, NewJob } from '../../../src/store/store.ts'
import { job, quiet, record, START, until, type World } from '../support/world.ts'

/** A job that ends with the commit that brings it. */
export function takingConformance(world: () => World): void {
  const taking = (takes: NewJob, value = 1): Commit => ({
    takes,
    writes: [{ key: `a/${value}`, value, version: 0 }],
    jobs: [job(`after-${value}`, { queue: 'next' })],
    audit: [{ at: START, who: 'system', what: 'tested', subject: 's' }],
    samples: [{ device: 'd', at: START, voltage: 230 }],
  })
  const written = async () => ({
    documents: [(await world().store.get('a/1'))?.value, (await world().store.get('a/2'))?.value],
    audit: (await world().store.audit({})).length,
    samples: (await world().store.samples('d', 0, START * 2)).length,
    next: (await world().store.counts()).next?.waiting ?? 0,
  })
  const NOTHING = { documents: [undefined, undefined], audit: 0, samples: 0, next: 0 }

  it('is on disk with all that follows, and never runs', async () => {
    expect(await world().store.commit(taking(job('event')))).toBe('ok')
    await world().reopen()
    expect(await written()).toEqual({ documents: [1, undefined], audit: 1, samples: 1, next: 1 })
    const recorder = record(world().store)
    await world().store.enqueue([job('later')])
    await until(() => recorder.runs.length > 0)
    expect(recorder.ids()).toEqual(['later'])
  })

  it('counts as one that has been taken', async () => {
    const { store } = world()
    await store.commit(taking(job('event')))
    expect(await store.enqueue([job('event')])).toEqual({ added: [] })
    expect(await store.commit(taking(job('event'), 2))).toBe('conflict')
    expect((await written()).documents).toEqual([1, undefined])
  })

  it('is remembered for as long as any other, or as it says', async () => {
    const { store, advance } = world()
    await store.commit(taking(job('short', { remember: 60_000 })))
    await store.commit({ takes: job('usual') })
    advance(3_600_000)
    await until(async () => (await store.enqueue([job('short')])).added.length === 1)
    expect(await store.enqueue([job('usual')])).toEqual({ added: [] })
  })

  it.each([
    ['waits', {}],
    ['waits for its time', { dueAt: START + 1000 }],
    ['runs', { queue: 'held' }],
  ])('is refused where a job with its id %s', async (_, more) => {
    const { store } = world()
    const { promise, resolve } = Promise.withResolvers<'done'>()
    record(store, () => promise, { queue: 'held' })
    await store.enqueue([job('event', more)])
    expect(await store.commit(taking(job('event', { lane: 'other' })))).toBe('conflict')
    expect(await written()).toEqual(NOTHING)
    resolve('done')
  })

  it('is refused where a job of its lane waits, and comes after it then', async () => {
    const { store } = world()
    await store.enqueue([job('first', { lane: 'l' })])
    expect(await store.commit(taking(job('second', { lane: 'l' })))).toBe('conflict')
    expect(await written()).toEqual(NOTHING)
    await store.enqueue([job('second', { lane: 'l' })])
    const recorder = record(store)
    await until(() => recorder.runs.length === 2)
    expect(recorder.ids()).toEqual(['first', 'second'])
  })

  it('is refused while a job of its lane runs', async () => {
    const { store } = world()
    const { promise, resolve } = Promise.withResolvers<'done'>()
    const recorder = record(store, () => promise)
    await store.enqueue([job('first', { lane: 'l' })])
    await until(() => recorder.runs.length === 1)
    expect(await store.commit(taking(job('second', { lane: 'l' })))).toBe('conflict')
    resolve('done')
    await quiet(store)
    expect(await store.commit(taking(job('second', { lane: 'l' })))).toBe('ok')
  })

  it.each([
    ['one that is tried again', { retryAt: START + 60_000, why: 'away', pauseLane: true }],
    ['one that could not be tried yet', { waitUntil: START + 60_000, why: 'away' }],
  ])('is refused while %s holds its lane up', async (_, result) => {
    const { store, advance } = world()
    let tries = 0
    record(store, async () => (++tries === 1 ? result : 'done'))
    await store.enqueue([job('first', { lane: 'l' })])
    await until(() => tries === 1)
    await quiet(store)
    expect(await store.commit(taking(job('second', { lane: 'l' })))).toBe('conflict')
    expect(await written()).toEqual(NOTHING)
    advance(61_000)
    await until(() => tries === 2)
    await quiet(store)
    await until(async () => (await store.commit(taking(job('second', { lane: 'l' })))) === 'ok')
  })

  it('goes before what waits for its time', async () => {
    const { store } = world()
    await store.enqueue([job('timer', { lane: 'l', dueAt: START + 60_000 })])
    expect(await store.commit(taking(job('event', { lane: 'l' })))).toBe('ok')
  })

  it('is refused where a version is another one, and not taken', async () => {
    const { store } = world()
    await store.commit({ writes: [{ key: 'a/2', value: 0, version: 0 }] })
    expect(await store.commit(taking(job('event'), 2))).toBe('conflict')
    expect(await store.enqueue([job('event')])).toEqual({ added: ['event'] })
  })

  it('lets one of several through that come at once in one lane', async () => {
    const { store } = world()
    const commit = (id: string): Commit => ({
      takes: job(id, { lane: 'l' }),
      jobs: [job(`after ${id}`, { lane: 'l', queue: 'next' })],
    })
    const answers = await Promise.all(['1', '2', '3'].map((id) => store.commit(commit(id))))
    expect(answers).toEqual(['ok', 'conflict', 'conflict'])
  })
}
