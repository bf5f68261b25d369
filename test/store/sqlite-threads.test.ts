import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { StoreError } from '../../src/store/errors.ts'
import { completeKeep } from '../../src/store/keep.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Turn, TurnAnswer } from '../../src/store/sqlite/protocol.ts'
import { createRunner } from '../../src/store/sqlite/runner.ts'
import { startThread } from '../../src/store/sqlite/threads.ts'
import { createWriter, type Writer } from '../../src/store/sqlite/writer.ts'
import type { Job } from '../../src/store/store.ts'
import { temporaryFolder } from './support/sqlite.ts'
import { job, START, until } from './support/world.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder.remove())

const file = () => join(folder.path, 'store.db')

/** A thread that opens well and then does what a script says at each message. */
function faulty(atMessage: string, ended?: (error: StoreError) => void) {
  const script = `import { parentPort } from 'node:worker_threads'
    let messages = 0
    parentPort.on('message', () => { ${atMessage} })
    parentPort.postMessage([{ chores: 0 }])`
  return startThread<Turn, TurnAnswer>(
    { file: file(), keep: completeKeep(), isReader: false },
    ended,
    new URL(`data:text/javascript,${encodeURIComponent(script)}`),
  )
}

it.each([
  ['throws', "throw new Error('a fault of ours')", 'a fault of ours'],
  ['exits', 'process.exit(7)', 'code 7'],
])('says that the store has failed when its thread %s', async (_, atMessage, why) => {
  const endings: StoreError[] = []
  const { ask, close } = await faulty(atMessage, (error) => endings.push(error))
  const turn: Turn = { at: START, started: [], stopped: [], operations: [] }
  const answers = await Promise.allSettled([ask(turn), ask(turn)])
  const failed = {
    code: 'failed',
    message: `The thread that works on ${file()} has ended (${why}); restart the service.`,
  }
  for (const answer of answers) expect(answer).toMatchObject({ status: 'rejected', reason: failed })
  await expect(ask(turn)).rejects.toMatchObject(failed)
  expect(endings).toMatchObject([failed])
  await close()
})

it('refuses everything after that, and still ends its workers', async () => {
  const claim: Job = { ...job('a'), priority: 0, attempt: 1, begun: false, createdAt: START, payload: 'null' }
  const answer = { outcomes: [], claimed: [{ run: 1, team: 1, job: claim }], lost: [], nextAt: 1e15 }
  const thread = await faulty(`
    if (messages++ > 0) process.exit(1)
    parentPort.postMessage([${JSON.stringify(answer)}])`)
  const now = () => START
  const runner = createRunner({ writer: () => writer, now, log: undefined })
  const writer: Writer = createWriter({ thread, now, written() {}, settled: runner.settled, log: undefined })
  const runs: Job[] = []
  const { promise, resolve } = Promise.withResolvers<'done'>()
  const worker = runner.work('q', { concurrency: 1, lease: 1000 }, (run) => {
    runs.push(run)
    return promise
  })
  await until(() => runs.length === 1)
  await expect(writer.run({ do: 'counts' })).rejects.toMatchObject({ code: 'failed' })
  await expect(writer.run({ do: 'counts' })).rejects.toBeInstanceOf(StoreError)
  resolve('done')
  await worker.stop()
  await runner.close()
  await writer.close()
  await thread.close()
})

it('reads more than a page, whole and in order, while others write', async () => {
  const store = await openSqliteStore(file())
  const samples = Array.from({ length: 5000 }, (_, n) => ({ device: 'd', at: START + n, power: n }))
  await store.commit({ samples })
  const reading = store.samples('d', START, START + 5000)
  await store.commit({ samples: [{ device: 'd', at: START + 5000, power: 0 }] })
  expect(await reading).toEqual(samples)
  expect(await store.samples('d', START, START + 9000, 201)).toEqual(samples.slice(0, 201))
  await store.close()
})
