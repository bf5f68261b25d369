import type { DatabaseSync } from 'node:sqlite'
import { toJson } from '../json.ts'
import type { ListQuery, Versioned, Write } from '../store.ts'
import { number, type Row, text } from './rows.ts'

/** A write with its value as JSON text (null: delete), taken down when it was handed over. */
export interface WriteRow {
  key: string
  kind: string
  json: string | null
  version: number
  at: number | null
  open: number | null
}

/** A document with its value as JSON text. */
export type DocumentText = Pick<WriteRow, 'key' | 'version' | 'open'> & { json: string }

/** Versioned state. */
export interface DocumentTable {
  read(key: string): DocumentText | undefined
  list(query: ListQuery): Versioned[]
  /** False when the version on disk is not the one expected: then nothing was written. */
  write(row: WriteRow): boolean
  /** Drops those of a kind that are indexed, not open, and lie before a time, `limit` at most; how many. */
  drop(kind: string, before: number, limit: number): number
}

/** The part of a key before the slash; '' where there is none. */
export function kindOf(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf('/')))
}

/** @throws Error when the key has no kind, TypeError when the value is not JSON */
export function toWriteRow({ key, value, version, index }: Write): WriteRow {
  const kind = kindOf(key)
  if (kind === '') throw new Error(`The key ${key} is not of the form kind/id.`)
  return {
    key,
    kind,
    json: value === null ? null : toJson(value, `The value of ${key}`),
    version,
    at: index ? index.at : null,
    open: index ? Number(index.open) : null,
  }
}

export function createDocumentTable(db: DatabaseSync): DocumentTable {
  const read = db.prepare('SELECT key, value, version, open FROM documents WHERE key = ?')
  const insert = db.prepare('INSERT INTO documents VALUES (?, ?, ?, 1, ?, ?) ON CONFLICT (key) DO NOTHING')
  // Most changes leave the indexed columns as they are: these spare the indexes.
  const updateValue = db.prepare(
    `UPDATE documents SET value = ?, version = version + 1
     WHERE key = ? AND version = ? AND at IS ? AND open IS ?`,
  )
  const update = db.prepare(
    'UPDATE documents SET value = ?, version = version + 1, at = ?, open = ? WHERE key = ? AND version = ?',
  )
  const remove = db.prepare('DELETE FROM documents WHERE key = ? AND version = ?')
  const drop = db.prepare(
    `DELETE FROM documents WHERE rowid IN
       (SELECT rowid FROM documents WHERE kind = ? AND open = 0 AND at < ? ORDER BY at LIMIT ?)`,
  )
  const newest = (filter: string) =>
    db.prepare(
      `SELECT key, value, version, open FROM documents WHERE kind = ? ${filter} AND at < ?
       ORDER BY at DESC, key DESC LIMIT ?`,
    )
  const listAll = newest('')
  const listOpen = newest('AND open = ?')

  return {
    read(key) {
      const row = read.get(key)
      return row && toText(row)
    },
    list({ kind, open, before = Number.POSITIVE_INFINITY, limit = 100 }: ListQuery) {
      const rows =
        open === undefined
          ? listAll.all(kind, before, limit)
          : listOpen.all(kind, Number(open), before, limit)
      return rows.map((row) => toVersioned(toText(row)))
    },
    write({ key, kind, json, version, at, open }) {
      if (json === null && version === 0) return read.get(key) === undefined
      if (json === null) return remove.run(key, version).changes === 1
      if (version === 0) return insert.run(key, kind, json, at, open).changes === 1
      if (updateValue.run(json, key, version, at, open).changes === 1) return true
      return update.run(json, at, open, key, version).changes === 1
    },
    drop: (kind, before, limit) => Number(drop.run(kind, before, limit).changes),
  }
}

function toText(row: Row): DocumentText {
  return {
    key: text(row, 'key'),
    json: text(row, 'value'),
    version: number(row, 'version'),
    open: row.open === null ? null : number(row, 'open'),
  }
}

/** @throws SyntaxError when the file holds no JSON there */
export function toVersioned<T>({ key, json, version }: DocumentText): Versioned<T> {
  return { key, value: JSON.parse(json), version }
}
