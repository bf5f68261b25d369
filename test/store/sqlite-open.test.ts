import { closeSync, openSync, readFileSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyChain } from '../../src/store/audit-chain.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { openSqliteReader } from '../../src/store/sqlite/reader.ts'
import { temporaryFolder } from './support/sqlite.ts'
import { job } from './support/world.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let file: string

beforeEach(async () => {
  folder = await temporaryFolder()
  file = join(folder.path, 'store.db')
})
afterEach(() => folder.remove())

/** Changes the file behind the store's back. */
function tamper(sql: string) {
  const db = new DatabaseSync(file)
  db.exec(sql)
  db.close()
}

async function filled() {
  const store = await openSqliteStore(file)
  await store.enqueue(Array.from({ length: 500 }, (_, n) => job(`${n}`, { payload: 'x'.repeat(100) })))
  await store.close()
}

describe('opening a SQLite store', () => {
  it('makes the file and its folder', async () => {
    const deep = join(folder.path, 'some', 'folder', 'store.db')
    const store = await openSqliteStore(deep)
    await store.enqueue([job('a')])
    await store.close()
    expect(readFileSync(deep).subarray(0, 15).toString()).toBe('SQLite format 3')
  })

  it('writes ahead into a journal', async () => {
    const store = await openSqliteStore(file)
    const db = new DatabaseSync(file, { readOnly: true })
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    db.close()
    await store.close()
  })

  it('meets the same lock by a link to the file', async () => {
    const store = await openSqliteStore(file)
    const link = join(folder.path, 'link.db')
    symlinkSync(file, link)
    await expect(openSqliteStore(link)).rejects.toMatchObject({ code: 'in-use' })
    await store.close()
  })

  it('refuses a file of a newer version and leaves it alone', async () => {
    await filled()
    tamper('PRAGMA user_version = 99')
    const before = readFileSync(file)
    await expect(openSqliteStore(file)).rejects.toMatchObject({
      code: 'too-new',
      message: expect.stringContaining(
        'was written by a newer version (its tables are of version 99, this program knows',
      ),
    })
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('refuses a database of another program', async () => {
    tamper('CREATE TABLE songs (title)')
    await expect(openSqliteStore(file)).rejects.toMatchObject({ code: 'foreign' })
  })

  it('refuses a file that is no database', async () => {
    writeFileSync(file, 'This is a letter, not a store. '.repeat(200))
    await expect(openSqliteStore(file)).rejects.toMatchObject({
      code: 'damaged',
      message: `${file} is damaged or no store at all; put it aside and restore a backup.`,
    })
  })

  it('refuses a store with a damaged page', async () => {
    await filled()
    const handle = openSync(file, 'r+')
    for (let page = 2; page < 20; page++) writeSync(handle, Buffer.alloc(2000, 0xa5), 0, 2000, page * 4096)
    closeSync(handle)
    await expect(openSqliteStore(file)).rejects.toMatchObject({ code: 'damaged' })
  })

  describe.each(['wal', 'delete'])('with an audit, and the journal %s', (journal) => {
    beforeEach(async () => {
      const store = await openSqliteStore(file)
      await store.commit({
        audit: Array.from({ length: 500 }, (_, at) => ({ at, who: 'w', what: 'tested', subject: 's' })),
      })
      await store.close()
      tamper(`PRAGMA journal_mode = ${journal}`)
    })

    it('opens a whole one', async () => {
      const store = await openSqliteStore(file)
      expect((await store.audit({ limit: 1000 })).length).toBe(500)
      await store.close()
    })

    it('refuses one whose audit alone is damaged, and leaves nothing open', async () => {
      const db = new DatabaseSync(file)
      const root = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'audit'").get()
      db.close()
      const whole = readFileSync(file)
      const handle = openSync(file, 'r+')
      writeSync(handle, Buffer.alloc(2000, 0xa5), 0, 2000, (Number(root!.rootpage) - 1) * 4096)
      closeSync(handle)
      await expect(openSqliteStore(file)).rejects.toMatchObject({ code: 'damaged' })
      writeFileSync(file, whole)
      await (await openSqliteStore(file)).close()
    })
  })

  it('says when the place cannot be reached', async () => {
    writeFileSync(file, '')
    await expect(openSqliteStore(join(file, 'store.db'))).rejects.toMatchObject({ code: 'unreachable' })
    await expect(openSqliteStore(folder.path)).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('can be opened after it was refused', async () => {
    writeFileSync(file, 'no store '.repeat(200))
    await expect(openSqliteStore(file)).rejects.toMatchObject({ code: 'damaged' })
    writeFileSync(file, '')
    const store = await openSqliteStore(file)
    expect(await store.enqueue([job('a')])).toEqual({ added: ['a'] })
    await store.close()
  })
})

describe('reading beside a running service', () => {
  const entry = { at: 1, who: 'system', what: 'tested', subject: 's' }

  it('sees the audit and the state while the store is open, and what was changed in the file', async () => {
    const store = await openSqliteStore(file)
    await store.commit({ audit: [entry, { ...entry, at: 2 }] })
    const reader = openSqliteReader(file)
    expect(verifyChain(reader.audit({}))).toEqual({ intact: true })
    const write = { key: 'push/1', value: 'raw', version: 0, index: { at: 1, open: true } }
    await store.commit({ audit: [{ ...entry, at: 3 }], writes: [write] })
    expect(reader.audit({}).length).toBe(3)
    expect(reader.list({ kind: 'push' })).toEqual([{ key: 'push/1', value: 'raw', version: 1 }])
    await store.close()
    tamper("UPDATE audit SET who = 'somebody' WHERE seq = 2")
    expect(verifyChain(reader.audit({}))).toMatchObject({ intact: false, seq: 2 })
    reader.close()
  })

  it('needs a store', () => {
    expect(() => openSqliteReader(file)).toThrow(`${file} cannot be opened`)
    writeFileSync(file, '')
    expect(() => openSqliteReader(file)).toThrow(`${file} holds no store yet; start the service first.`)
    tamper('CREATE TABLE songs (title)')
    expect(() => openSqliteReader(file)).toThrow('a database of another program')
  })
})
