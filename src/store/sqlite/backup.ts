import { existsSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { backup, DatabaseSync } from 'node:sqlite'
import { StoreError } from '../errors.ts'
import { checkWhole, explained, openForReading } from './database.ts'

/** How many pages are copied at a time, off the thread that runs the program. */
const RATE = 1000

/**
 * Copies a store as it is at this moment, also while the service runs and writes. The copy is one file, checked from
 * end to end; it takes the place of an older one only when it is complete. For a process of its own: the check of a
 * great copy takes long and lets nothing else happen.
 * @returns its size, bytes
 * @throws StoreError with a plain sentence when there is no store, the target cannot be written, or the copy is not whole
 */
export async function backupSqliteStore(path: string, target: string): Promise<number> {
  if (isSame(path, target)) {
    throw new StoreError('unreachable', `${target} is the store itself; name another file for the copy.`)
  }
  const part = `${target}.part`
  try {
    await copyStore(path, part)
    asOneFile(part, 'checked')
    renameSync(part, target)
    return statSync(target).size
  } catch (error) {
    throw explained(target, error)
  } finally {
    removeStore(part)
  }
}

/** Takes a store away with all that lies beside it. */
export function removeStore(file: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm', '.lock']) rmSync(`${file}${suffix}`, { force: true })
}

/** True for one file under two names. */
export function isSame(path: string, target: string): boolean {
  return existsSync(path) && existsSync(target) && realpathSync(path) === realpathSync(target)
}

/** Copies a store of this or an older version. */
export async function copyStore(path: string, part: string): Promise<void> {
  removeStore(part)
  const source = openForReading(path, 'any')
  try {
    // One look at the store for the whole copy: otherwise every commit of the service would make it begin anew.
    source.exec('BEGIN; SELECT 1 FROM sqlite_schema')
    await backup(source, part, { rate: RATE })
  } finally {
    source.close()
  }
}

/**
 * Makes a store that nobody has open one file that needs no journal beside it.
 * @throws StoreError when it is to be checked and is not whole
 */
export function asOneFile(part: string, check?: 'checked'): void {
  const db = new DatabaseSync(part)
  try {
    db.exec('PRAGMA journal_mode = DELETE')
    if (check) checkWhole(db, part)
  } finally {
    db.close()
  }
}
