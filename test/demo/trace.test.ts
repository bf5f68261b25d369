import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createTrace } from '../../src/demo/trace.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { NewJob, Store } from '../../src/store/store.ts'
import { until } from '../support/until.ts'

async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'trace-test-'))
  const trace = createTrace()
  const plain = await openSqliteStore(join(folder, 'trace.db'))
  onTestFinished(async () => {
    await plain.close()
    rmSync(folder, { recursive: true })
  })
  return { trace, store: trace.seen(plain) }
}

const push = (id: string, extra?: string): NewJob => ({
  id,
  queue: 'events',
  lane: 'breaker:1',
  payload: {
    from: 'push',
    report: { kind: 'event', device: '1', name: 'trip', fault: { raw: 'leak' }, extra },
  },
})

/** What is in the inbox is decided upon: a command follows from the first, an audit line from each but a reading. */
function decideIn(store: Store) {
  store.work('events', { concurrency: 1, lease: 10_000 }, async ({ id }) => {
    const command = { id: `switch:${id}`, queue: 'commands', lane: 'c', payload: { ref: 'R1' } }
    const line = { at: 1, who: 'system', what: `decided.${id}`, subject: '1' }
    await store.commit({
      done: id,
      ...(id !== 'reading' && { audit: [line] }),
      ...(id === 'trip' && { jobs: [command] }),
    })
    return 'committed'
  })
  store.work('commands', { concurrency: 1, lease: 10_000 }, async () => ({ dead: 'the cloud is away' }))
}

test('what follows from one push stands together, with what came of each job', async () => {
  const { trace, store } = await start()
  decideIn(store)
  await store.enqueue([push('trip')])
  const [way] = await until(() => {
    const ways = trace.ways()
    return ways[0]?.steps.length === 2 && ways
  }, 'both steps')
  expect(way).toMatchObject({
    id: 'trip',
    what: { from: 'push', kind: 'event', device: '1', name: 'trip leak' },
    steps: [
      {
        did: 'decided',
        queue: 'events',
        audit: [{ who: 'system', what: 'decided.trip' }],
        jobs: ['commands'],
      },
      { did: 'ran', queue: 'commands', outcome: 'the cloud is away', ref: 'R1' },
    ],
  })
})

test('what a breaker reports of a command belongs to the way that led to it; a plain reading to none', async () => {
  const { trace, store } = await start()
  decideIn(store)
  await store.enqueue([push('trip')])
  await until(() => trace.ways()[0]?.steps.length === 2, 'the command')
  await store.enqueue([push('reading'), push('order', 'R1')])
  await until(() => trace.ways()[0]?.steps.length === 3, 'the report of it')
  expect(trace.ways()).toHaveLength(1)
  expect(trace.audit().map(({ what }) => what)).toEqual(['decided.trip', 'decided.order'])
})

test('the store answers as it would without', async () => {
  const { store } = await start()
  expect(await store.enqueue([push('a'), push('a')])).toEqual({ added: ['a'] })
  expect(await store.commit({ writes: [{ key: 'x/1', value: 1, version: 5 }] })).toBe('conflict')
})
