import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../../src/store/sqlite/open.ts'
import type { StoreDriver } from './world.ts'

/** A folder of its own, to be removed afterwards. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'breakerbot-store-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

export async function sqliteDriver(): Promise<StoreDriver> {
  const folder = await temporaryFolder()
  return {
    open: (options) => openSqliteStore(join(folder.path, 'store.db'), options),
    remove: folder.remove,
  }
}
