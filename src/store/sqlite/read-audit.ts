import type { Store } from '../store.ts'
import { createAuditTable } from './audit.ts'
import { openForReading } from './database.ts'

/**
 * The audit of a store alone, for reading it beside a running service.
 * @throws StoreError with a plain sentence when the file is missing, damaged, or not a store
 */
export async function openSqliteAudit(path: string): Promise<Pick<Store, 'audit' | 'close'>> {
  const db = openForReading(path)
  const table = createAuditTable(db)
  return {
    audit: async (query) => table.read(query),
    close: async () => {
      if (db.isOpen) db.close()
    },
  }
}
