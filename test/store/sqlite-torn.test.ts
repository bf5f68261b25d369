import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { countTransactions } from './support/journal.ts'
import { startChild } from './support/process.ts'
import { temporaryFolder } from './support/sqlite.ts'
import { job, record, until } from './support/world.ts'

/** How many jobs `child.ts` enqueues in one transaction. */
const AT_ONCE = 4

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let file: string

beforeEach(async () => {
  folder = await temporaryFolder()
  file = join(folder.path, 'store.db')
})
afterEach(() => folder.remove())

/** What a killed process has left: the ids that it acknowledged, and its journal. */
async function killed(): Promise<{ acknowledged: string[]; journal: Buffer }> {
  await (await openSqliteStore(file)).close()
  const child = await startChild('enqueue', file)
  await until(() => child.lines().length > 100)
  await child.kill()
  return { acknowledged: child.lines(), journal: readFileSync(`${file}-wal`) }
}

/** Opens a copy of the file with another journal beside it. */
async function idsWith(journal: Buffer, known: string[]): Promise<{ ids: string[]; whole: number }> {
  const copy = join(folder.path, 'copy.db')
  copyFileSync(file, copy)
  writeFileSync(`${copy}-wal`, journal)
  const whole = countTransactions(copy)
  const store = await openSqliteStore(copy)
  const { added } = await store.enqueue(known.map((id) => job(id)))
  const recorder = record(store)
  await until(async () => (await store.counts()).q === undefined)
  await store.close()
  expect(recorder.ids().length).toBeGreaterThanOrEqual(known.length)
  return { ids: known.filter((id) => !added.includes(id)), whole }
}

it('opens after a torn write and has every transaction before it', async () => {
  const { acknowledged, journal } = await killed()
  expect(countTransactions(file) * AT_ONCE).toBeGreaterThanOrEqual(acknowledged.length)
  for (const lost of [0, 1, 24, 3000, 4120, 20_000, Math.floor(journal.length / 2), journal.length - 40]) {
    const { ids, whole } = await idsWith(journal.subarray(0, journal.length - lost), acknowledged)
    expect(ids).toEqual(acknowledged.slice(0, whole * AT_ONCE))
  }
})

it('opens with garbage at the end of the journal and has every transaction before it', async () => {
  const { acknowledged, journal } = await killed()
  for (const garbled of [1, 500, 4000, 30_000]) {
    const at = journal.length - garbled
    const { whole } = await idsWith(journal.subarray(0, at), acknowledged)
    const { ids } = await idsWith(
      Buffer.concat([journal.subarray(0, at), Buffer.alloc(garbled, 0xa5)]),
      acknowledged,
    )
    expect(ids).toEqual(acknowledged.slice(0, whole * AT_ONCE))
  }
})
