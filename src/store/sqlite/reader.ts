import type { AuditRow, ChainLink, ListQuery, Versioned } from '../store.ts'
import { createAuditTable } from './audit.ts'
import { openForReading } from './database.ts'
import { createDocumentTable } from './documents.ts'

/** A look into a store from outside, also while the service runs. */
export interface SqliteReader {
  audit(query: { after?: number; limit?: number }): AuditRow[]
  /** Where the chain that is kept begins: what {@link audit} gives first follows it. */
  auditStart(): ChainLink
  list<T>(query: ListQuery): Versioned<T>[]
  close(): void
}

/** @throws StoreError with a plain sentence when the file is missing, damaged, or no store of this version */
export function openSqliteReader(path: string): SqliteReader {
  const db = openForReading(path)
  const [audit, documents] = [createAuditTable(db), createDocumentTable(db)]
  return {
    audit: (query) => audit.read(query),
    auditStart: () => audit.start(),
    list: <T>(query: ListQuery) => documents.list(query) as Versioned<T>[],
    close: () => db.close(),
  }
}
