import { openSqliteStore, type SqliteStoreOptions } from './sqlite/open.ts'
import type { Store } from './store.ts'

/**
 * Opens the store that the configuration names: `sqlite:FILE` or `redis://…`.
 * @throws StoreError with a plain sentence
 */
export async function openStore(url: string, options: SqliteStoreOptions = {}): Promise<Store> {
  return openSqliteStore(url.replace(/^sqlite:/, ''), options)
}
