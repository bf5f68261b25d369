/**
 * A process to be killed: `node child.ts enqueue|work STORE`. It writes a line for everything that the store has
 * acknowledged: `enqueue` the ids of jobs, `work` the ids of events whose commit is done, `begin` the ids of jobs that
 * are begun, which never end.
 */
import { writeSync } from 'node:fs'
import { openStore } from '../../../src/store/open.ts'
import type { Store } from '../../../src/store/store.ts'

const [task, place] = process.argv.slice(2)
const say = (line: string) => writeSync(1, `${line}\n`)

async function enqueue(store: Store) {
  for (let n = 0; ; n += 4) {
    const ids = [n, n + 1, n + 2, n + 3].map(String)
    await Promise.all(
      ids.map(async (id) => {
        await store.enqueue([{ id, queue: 'q', lane: id, payload: null }])
        say(id)
      }),
    )
  }
}

function work(store: Store) {
  store.work('q', { concurrency: 8, lease: 60_000 }, async ({ id }) => {
    const key = 'count/all'
    for (;;) {
      const count = await store.get<number>(key)
      const write = { key, value: (count?.value ?? 0) + 1, version: count?.version ?? 0 }
      const next = { id: `after ${id}`, queue: 'next', lane: id, payload: null }
      if ((await store.commit({ writes: [write], jobs: [next], done: id })) === 'ok') break
    }
    say(id)
    return 'committed'
  })
}

function begin(store: Store) {
  store.work('q', { concurrency: 8, lease: 60_000 }, async ({ id, attempt }) => {
    await store.begin(id, attempt)
    say(id)
    return new Promise(() => {})
  })
}

const store = await openStore(place ?? '')
say('open')
const tasks: Record<string, (store: Store) => unknown> = { enqueue, work, begin }
await tasks[task ?? '']?.(store)
