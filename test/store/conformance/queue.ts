import { expect, it } from 'vitest'
import { held, job, quiet, record, until, type World } from '../support/world.ts'

const DAY = 24 * 3600_000

/** Taking jobs and handing them out. */
export function queueConformance(world: () => World): void {
  it('hands a job to its handler as it was when it was taken', async () => {
    const { store, now } = world()
    const payload = { text: '«跳闸» 🔌', list: [1, null, { deep: true }] }
    const taken = store.enqueue([job('a', { lane: 'chat', payload, priority: 3 })])
    payload.text = 'changed later'
    await taken
    const { runs } = record(store)
    await until(() => runs.length === 1)
    expect(runs[0]).toEqual({
      id: 'a',
      queue: 'q',
      lane: 'chat',
      payload: { text: '«跳闸» 🔌', list: [1, null, { deep: true }] },
      priority: 3,
      attempt: 1,
      begun: false,
      createdAt: now(),
    })
  })

  it('takes an id once: waiting, running, finished, and after reopening', async () => {
    const { store } = world()
    expect(await store.enqueue([job('a'), job('a'), job('b')])).toEqual({ added: ['a', 'b'] })
    expect(await store.enqueue([job('a')])).toEqual({ added: [] })
    const { handler, end } = held()
    const recorder = record(store, handler)
    await until(() => recorder.runs.length === 2)
    expect(await store.enqueue([job('a')])).toEqual({ added: [] })
    end()
    await recorder.stop()
    expect(await store.enqueue([job('a')])).toEqual({ added: [] })
    await world().reopen()
    expect(await world().store.enqueue([job('a'), job('c')])).toEqual({ added: ['c'] })
    const again = record(world().store)
    await quiet(world().store)
    expect(again.ids()).toEqual(['c'])
  })

  it('takes an id once when it comes many times at once', async () => {
    const { store } = world()
    const answers = await Promise.all(Array.from({ length: 50 }, () => store.enqueue([job('a')])))
    expect(answers.flatMap(({ added }) => added)).toEqual(['a'])
  })

  it('remembers ids of finished jobs for a week, and forgets them then', async () => {
    const { store, advance } = world()
    const recorder = record(store)
    await store.enqueue([job('old')])
    await quiet(store)
    advance(6 * DAY)
    await quiet(store)
    expect(await store.enqueue([job('old')])).toEqual({ added: [] })
    advance(2 * DAY)
    await until(async () => (await store.enqueue([job('old')])).added.length === 1)
    await until(() => recorder.runs.length === 2)
  })

  it('remembers an id for as long as its job asked for', async () => {
    const { store, advance } = world()
    const recorder = record(store)
    const hour = 3_600_000
    await store.enqueue([job('short', { remember: hour }), job('usual'), job('long', { remember: 30 * DAY })])
    const added = async (id: string) =>
      (await store.enqueue([job(id, { remember: hour })])).added.length === 1
    await until(() => recorder.runs.length === 3)
    await quiet(store)
    advance(hour - 1)
    await quiet(store)
    expect(await added('short')).toBe(false)
    advance(2 * hour)
    await until(() => added('short'))
    await until(() => recorder.runs.length === 4)
    expect(await added('usual')).toBe(false)
    advance(8 * DAY)
    await until(() => added('usual'))
    expect(await added('long')).toBe(false)
    await world().reopen()
    expect(await world().store.enqueue([job('long')])).toEqual({ added: [] })
    advance(23 * DAY)
    await until(async () => (await world().store.enqueue([job('long')])).added.length === 1)
  })

  it('remembers a cancelled job for as long as it asked for', async () => {
    const { store, now, advance } = world()
    const later = job('a', { dueAt: now() + 20 * DAY, remember: 3_600_000 })
    await store.enqueue([later, job('other', { queue: 'other' })])
    advance(DAY)
    await store.commit({ cancel: ['a'] })
    expect(await store.enqueue([later])).toEqual({ added: [] })
    advance(2 * 3_600_000)
    await until(async () => (await store.enqueue([later])).added.length === 1)
  })

  it('keeps waiting and dead jobs beyond that week', async () => {
    const { store, advance } = world()
    await store.enqueue([job('dead', { queue: 'dying' }), job('later', { dueAt: world().now() + 20 * DAY })])
    const dying = record(store, async () => ({ dead: 'no such chat' }), { queue: 'dying' })
    await until(async () => (await store.deadJobs()).length === 1)
    await dying.stop()
    const recorder = record(store)
    advance(19 * DAY)
    await quiet(store)
    expect(await store.enqueue([job('dead'), job('later')])).toEqual({ added: [] })
    advance(DAY)
    await until(() => recorder.ids().includes('later'))
  })

  it('keeps what it has taken when it is closed and opened', async () => {
    await world().store.enqueue([job('a'), job('b', { dueAt: world().now() + 1000 })])
    await world().reopen()
    const recorder = record(world().store)
    await quiet(world().store)
    expect(recorder.ids()).toEqual(['a'])
    world().advance(1000)
    await until(() => recorder.runs.length === 2)
    expect(recorder.ids()).toEqual(['a', 'b'])
  })

  it('runs a job when it is due and not before', async () => {
    const { store, now, advance } = world()
    const recorder = record(store)
    await store.enqueue([job('late', { dueAt: now() + 5000 }), job('early', { dueAt: now() + 1000 })])
    advance(999)
    await quiet(store)
    expect(recorder.ids()).toEqual([])
    advance(1)
    await until(() => recorder.ids().includes('early'))
    advance(3999)
    await quiet(store)
    expect(recorder.ids()).toEqual(['early'])
    advance(1)
    await until(() => recorder.ids().includes('late'))
  })

  it('runs by priority, then in the order of arrival', async () => {
    const { store } = world()
    await store.enqueue([job('a'), job('b', { priority: -1 }), job('c', { priority: 5 })])
    await store.enqueue([job('d'), job('e', { priority: 5 })])
    const recorder = record(store, undefined, { concurrency: 1 })
    await until(() => recorder.runs.length === 5)
    expect(recorder.ids()).toEqual(['c', 'e', 'a', 'd', 'b'])
  })

  it('adds no second job of a collapse key while one waits', async () => {
    const { store } = world()
    const like = (id: string) => job(id, { lane: 'card', collapse: 'card 7' })
    expect(await store.enqueue([like('a'), like('b'), job('c')])).toEqual({ added: ['a', 'c'] })
    expect(await store.enqueue([like('d')])).toEqual({ added: [] })
    const { handler, end } = held()
    const recorder = record(store, handler)
    await until(() => recorder.runs.length === 2)
    // «a» runs now and may have read old state: one more must follow, and only one.
    expect(await store.enqueue([like('e'), like('f')])).toEqual({ added: ['e'] })
    end()
    await until(() => recorder.ids().includes('e'))
    await quiet(store)
    expect(await store.enqueue([like('b')])).toEqual({ added: ['b'] })
  })

  it('counts a job that will be tried again as one that waits, for collapsing', async () => {
    const { store, now, advance } = world()
    const recorder = record(store, async ({ attempt }) =>
      attempt === 1 ? { retryAt: now() + 1000, why: 'busy' } : 'done',
    )
    await store.enqueue([job('a', { collapse: 'k' })])
    await until(async () => (await store.counts()).q?.waiting === 1 && recorder.runs.length === 1)
    expect(await store.enqueue([job('b', { collapse: 'k' })])).toEqual({ added: [] })
    advance(1000)
    await until(() => recorder.runs.length === 2)
    expect(recorder.ids()).toEqual(['a', 'a'])
  })

  it('counts waiting and dead jobs by queue and says how long the oldest is due', async () => {
    const { store, now, advance } = world()
    await store.enqueue([
      job('a'),
      job('b', { dueAt: now() + 60_000 }),
      job('c', { queue: 'other', dueAt: now() + 1 }),
    ])
    advance(500)
    expect(await store.counts()).toEqual({
      q: { waiting: 2, dead: 0, oldestDue: 500 },
      other: { waiting: 1, dead: 0, oldestDue: 499 },
    })
    const recorder = record(store, async () => ({ dead: 'refused' }))
    await until(async () => (await store.counts()).q?.dead === 1)
    await recorder.stop()
    expect((await store.counts()).q).toEqual({ waiting: 1, dead: 1, oldestDue: 0 })
  })

  it('refuses a payload that is not JSON without harm to the others', async () => {
    const { store } = world()
    const bad = store.enqueue([job('fine'), job('bad', { payload: 1n })])
    const good = store.enqueue([job('good')])
    await expect(bad).rejects.toThrow()
    expect(await good).toEqual({ added: ['good'] })
    expect(await store.enqueue([job('fine')])).toEqual({ added: ['fine'] })
  })
}
