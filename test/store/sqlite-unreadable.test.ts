import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { summarise } from '../../src/domain/summary.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Sample } from '../../src/store/store.ts'
import { temporaryFolder } from './support/sqlite.ts'
import { summaries } from './support/summaries.ts'
import { START, until } from './support/world.ts'

const HOUR = 3_600_000
const WHAT = 'a block of measured values cannot be read; it counts as if it were not there'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let file: string

beforeEach(async () => {
  folder = await temporaryFolder()
  file = join(folder.path, 'store.db')
})
afterEach(() => folder.remove())

/** A store with a log, and the clock of the test. */
async function open(now: () => number) {
  const told: [object, string][] = []
  const log = {
    warn: () => {},
    error: (about: object, what: string) => void told.push([about, what]),
  }
  return { store: await openSqliteStore(file, { now, log }), told }
}

const samples = [0, 1, 2].map((hour): Sample => ({ device: 'd', at: START + hour * HOUR, power: hour }))

/** Puts samples of three hours away and closes. */
async function prepare() {
  const { store } = await open(() => START + 4 * HOUR)
  await store.commit({ samples })
  const db = new DatabaseSync(file, { readOnly: true })
  const count = db.prepare('SELECT count(*) AS n FROM samples')
  await store.close()
  // Rounds of tidying begin with the service.
  const again = await open(() => START + 4 * HOUR)
  await until(() => count.get()?.n === 0)
  db.close()
  await again.store.close()
}

function change(set: string) {
  const db = new DatabaseSync(file)
  db.exec(set)
  db.close()
}

it('passes over what cannot be read, tells the log of it once, and answers the rest', async () => {
  await prepare()
  change(`UPDATE blocks SET data = x'01ffffffffff' WHERE tier = 0 AND start = ${START + HOUR}`)
  const { store, told } = await open(() => START + 4 * HOUR)
  for (let times = 0; times < 2; times++)
    expect(await store.samples('d', 0, START * 2)).toEqual([samples[0], samples[2]])
  expect(await store.sampleAt('d', START + HOUR + 1)).toEqual(samples[0])
  expect(await summaries(store, ['d'], 'hour', 0, START * 2)).toHaveLength(3)
  expect(await summaries(store, ['d'], 'minute', 0, START * 2)).toHaveLength(2)
  const place = { tier: 'raw', device: 'd', start: START + HOUR }
  expect(told).toEqual([[{ ...place, why: 'it is damaged' }, WHAT]])
  await store.close()
})

it('keeps what comes later of an hour that cannot be read, and what the hour was', async () => {
  await prepare()
  change(`UPDATE blocks SET data = x'6301020304aabb' WHERE tier = 0 AND start = ${START}`)
  const late: Sample = { device: 'd', at: START + 60_000, power: 7 }
  const { store, told } = await open(() => START + 4 * HOUR)
  await store.commit({ samples: [late] })
  await store.close()
  const again = await open(() => START + 4 * HOUR)
  await until(() => again.told.length > 0)
  const [hour] = await summaries(again.store, ['d'], 'hour', START, START + 1)
  expect(hour).toEqual(summarise('d', START, HOUR, [samples[0]!, late]))
  expect(await summaries(again.store, ['d'], 'minute', START, START + HOUR)).toEqual([
    summarise('d', START + 60_000, 60_000, [late]),
  ])
  expect([...told, ...again.told].map(([, what]) => what)).toContain(WHAT)
  await again.store.close()
})

it('makes the hours of a day anew from what is kept of them, where a late value is put away', async () => {
  await prepare()
  change(`UPDATE blocks SET data = x'01ffffffffff' WHERE tier = 2`)
  const late: Sample = { device: 'd', at: START + 60_000, power: 7 }
  const { store } = await open(() => START + 4 * HOUR)
  expect(await summaries(store, ['d'], 'hour', 0, START * 2)).toEqual([])
  await store.commit({ samples: [late] })
  await store.close()
  const again = await open(() => START + 4 * HOUR)
  const hours = () => summaries(again.store, ['d'], 'hour', 0, START * 2)
  await until(async () => (await hours()).length === 3)
  expect((await hours()).map(({ power }) => power?.count)).toEqual([2, 1, 1])
  await again.store.close()
})

it('drops minutes and hours that cannot be read when they are old, as others', async () => {
  await prepare()
  change(`UPDATE blocks SET data = x'' WHERE start = ${START}`)
  let time = START + 4 * HOUR
  const { store, told } = await open(() => time)
  time += 1000 * 24 * HOUR
  const db = new DatabaseSync(file, { readOnly: true })
  const count = db.prepare('SELECT count(*) AS n FROM blocks')
  await until(() => count.get()?.n === 0)
  db.close()
  expect(told.map(([about]) => about)).toContainEqual(
    expect.objectContaining({ tier: 'raw', device: 'd', start: START }),
  )
  await store.close()
})
