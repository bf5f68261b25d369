import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { startChild } from './support/process.ts'
import { temporaryFolder } from './support/sqlite.ts'
import { job, record, until } from './support/world.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let file: string

beforeEach(async () => {
  folder = await temporaryFolder()
  file = join(folder.path, 'store.db')
})
afterEach(() => folder.remove())

it('has every job that was acknowledged before kill -9', async () => {
  const child = await startChild('enqueue', file)
  await until(() => child.lines().length > 200)
  await child.kill()
  const acknowledged = child.lines()
  const store = await openSqliteStore(file)
  expect(await store.enqueue(acknowledged.map((id) => job(id)))).toEqual({ added: [] })
  const recorder = record(store, undefined, { concurrency: 100 })
  await until(async () => (await store.counts()).q === undefined)
  await store.close()
  const runs = recorder.ids()
  expect(acknowledged.filter((id) => !runs.includes(id))).toEqual([])
  expect(new Set(runs).size).toBe(runs.length)
})

it('takes the commit of each event once, with kill -9 in between', async () => {
  const ids = Array.from({ length: 1500 }, (_, n) => `${n}`)
  const before = await openSqliteStore(file)
  await before.enqueue(ids.map((id) => job(id)))
  await before.close()
  for (const enough of [50, 200]) {
    const child = await startChild('work', file)
    await until(() => child.lines().length > enough)
    await child.kill()
  }
  const child = await startChild('work', file)
  await until(() => child.lines().length > 0)
  await child.kill()

  const store = await openSqliteStore(file)
  const left = (await store.counts()).q?.waiting ?? 0
  const count = await store.get<number>('count/all')
  expect(count?.value).toBe(ids.length - left)
  expect(count?.version).toBe(ids.length - left)
  expect((await store.counts()).next?.waiting).toBe(ids.length - left)
  await store.close()
})

it('runs jobs again that were running when the process was killed, and knows which had begun', async () => {
  const ids = Array.from({ length: 20 }, (_, n) => `${n}`)
  const before = await openSqliteStore(file)
  await before.enqueue(ids.map((id) => job(id)))
  await before.close()
  const child = await startChild('begin', file)
  await until(() => child.lines().length === 8)
  await child.kill()
  const store = await openSqliteStore(file)
  const recorder = record(store, undefined, { concurrency: 100 })
  await until(() => recorder.runs.length === ids.length)
  await store.close()
  expect(recorder.ids().toSorted()).toEqual(ids.toSorted())
  const again = recorder.runs.filter((run) => run.begun && run.attempt === 2)
  expect(again.map(({ id }) => id).toSorted()).toEqual(child.lines().toSorted())
})

it('is refused to a second process while the first lives, however that ends', async () => {
  const child = await startChild('enqueue', file)
  await expect(openSqliteStore(file)).rejects.toMatchObject({
    code: 'in-use',
    message: `${file} is in use by another process; stop that one or name another file.`,
  })
  await child.kill()
  expect((await readdir(folder.path)).sort()).toEqual([
    'store.db',
    'store.db-shm',
    'store.db-wal',
    'store.db.lock',
  ])
  const store = await openSqliteStore(file)
  await expect(openSqliteStore(file)).rejects.toMatchObject({ code: 'in-use' })
  await store.close()
  const again = await openSqliteStore(file)
  await again.close()
})
