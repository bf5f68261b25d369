import type { AuditRow, ListQuery, Versioned } from '../store.ts'
import { createAuditTable } from './audit.ts'
import { openForReading } from './database.ts'
import { createDocumentTable } from './documents.ts'

/** A look into a store from outside, also while the service runs. */
export interface SqliteReader {
  audit(query: { after?: number; limit?: number }): AuditRow[]
  list<T>(query: ListQuery): Versioned<T>[]
  close(): void
}

/** @throws StoreError with a plain sentence when the file is missing, damaged, or no store of this version */
export function openSqliteReader(path: string): SqliteReader {
  const db = openForReading(path)
  const [audit, documents] = [createAuditTable(db), createDocumentTable(db)]
  return {
    audit: (query) => audit.read(query),
    list: (query) => documents.list(query),
    close: () => db.close(),
  }
}
