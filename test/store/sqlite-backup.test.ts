import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backup } from '../../src/cli/backup.ts'
import { verifyChain } from '../../src/store/audit-chain.ts'
import { backupSqliteStore } from '../../src/store/sqlite/backup.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { MIGRATIONS } from '../../src/store/sqlite/schema.ts'
import type { Store } from '../../src/store/store.ts'
import { temporaryFolder } from './support/sqlite.ts'
import { job } from './support/world.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let file: string
let copy: string

beforeEach(async () => {
  folder = await temporaryFolder()
  file = join(folder.path, 'store.db')
  copy = join(folder.path, 'copy.db')
})
afterEach(() => folder.remove())

/** One event after another until told to stop; each leaves a job, an audit entry and the count. */
function writing(store: Store) {
  let isOver = false
  let count = 0
  const payload = 'x'.repeat(2000)
  const end = (async () => {
    for (; !isOver; count++) {
      await store.commit({
        jobs: [job(`${count}`, { payload })],
        audit: [{ at: Date.now(), who: 'system', what: `event ${count + 1}`, subject: 's' }],
        writes: [{ key: 'count/all', value: count + 1, version: count }],
      })
    }
  })()
  return {
    count: () => count,
    async stop() {
      isOver = true
      await end
    },
  }
}

/** What a store holds, as numbers that must agree with one another. */
async function contents(path: string) {
  const store = await openSqliteStore(path)
  const rows = await store.audit({ limit: 1_000_000 })
  const held = {
    count: (await store.get<number>('count/all'))?.value ?? 0,
    jobs: (await store.counts()).q?.waiting ?? 0,
    entries: rows.length,
    chain: verifyChain(rows, await store.auditStart()),
  }
  await store.close()
  return held
}

describe('a copy of the store', () => {
  it('is whole and of one moment, while the service writes', async () => {
    const store = await openSqliteStore(file)
    await store.enqueue(
      Array.from({ length: 10_000 }, (_, n) => job(`old ${n}`, { queue: 'old', payload: 'x'.repeat(2000) })),
    )
    const writer = writing(store)
    const sizes: number[] = []
    for (let n = 0; n < 3; n++) {
      const before = writer.count()
      sizes.push(await backupSqliteStore(file, copy))
      const during = writer.count()
      expect(during).toBeGreaterThan(before)
      const { count, ...held } = await contents(copy)
      expect(count).toBeGreaterThanOrEqual(before)
      expect(count).toBeLessThanOrEqual(during + 1)
      expect(held).toEqual({ jobs: count, entries: count, chain: { intact: true } })
    }
    await writer.stop()
    await store.close()
    expect(sizes[0]).toBeGreaterThan(20_000_000)
    expect((await contents(file)).count).toBe(writer.count())
  })

  it('is one file, with nothing left beside it', async () => {
    const store = await openSqliteStore(file)
    await store.enqueue([job('a')])
    await backupSqliteStore(file, copy)
    await store.close()
    expect(readdirSync(folder.path).sort()).toEqual(['copy.db', 'store.db', 'store.db.lock'])
    const db = new DatabaseSync(copy, { readOnly: true })
    expect(db.prepare('SELECT id FROM jobs').all()).toEqual([{ id: 'a' }])
    db.close()
  })

  it('leaves the copy before in place when it fails, and never touches the store', async () => {
    await expect(backupSqliteStore(file, copy)).rejects.toMatchObject({ code: 'unreachable' })
    const store = await openSqliteStore(file)
    await store.close()
    await expect(backupSqliteStore(file, file)).rejects.toThrow('is the store itself')
    await expect(backupSqliteStore(file, join(folder.path, 'no', 'folder'))).rejects.toMatchObject({
      code: 'unreachable',
    })
    writeFileSync(copy, 'the copy before')
    writeFileSync(file, 'no store '.repeat(1000))
    await expect(backupSqliteStore(file, copy)).rejects.toMatchObject({ code: 'damaged' })
    expect(readFileSync(copy, 'utf8')).toBe('the copy before')
    expect(readdirSync(folder.path)).not.toContain('copy.db.part')
  })

  it('can be made of a file of an older version, before it is brought up to date', async () => {
    const db = new DatabaseSync(file)
    db.exec(`${MIGRATIONS[0]}; PRAGMA application_id = ${0x42724274}; PRAGMA user_version = 1`)
    db.close()
    await backupSqliteStore(file, copy)
    expect((await contents(copy)).entries).toBe(0)
  })
})

describe('breakerbot backup', () => {
  it('needs one file to write to', async () => {
    for (const positionals of [[], ['a', 'b']])
      await expect(backup.run({ options: {}, positionals })).rejects.toThrow('backup needs one file')
  })
})
