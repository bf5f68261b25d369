import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../errors.ts'
import { MIGRATIONS } from './schema.ts'

/** Marks a file as ours (`PRAGMA application_id`): "BrBt". */
const APPLICATION_ID = 0x42724274

/** How long a reader of the file may be in the way, ms. */
const BUSY_TIMEOUT = 5000

/** Bytes. */
const PAGE = 4096
const JOURNAL_LIMIT = 16 * 1024 * 1024
const CACHE = 32 * 1024 * 1024

const SQLITE_BUSY = 5
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

/**
 * Opens the file, checks it, brings its tables up to date and keeps every other process from writing to it.
 * @throws StoreError with a sentence for the person who runs the service
 */
export function openDatabase(path: string): { db: DatabaseSync; close(): void } {
  const file = locate(path)
  const lock = holdLock(file)
  try {
    const db = connect(file)
    const close = () => {
      db.close()
      lock.close()
    }
    return { db, close }
  } catch (error) {
    lock.close()
    throw explained(file, error)
  }
}

/**
 * Opens a store for reading only, beside the service that may have it open.
 * @param version `any` when the tables are not looked at
 * @throws StoreError
 */
export function openForReading(file: string, version: 'any' | 'current' = 'current'): DatabaseSync {
  try {
    const db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT })
    try {
      checkReadable(checkOwner(db, file), file, version)
      return db
    } catch (error) {
      db.close()
      throw error
    }
  } catch (error) {
    throw explained(file, error)
  }
}

function checkReadable(found: number, file: string, version: 'any' | 'current') {
  if (found === 0) throw new StoreError('unreachable', `${file} holds no store yet; start the service first.`)
  if (version === 'any' || found === MIGRATIONS.length) return
  throw new StoreError(
    'too-old',
    `${file} was written by an older version; start the service once, it brings the file up to date.`,
  )
}

/** The file's real name, so that a link to it meets the same lock; makes the folder. */
export function locate(path: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true })
    return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path))
  } catch (error) {
    throw explained(path, error)
  }
}

/**
 * An exclusive transaction on a small file next to the store: the system drops the lock when the process ends,
 * however it ends. It is a file of its own so that others may still read the store (backup, audit). Nothing is ever
 * written to it, so it needs no journal on disk.
 */
export function holdLock(file: string): DatabaseSync {
  try {
    const lock = new DatabaseSync(`${file}.lock`, { timeout: 0 })
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    throw explained(file, error)
  }
}

function connect(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT })
  try {
    const version = checkOwner(db, file)
    const mode = pragma(db, 'journal_mode = WAL')
    if (mode !== 'wal')
      throw new StoreError(
        'unreachable',
        `${file}: its file system does not allow the journal that a store needs; put it on a local disk.`,
      )
    // Pages change again and again: the later the journal is worked into the file, the fewer writes. It grows beyond
    // that when somebody reads for long (a backup), and is cut back afterwards.
    db.exec(`PRAGMA synchronous = FULL; PRAGMA journal_size_limit = ${JOURNAL_LIMIT};
      PRAGMA wal_autocheckpoint = ${JOURNAL_LIMIT / PAGE}; PRAGMA cache_size = -${CACHE / 1024};
      PRAGMA temp_store = MEMORY`)
    if (version > 0) checkVital(db, file, version)
    migrate(db, version)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function pragma(db: DatabaseSync, name: string) {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]
}

/** Makes sure that the file is one of ours, or new, and returns the version of its tables (0: none yet). */
function checkOwner(db: DatabaseSync, file: string): number {
  const version = Number(pragma(db, 'user_version'))
  const empty = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
  if (!empty && pragma(db, 'application_id') !== APPLICATION_ID) {
    throw new StoreError(
      'foreign',
      `${file} is a database of another program; name another file for the store.`,
    )
  }
  if (version > MIGRATIONS.length) {
    throw new StoreError(
      'too-new',
      `${file} was written by a newer version (its tables are of version ${version}, this program knows ${MIGRATIONS.length}); install that version again, or restore a copy made before it.`,
    )
  }
  return version
}

/**
 * What must be whole for the service to start; with the audit, which is left to {@link checkAudit} unless the tables
 * are about to be changed. Measured values may fill most of a file of many gigabytes; to read them all would keep the
 * service from starting for minutes. They are checked with every backup.
 */
function checkVital(db: DatabaseSync, file: string, version: number) {
  const vital = ['jobs', 'pauses', 'documents', ...(version < MIGRATIONS.length ? ['audit'] : [])]
  for (const table of vital) checkWhole(db, file, table)
}

/**
 * The audit may be as large as all else that must be whole, so another thread looks at it meanwhile.
 * @throws StoreError when it is damaged, or must not be read yet
 */
export function checkAudit(db: DatabaseSync, file: string): void {
  if (pragma(db, 'journal_mode') !== 'wal')
    throw new StoreError('in-use', `${file} has no journal yet; to give it one, nobody else may read it.`)
  checkWhole(db, file, 'audit')
}

/** @throws StoreError when the pages of a table (default: of all) do not fit together */
export function checkWhole(db: DatabaseSync, file: string, table?: string): void {
  const finding = pragma(db, `quick_check(${table ?? 1})`)
  if (finding !== 'ok') throw damaged(file, finding)
}

function migrate(db: DatabaseSync, version: number) {
  MIGRATIONS.slice(version).forEach((step, done) => {
    db.exec(`BEGIN IMMEDIATE; ${step};
      PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version + done + 1}; COMMIT`)
  })
}

function damaged(file: string, cause: unknown): StoreError {
  return new StoreError(
    'damaged',
    `${file} is damaged or no store at all; put it aside and restore a backup.`,
    cause,
  )
}

/** Puts what SQLite or the system says into a sentence. */
export function explained(file: string, error: unknown): unknown {
  if (error instanceof StoreError) return error
  // The low byte is the kind of the fault, the rest its details.
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
  if (code === SQLITE_BUSY) {
    return new StoreError(
      'in-use',
      `${file} is in use by another process; stop that one or name another file.`,
      error,
    )
  }
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) return damaged(file, error)
  const why = error instanceof Error ? error.message : String(error)
  return new StoreError('unreachable', `${file} cannot be opened: ${why}.`, error)
}
