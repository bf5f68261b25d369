import { expect, test } from 'vitest'
import { createMetrics } from '../../src/engine/metrics.ts'
import { tracingStore } from '../../src/engine/tracing-store.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { until } from '../support/until.ts'
import { newFolder } from './rig.ts'

test.each([[null], [{ what: 'x' }]])('a job with the payload %j runs, whoever made it', async (payload) => {
  const store = await openSqliteStore(`${newFolder()}/store.db`)
  await store.enqueue([{ id: 'a', queue: 'q', lane: 'l', priority: 0, payload }])
  const seen: unknown[] = []
  const worker = tracingStore(store, createMetrics()).work(
    'q',
    { concurrency: 1, lease: 10_000 },
    async (job) => {
      seen.push(job.payload)
      return 'done'
    },
  )
  await until(() => seen.length > 0, 'the job to run')
  await worker.stop()
  expect(seen).toEqual([payload])
  await store.close()
})
