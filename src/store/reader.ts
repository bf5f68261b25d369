import { openStore } from './open.ts'
import { fileOf } from './place.ts'
import { openSqliteReader } from './sqlite/reader.ts'
import type { Store } from './store.ts'

/** A look into a store from outside, also while the service runs. */
export interface StoreReader extends Pick<Store, 'audit' | 'auditStart' | 'list'> {
  close(): Promise<void>
}

/**
 * Opens the store that the configuration names for looking into it only.
 * @throws StoreError with a plain sentence
 */
export async function openReader(url: string): Promise<StoreReader> {
  const file = fileOf(url)
  if (file === undefined) return openStore(url, { tidies: false })
  const reader = openSqliteReader(file)
  return {
    audit: async (query) => reader.audit(query),
    auditStart: async () => reader.auditStart(),
    list: async (query) => reader.list(query),
    close: async () => reader.close(),
  }
}
