import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backupSqliteStore } from '../../src/store/sqlite/backup.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { restoreSqliteStore } from '../../src/store/sqlite/restore.ts'
import { MIGRATIONS } from '../../src/store/sqlite/schema.ts'
import { temporaryFolder } from './support/sqlite.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let file: string
let copy: string

beforeEach(async () => {
  folder = await temporaryFolder()
  file = join(folder.path, 'store.db')
  copy = join(folder.path, 'copy.db')
})
afterEach(() => folder.remove())

const asItIs = async () => {}

/** Writes down a number, in a store that is there or made. */
async function count(path: string, n: number): Promise<void> {
  const store = await openSqliteStore(path)
  const old = await store.get<number>('count/all')
  await store.commit({ writes: [{ key: 'count/all', value: n, version: old?.version ?? 0 }] })
  await store.close()
}

async function counted(path = file): Promise<number | undefined> {
  const store = await openSqliteStore(path)
  const found = await store.get<number>('count/all')
  await store.close()
  return found?.value
}

async function saved(): Promise<void> {
  await count(file, 1)
  await backupSqliteStore(file, copy)
}

describe('a copy put in place of the store', () => {
  it('takes its place, prepared, and the one before lies beside it', async () => {
    await saved()
    await count(file, 2)
    const aside = await restoreSqliteStore(copy, file, async (store) => {
      expect((await store.get('count/all'))?.value).toBe(1)
      await store.commit({ writes: [{ key: 'prepared/yes', value: true, version: 0 }] })
    })
    expect(await counted()).toBe(1)
    const store = await openSqliteStore(file)
    expect((await store.get('prepared/yes'))?.value).toBe(true)
    await store.close()
    expect(aside).toMatch(/store\.db\.before-/)
    expect(await counted(aside!)).toBe(2)
    expect(await counted(copy)).toBe(1)
  })

  it('is not mixed with the journal of a store that was killed', async () => {
    await saved()
    const store = await openSqliteStore(file)
    await store.commit({ writes: [{ key: 'count/all', value: 7, version: 1 }] })
    const [killed, journal] = [join(folder.path, 'killed.db'), 'killed.db-wal']
    copyFileSync(file, killed)
    copyFileSync(`${file}-wal`, join(folder.path, journal))
    await store.close()
    const aside = await restoreSqliteStore(copy, killed, asItIs)
    expect(existsSync(join(folder.path, journal))).toBe(false)
    expect(await counted(killed)).toBe(1)
    expect(await counted(aside!)).toBe(7)
  })

  it('is not mixed with a journal whose store somebody has taken away', async () => {
    await saved()
    const store = await openSqliteStore(file)
    await store.commit({ writes: [{ key: 'count/all', value: 7, version: 1 }] })
    const gone = join(folder.path, 'gone.db')
    copyFileSync(`${file}-wal`, `${gone}-wal`)
    await store.close()
    expect(await restoreSqliteStore(copy, gone, asItIs)).toBe(undefined)
    expect(existsSync(`${gone}-wal`)).toBe(false)
    expect(await counted(gone)).toBe(1)
  })

  it('needs no store to take the place of', async () => {
    await saved()
    const other = join(folder.path, 'new', 'store.db')
    expect(await restoreSqliteStore(copy, other, asItIs)).toBe(undefined)
    expect(await counted(other)).toBe(1)
    expect(readdirSync(join(folder.path, 'new')).sort()).toEqual(['store.db', 'store.db.lock'])
  })

  it('is brought up to date where an older version has made it', async () => {
    const db = new DatabaseSync(copy)
    db.exec(`${MIGRATIONS[0]}; PRAGMA application_id = ${0x42724274}; PRAGMA user_version = 1;
      INSERT INTO documents VALUES ('count/all', 'count', '5', 1, NULL, NULL)`)
    db.close()
    await restoreSqliteStore(copy, file, asItIs)
    expect(await counted()).toBe(5)
  })
})

it('what root makes belongs to whom the folder belongs to, also where nothing comes of it', async () => {
  await saved()
  const owner = process.getuid!() === 0 ? 12_345 : process.getuid!()
  const other = join(folder.path, 'other')
  mkdirSync(other)
  chownSync(other, owner, -1)
  const ownerOf = (name: string) => statSync(join(other, name)).uid
  await expect(
    restoreSqliteStore(join(folder.path, 'none.db'), join(other, 'a.db'), asItIs),
  ).rejects.toThrow()
  await restoreSqliteStore(copy, join(other, 'b.db'), asItIs)
  expect(readdirSync(other).sort()).toEqual(['a.db.lock', 'b.db', 'b.db.lock'])
  expect(['a.db.lock', 'b.db', 'b.db.lock'].map(ownerOf)).toEqual([owner, owner, owner])
})

describe('a store is left as it is', () => {
  /** Nothing has changed, and nothing lies about. */
  async function untouched(): Promise<void> {
    expect(readdirSync(folder.path).filter((name) => /restoring|before/.test(name))).toEqual([])
    expect(await counted()).toBe(1)
  }

  it('while a service has it open', async () => {
    await saved()
    const store = await openSqliteStore(file)
    await expect(restoreSqliteStore(copy, file, asItIs)).rejects.toMatchObject({ code: 'in-use' })
    await store.close()
    await untouched()
  })

  it('by a copy that is damaged, another program’s, too new, or not there', async () => {
    await saved()
    const good = readFileSync(copy)
    const bad = Buffer.from(good)
    bad.fill(0xa5, 8192, 24_000)
    writeFileSync(copy, bad)
    await expect(restoreSqliteStore(copy, file, asItIs)).rejects.toMatchObject({ code: 'damaged' })
    writeFileSync(copy, 'This is a letter. '.repeat(500))
    await expect(restoreSqliteStore(copy, file, asItIs)).rejects.toMatchObject({ code: 'damaged' })
    writeFileSync(copy, good)
    const db = new DatabaseSync(copy)
    db.exec('PRAGMA user_version = 99')
    await expect(restoreSqliteStore(copy, file, asItIs)).rejects.toMatchObject({ code: 'too-new' })
    db.exec('PRAGMA application_id = 7')
    db.close()
    await expect(restoreSqliteStore(copy, file, asItIs)).rejects.toMatchObject({ code: 'foreign' })
    await expect(restoreSqliteStore(`${copy}.x`, file, asItIs)).rejects.toMatchObject({ code: 'unreachable' })
    await expect(restoreSqliteStore(file, file, asItIs)).rejects.toThrow('is the store itself')
    await untouched()
  })

  it('where the copy cannot be prepared', async () => {
    await saved()
    const refuse = () => Promise.reject(new Error('its audit chain is broken'))
    await expect(restoreSqliteStore(copy, file, refuse)).rejects.toThrow('its audit chain is broken')
    await untouched()
  })
})
