import { randomUUID } from 'node:crypto'
import { expect, inject, onTestFinished, test } from 'vitest'
import { openRedisStore } from '../../src/store/redis/open.ts'
import type { Job, Store } from '../../src/store/store.ts'
import { until } from '../support/until.ts'

const prefix = `heir-${randomUUID()}`

async function open(holder: string): Promise<Store> {
  const store = await openRedisStore(inject('redisUrl'), { prefix, holder })
  onTestFinished(() => store.close())
  return store
}

/** Runs the job; answers, once it runs, with what ends it. */
async function beginToRun(store: Store): Promise<() => void> {
  const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<'done'>()]
  store.work('q', { concurrency: 1, lease: 600_000 }, () => {
    begun.resolve()
    return ended.promise
  })
  await begun.promise
  return () => ended.resolve('done')
}

test('what a dead process was running is run at once by the one that comes back under its name, and by no other', async () => {
  const first = await open('one')
  await first.enqueue([{ id: 'job', queue: 'q', lane: 'l', payload: {} }])
  const end = await beginToRun(first)
  const seen: [string, Job][] = []
  const note = (who: string, store: Store) =>
    store.work('q', { concurrency: 1, lease: 600_000 }, async (job) => {
      seen.push([who, job])
      return 'done'
    })
  // Stands for a process that lives on: it gives its sign of life all the time.
  note('other', await open('other'))
  await until(async () => (await first.counts()).q === undefined, 'the job to run')
  expect(seen).toEqual([])
  note('heir', await open('one'))
  await until(() => seen.length === 1, 'the job to be run again')
  expect(seen[0]![1]).toMatchObject({ id: 'job', attempt: 2 })
  end()
})
