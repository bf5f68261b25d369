import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { countTransactions } from './support/journal.ts'
import { temporaryFolder } from './support/sqlite.ts'
import { held, job, quiet, record, until } from './support/world.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let file: string
let store: Store

beforeEach(async () => {
  folder = await temporaryFolder()
  file = join(folder.path, 'store.db')
  store = await openSqliteStore(file)
})
afterEach(async () => {
  await store.close()
  await folder.remove()
})

/** How many transactions something takes. */
async function transactions(work: () => Promise<unknown>): Promise<number> {
  const before = countTransactions(file)
  await work()
  return countTransactions(file) - before
}

it('takes what is asked for in one turn into one transaction', async () => {
  const jobs = Array.from({ length: 128 }, (_, n) => job(`${n}`))
  expect(await transactions(() => Promise.all(jobs.map((one) => store.enqueue([one]))))).toBe(1)
  const mixed = () =>
    Promise.all([
      store.enqueue([job('a')]),
      store.commit({ writes: [{ key: 'a/1', value: 1, version: 0 }] }),
      store.commit({ writes: [{ key: 'a/1', value: 2, version: 0 }] }),
      store.begin('a').catch(() => 'not running'),
    ])
  expect(await transactions(mixed)).toBe(1)
  expect(await store.get('a/1')).toMatchObject({ value: 1 })
})

it('lets the event loop go on between the transactions of a great crowd', async () => {
  const jobs = Array.from({ length: 1000 }, (_, n) => job(`${n}`))
  let turns = 0
  const turn = () => {
    turns++
    counting = setImmediate(turn)
  }
  let counting = setImmediate(turn)
  expect(await transactions(() => Promise.all(jobs.map((one) => store.enqueue([one]))))).toBe(8)
  clearImmediate(counting)
  expect(turns).toBeGreaterThanOrEqual(3)
  const last = Promise.all(jobs.map((one) => store.enqueue([{ ...one, id: `last ${one.id}` }])))
  await store.close()
  expect((await last).flatMap(({ added }) => added).length).toBe(1000)
})

it('claims a job in the transaction that takes it: the handler is called without delay', async () => {
  const { handler, end } = held()
  const recorder = record(store, handler)
  expect(await transactions(() => store.enqueue([job('a'), job('b')]))).toBe(1)
  expect(recorder.ids()).toEqual(['a', 'b'])
  end()
})

it('ends jobs and claims the next ones in one transaction', async () => {
  const [first, second] = [held(), held()]
  const recorder = record(store, (run) => (Number(run.id) < 50 ? first : second).handler(run), {
    concurrency: 50,
  })
  await store.enqueue(Array.from({ length: 100 }, (_, n) => job(`${n}`)))
  const next = async () => {
    first.end()
    await until(() => recorder.runs.length === 100)
  }
  expect(await transactions(next)).toBe(1)
  second.end()
})

it('is not slowed down by what waits', async () => {
  const lanes = Array.from({ length: 10_000 }, (_, n) => job(`${n}`))
  const oneLane = Array.from({ length: 10_000 }, (_, n) => job(`behind ${n}`, { lane: 'one' }))
  const later = Array.from({ length: 10_000 }, (_, n) => job(`later ${n}`, { dueAt: Date.now() + 3600_000 }))
  await Promise.all([store.enqueue(oneLane), store.enqueue(later), store.enqueue(lanes)])
  const recorder = record(store, undefined, { concurrency: 100 })
  await until(() => recorder.runs.filter(({ lane }) => lane !== 'one').length === 10_000)
})

/**
 * Makes COMMIT itself fail while a job called `poison` is written, as a full disk would: a foreign key that is
 * checked at the very end.
 */
async function poisoned() {
  await store.close()
  const db = new DatabaseSync(file)
  db.exec(`
    CREATE TABLE never (id INTEGER PRIMARY KEY);
    CREATE TABLE poison (id INTEGER REFERENCES never (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE TRIGGER poisoning AFTER INSERT ON jobs WHEN new.id = 'poison' BEGIN INSERT INTO poison VALUES (1); END`)
  db.close()
  const errors: string[] = []
  const log = { warn: () => {}, error: (_: object, message: string) => errors.push(message) }
  store = await openSqliteStore(file, { log })
  return errors
}

it('rejects all of a transaction that fails, and goes on', async () => {
  const errors = await poisoned()
  const recorder = record(store)
  const answers = await Promise.allSettled([
    store.enqueue([job('a')]),
    store.enqueue([job('poison')]),
    store.commit({ writes: [{ key: 'a/1', value: 1, version: 0 }] }),
  ])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(errors).toEqual(['a transaction of the store failed'])
  expect(recorder.runs).toEqual([])
  expect(await store.get('a/1')).toBeUndefined()
  expect(await store.enqueue([job('a')])).toEqual({ added: ['a'] })
  await quiet(store)
  expect(recorder.ids()).toEqual(['a'])
})

it('keeps runs and lanes right when a transaction fails that ends and claims', async () => {
  await poisoned()
  const { promise, resolve } = Promise.withResolvers<'done'>()
  const recorder = record(store, ({ id }) => (id === 'first' ? promise : Promise.resolve('done')))
  await store.enqueue([job('first', { lane: 'l' }), job('second', { lane: 'l' })])
  const failing = expect(store.enqueue([job('poison')])).rejects.toThrow()
  resolve('done')
  await failing
  expect(await store.enqueue([job('other')])).toEqual({ added: ['other'] })
  await until(() => recorder.runs.length === 3)
  await recorder.stop()
  expect(recorder.runs.map(({ id, attempt }) => `${id} ${attempt}`)).toEqual([
    'first 1',
    'other 1',
    'second 1',
  ])
  expect(await store.counts()).toEqual({})
})

it('gives the number of an ended job to no other, whose run may still go on', async () => {
  const { promise, resolve } = Promise.withResolvers<'done'>()
  const recorder = record(store, async ({ id }) => {
    await store.commit({ done: id })
    return id === 'long' ? promise : 'committed'
  })
  await store.enqueue([job('long')])
  await until(async () => Object.keys(await store.counts()).length === 0 && recorder.runs.length === 1)
  await store.enqueue([job('waits', { queue: 'other' })])
  resolve('done')
  await recorder.stop()
  expect((await store.counts()).other?.waiting).toBe(1)
})
