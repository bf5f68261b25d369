import { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../errors.ts'
import type { AuditRow, ListQuery, Versioned } from '../store.ts'
import { createAuditTable } from './audit.ts'
import { createDocumentTable } from './documents.ts'

/** A look into a store from outside, also while the service runs. */
export interface SqliteReader {
  audit(query: { after?: number; limit?: number }): AuditRow[]
  list<T>(query: ListQuery): Versioned<T>[]
  close(): void
}

/** @throws StoreError when the file cannot be read */
export function openSqliteReader(path: string): SqliteReader {
  try {
    const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
    const [audit, documents] = [createAuditTable(db), createDocumentTable(db)]
    return {
      audit: (query) => audit.read(query),
      list: (query) => documents.list(query),
      close: () => db.close(),
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new StoreError('unreachable', `${path} cannot be read: ${why}.`, error)
  }
}
