import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from '../errors.ts'
import type { Store } from '../store.ts'
import { asOneFile, copyStore, isSame, removeStore } from './backup.ts'
import { explained, holdLock, locate, openForReading } from './database.ts'
import { openSqliteStore } from './open.ts'

/**
 * Puts a copy of a store in place of it. The copy is checked from end to end and brought up to date first, and the
 * store that was there, if any, is kept under another name: whatever fails or is cut off, nothing is lost, and it can be
 * done again. Nobody can have the store open meanwhile.
 * @param prepare changes the copy before it takes the place; if it rejects, nothing has happened
 * @returns the name under which the store that was there lies now
 * @throws StoreError with a plain sentence when the store is in use, or the copy damaged, too new or no store
 */
export async function restoreSqliteStore(
  copy: string,
  path: string,
  prepare: (store: Store) => Promise<void>,
): Promise<string | undefined> {
  if (isSame(copy, path)) throw new StoreError('unreachable', `${copy} is the store itself; name the copy.`)
  const file = locate(path)
  const lock = holdLock(file)
  // At once: it stays behind where nothing comes of the rest.
  ownedAsFolder(`${file}.lock`)
  const part = `${file}.restoring`
  try {
    removeStore(part)
    await copyStore(copy, part)
    asOneFile(part, 'checked')
    const store = await openSqliteStore(part, { tidies: false })
    await prepare(store).finally(() => store.close())
    asOneFile(part)
    sync(part)
    const aside = putAside(file)
    renameSync(part, file)
    ownedAsFolder(file)
    sync(dirname(file))
    return aside
  } catch (error) {
    throw explained(copy, error)
  } finally {
    removeStore(part)
    lock.close()
  }
}

/** Keeps the store that is there under another name, and takes nothing away that a service could miss. */
function putAside(file: string): string | undefined {
  const aside = `${file}.before-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
  const isThere = existsSync(file)
  if (isThere) takeIn(file)
  // A journal that is left belongs to the store that was there, even if that is gone: it would be worked into the one that
  // comes.
  for (const suffix of ['-wal', '-shm', '-journal'])
    if (existsSync(`${file}${suffix}`)) renameSync(`${file}${suffix}`, `${aside}${suffix}`)
  if (!isThere) return undefined
  try {
    linkSync(file, aside)
  } catch {
    // Not every file system knows a second name for a file.
    renameSync(file, aside)
  }
  return aside
}

/** Works its journal into a store, where that can be read: then it is whole without it. */
function takeIn(file: string): void {
  try {
    openForReading(file, 'any').close()
    asOneFile(file)
  } catch {}
}

/** Root may restore what another user's service is to open. */
function ownedAsFolder(file: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(dirname(file))
  chownSync(file, uid, gid)
}

function sync(path: string): void {
  const handle = openSync(path, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
