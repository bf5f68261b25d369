import type { DatabaseSync } from 'node:sqlite'
import { CHAIN_START, chainHash } from '../audit-chain.ts'
import type { AuditEntry, AuditRow, ChainLink, Store } from '../store.ts'
import { number, type Row, text } from './rows.ts'

/** The chained record of who did what. */
export interface AuditTable {
  /** Adds entries at the end of the chain, within the caller's transaction. */
  append(entries: AuditEntry[]): void
  read(query: Parameters<Store['audit']>[0]): AuditRow[]
  /** The last entry dropped, or the place before the first one. */
  start(): ChainLink
  /**
   * Drops the oldest entries up to the first one that is not before a time, `limit` at most; how many. Only from the
   * beginning, so that what is left hangs together.
   */
  drop(before: number, limit: number): number
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
  const start = db.prepare('SELECT seq, hash FROM audit_start')
  const setStart = db.prepare('INSERT OR REPLACE INTO audit_start VALUES (1, ?, ?)')
  const oldest = db.prepare('SELECT seq, at, hash FROM audit ORDER BY seq LIMIT ?')
  const remove = db.prepare('DELETE FROM audit WHERE seq <= ?')
  const insert = db.prepare('INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)')
  const readAll = db.prepare('SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?')
  // What is looked through is the index alone.
  const readOf = db.prepare(
    `SELECT * FROM audit WHERE seq IN (
       SELECT seq FROM audit WHERE subject IN (SELECT value FROM json_each(?)) AND seq > ? ORDER BY seq LIMIT ?
     ) ORDER BY seq`,
  )

  function chainStart(): ChainLink {
    const row = start.get()
    return row ? toLink(row) : { seq: 0, hash: CHAIN_START }
  }

  function chainEnd(): ChainLink {
    const row = last.get()
    return row ? toLink(row) : chainStart()
  }

  return {
    append(entries) {
      if (entries.length === 0) return
      let { seq, hash } = chainEnd()
      for (const entry of entries) {
        seq++
        hash = chainHash(hash, { ...entry, seq })
        const details = entry.details ? JSON.stringify(entry.details) : null
        insert.run(seq, entry.at, entry.who, entry.what, entry.subject, details, hash)
      }
    },
    read({ after = 0, limit = 100, subjects }) {
      const rows = subjects ? readOf.all(JSON.stringify(subjects), after, limit) : readAll.all(after, limit)
      return rows.map(toAuditRow)
    },
    start: chainStart,
    drop(before, limit) {
      const rows = oldest.all(limit)
      const kept = rows.findIndex((row) => number(row, 'at') >= before)
      const old = kept < 0 ? rows : rows.slice(0, kept)
      const end = old.at(-1)
      if (!end) return 0
      const { seq, hash } = toLink(end)
      setStart.run(seq, hash)
      remove.run(seq)
      return old.length
    },
  }
}

function toLink(row: Row): ChainLink {
  return { seq: number(row, 'seq'), hash: text(row, 'hash') }
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
