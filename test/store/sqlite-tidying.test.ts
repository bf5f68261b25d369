import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { backupSqliteStore } from '../../src/store/sqlite/backup.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { restoreSqliteStore } from '../../src/store/sqlite/restore.ts'
import { createTidying } from '../../src/store/sqlite/tidying.ts'
import { temporaryFolder } from './support/sqlite.ts'

vi.mock('../../src/store/sqlite/tidying.ts', { spy: true })

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let file: string

beforeEach(async () => {
  folder = await temporaryFolder()
  file = join(folder.path, 'store.db')
})
afterEach(() => folder.remove())

/** Something that is kept for a day, and is older. */
const OLD = { key: 'deed/old', value: 1, version: 0, index: { at: 0, open: false } }

it('is for the service alone: whoever repairs a store does not know how long things are to be kept', async () => {
  let rings = 0
  const now = () => 1e12 + ++rings * 60_000
  const looking = await openSqliteStore(file, { now, tidies: false })
  await looking.commit({ writes: [OLD] })
  const seen = rings
  await vi.waitUntil(() => rings > seen + 30, { timeout: 10_000 })
  expect((await looking.get('deed/old'))?.value).toBe(1)
  await looking.close()
  const serving = await openSqliteStore(file)
  await vi.waitUntil(async () => !(await serving.get('deed/old')), { timeout: 10_000 })
  await serving.close()
})

it('is not done while a copy is put in place, however long that takes', async () => {
  const store = await openSqliteStore(file)
  await store.close()
  await backupSqliteStore(file, join(folder.path, 'copy.db'))
  vi.mocked(createTidying).mockClear()
  await restoreSqliteStore(join(folder.path, 'copy.db'), file, async () => {})
  expect(createTidying).not.toHaveBeenCalled()
})
