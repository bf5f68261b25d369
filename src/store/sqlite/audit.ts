import type { DatabaseSync } from 'node:sqlite'
import { CHAIN_START, chainHash } from '../audit-chain.ts'
import type { AuditEntry, AuditRow, Store } from '../store.ts'
import { number, type Row, text } from './rows.ts'

/** The chained record of who did what. */
export interface AuditTable {
  /** Adds entries at the end of the chain, within the caller's transaction. */
  append(entries: AuditEntry[]): void
  read(query: Parameters<Store['audit']>[0]): AuditRow[]
}

/** An entry as it will be read back, so that its hash fits then. */
export function toAuditEntry(entry: AuditEntry): AuditEntry {
  return {
    at: entry.at,
    // SQLite replaces halves of surrogate pairs, which people's names may contain.
    who: entry.who.toWellFormed(),
    what: entry.what.toWellFormed(),
    subject: entry.subject.toWellFormed(),
    ...(entry.details && { details: JSON.parse(JSON.stringify(entry.details)) }),
  }
}

export function createAuditTable(db: DatabaseSync): AuditTable {
  const last = db.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1')
  const insert = db.prepare('INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)')
  const readAll = db.prepare('SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?')
  const readSubject = db.prepare('SELECT * FROM audit WHERE subject = ? AND seq > ? ORDER BY seq LIMIT ?')

  return {
    append(entries) {
      if (entries.length === 0) return
      const end = last.get()
      let seq = end ? number(end, 'seq') : 0
      let hash = end ? text(end, 'hash') : CHAIN_START
      for (const entry of entries) {
        seq++
        hash = chainHash(hash, { ...entry, seq })
        const details = entry.details ? JSON.stringify(entry.details) : null
        insert.run(seq, entry.at, entry.who, entry.what, entry.subject, details, hash)
      }
    },
    read({ after = 0, limit = 100, subject }) {
      const rows = subject === undefined ? readAll.all(after, limit) : readSubject.all(subject, after, limit)
      return rows.map(toAuditRow)
    },
  }
}

function toAuditRow(row: Row): AuditRow {
  return {
    seq: number(row, 'seq'),
    at: number(row, 'at'),
    who: text(row, 'who'),
    what: text(row, 'what'),
    subject: text(row, 'subject'),
    ...(row.details !== null && { details: JSON.parse(text(row, 'details')) }),
    hash: text(row, 'hash'),
  }
}
