import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { verifyChain } from '../../src/store/audit-chain.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { temporaryFolder } from './support/sqlite.ts'
import { START } from './support/world.ts'
import { live } from './support/years.ts'

const DAY = 24 * 3_600_000
const YEAR = 365 * DAY
/** How many days pass at once. */
const STEP = 7

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let file: string
let time: number
let store: Store

beforeEach(async () => {
  folder = await temporaryFolder()
  file = join(folder.path, 'store.db')
  time = START
  store = await openSqliteStore(file, { now: () => time })
})
afterEach(async () => {
  await store.close()
  await folder.remove()
})

async function liveUntil(end: number) {
  for (; time < end; time += STEP * DAY) await live(store, time, STEP)
}

/** Waits until what is too old is gone, and tells the size of the database, in pages. */
async function sizeWhenTidy(): Promise<number> {
  const db = new DatabaseSync(file, { readOnly: true })
  const isLeft = db.prepare(
    `SELECT EXISTS (SELECT 1 FROM samples WHERE at < $now - ${DAY}) OR
            EXISTS (SELECT 1 FROM blocks WHERE tier = 0 AND start < $now - 8 * ${DAY}) OR
            EXISTS (SELECT 1 FROM blocks WHERE tier = 1 AND start < $now - 91 * ${DAY}) OR
            EXISTS (SELECT 1 FROM blocks WHERE tier = 2 AND start < $now - 732 * ${DAY}) OR
            EXISTS (SELECT 1 FROM audit WHERE at < $now - 731 * ${DAY}) OR
            EXISTS (SELECT 1 FROM documents WHERE open = 0 AND at < $now - 731 * ${DAY}) OR
            EXISTS (SELECT 1 FROM ended WHERE until < $now - ${DAY}) AS answer`,
  )
  const now = time
  const isTidy = () => {
    // Rounds of tidying go by the clock.
    time += DAY / 24
    return isLeft.get({ $now: now })?.answer === 0
  }
  await vi.waitUntil(isTidy, { timeout: 20_000, interval: 50 })
  const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count)
  db.close()
  time = Math.ceil(time / DAY) * DAY
  return pages
}

it('stops growing once it is as old as the longest time of keeping', { timeout: 60_000 }, async () => {
  const sizes: number[] = []
  for (let quarter = 1; quarter <= 12; quarter++) {
    await liveUntil(START + (quarter * YEAR) / 4)
    sizes.push(await sizeWhenTidy())
  }
  const [oneYear, twoYears] = [sizes[3]!, sizes[7]!]
  // It did grow while nothing was old enough to go.
  expect(twoYears).toBeGreaterThan(oneYear * 1.5)
  // From then on, what goes makes room for what comes.
  expect(sizes[11]! / sizes[8]!).toBeLessThan(1.05)
  expect(sizes[11]! / twoYears).toBeLessThan(1.15)
  expect(statSync(`${file}-wal`).size).toBeLessThan(32 * 1024 * 1024)
  const rows = await store.audit({ limit: 100_000 })
  expect(rows[0]!.seq).toBeGreaterThan(1)
  expect(verifyChain(rows, await store.auditStart())).toEqual({ intact: true })
})
