import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLiveness, type Liveness } from '../../src/app/liveness.ts'
import { StoreError } from '../../src/store/errors.ts'
import type { Job, JobHandler, Store } from '../../src/store/store.ts'

const MINUTE = 60_000

/** A store of which only this is asked. */
function fakeStore(counts: Store['counts']) {
  const handlers = new Map<string, JobHandler>()
  const work: Store['work'] = (queue, _options, handler) => {
    handlers.set(queue, handler)
    return { stop: async () => {} }
  }
  return { store: { counts, work } as Store, run: (queue: string) => handlers.get(queue)!({} as Job) }
}

const due = (oldestDue: number) => async () => ({ events: { waiting: 1, dead: 0, oldestDue } })

test('a store whose thread has ended is past help; one that is away, full or refuses once is not', async () => {
  const failing = (error: Error) =>
    createLiveness(fakeStore(() => Promise.reject(error)).store, true).ailment()
  expect(await failing(new StoreError('failed', 'The thread has ended.'))).toBe('The thread has ended.')
  for (const code of ['away', 'full', 'closed'] as const)
    expect(await failing(new StoreError(code, code))).toBe(undefined)
  expect(await failing(new Error('a transaction failed'))).toBe(undefined)
})

describe('a store that does not answer', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** Looks for so long, and tells what was found wrong. */
  async function lookedFor(ms: number, { ailment }: Pick<Liveness, 'ailment'>): Promise<string[]> {
    const found: string[] = []
    for (const end = performance.now() + ms; performance.now() < end; ) {
      const why = ailment()
      await vi.advanceTimersByTimeAsync(10_000)
      found.push(...[(await why) ?? []].flat())
      await vi.advanceTimersByTimeAsync(15_000)
    }
    return found
  }

  test('is past help after minutes, not before: it may be busy with a slow disk', async () => {
    const silent = createLiveness(fakeStore(() => new Promise(() => {})).store, true)
    expect(await lookedFor(4 * MINUTE, silent)).toEqual([])
    expect((await lookedFor(2 * MINUTE, silent)).at(-1)).toMatch(/has not answered for 5 min/)
  })

  test('has answered, however late that was', async () => {
    const late = fakeStore(() => new Promise((resolve) => setTimeout(resolve, 12_000, {})))
    expect(await lookedFor(20 * MINUTE, createLiveness(late.store, true))).toEqual([])
  })
})

test('what came in must be decided upon: by us, where nobody else does', async () => {
  let time = 0
  const clock = () => time
  const stuck = fakeStore(due(10 * MINUTE))
  const { store, ailment } = createLiveness(stuck.store, true, clock)
  store.work('events', { concurrency: 1, lease: 1 }, async () => 'done')
  store.work('posts', { concurrency: 1, lease: 1 }, async () => 'done')
  expect(await ailment()).toBe(undefined)
  time += 5 * MINUTE
  await stuck.run('posts')
  time += MINUTE
  expect(await ailment()).toMatch(/Nothing that came in has been decided upon for 6 min/)
  expect(await createLiveness(stuck.store, false, clock).ailment()).toBe(undefined)
  await stuck.run('events')
  expect(await ailment()).toBe(undefined)
})

test('where nothing waits, nothing need be decided upon', async () => {
  let time = 0
  const { ailment } = createLiveness(fakeStore(due(0)).store, true, () => time)
  time += 60 * MINUTE
  expect(await ailment()).toBe(undefined)
  expect(await createLiveness(fakeStore(async () => ({})).store, true, () => time).ailment()).toBe(undefined)
})
