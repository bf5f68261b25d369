import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { DAY, HOUR, MINUTE, startOf } from '../../src/store/hour.ts'
import type { Sample } from '../../src/store/sample.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { TIERS } from '../../src/store/tiers.ts'
import type { Bench } from '../bench.ts'
import { measuring, yearsOf } from '../energy-fleet.ts'
import { SPREAD, spread, table } from '../figures.ts'
import { months } from './energy-months.ts'

/** How many breakers are made in full; the others of a fleet hold the same blocks. */
const MODELS = 4
/** A sample twice a minute, as most breakers send. */
const EVERY = 30_000
const END = startOf(Date.now(), HOUR)
const YEAR = 365 * DAY
/** So many breakers have a report of their month. */
const MONTHLY = 1000

interface Extent {
  /** With two years of data. */
  breakers: number
  /** How often each query is asked. */
  times: number
  /** How long the writer is kept busy, ms. */
  ms: number
}

const FULL: Extent = { breakers: 2000, times: 50, ms: 45_000 }
const QUICK: Extent = { breakers: 1000, times: 10, ms: 10_000 }

/** Prints what a fleet takes on disk, how quickly it is asked, and how many samples are taken. */
export async function energy({ folder, isQuick }: Bench): Promise<void> {
  const extent = isQuick ? QUICK : FULL
  await sizes()
  const file = join(folder(), 'energy.db')
  const began = performance.now()
  await fillFleet(file, extent.breakers)
  const took = ((performance.now() - began) / 1000).toFixed(0)
  const gigabytes = (statSync(file).size / 1e9).toFixed(2)
  console.log(
    `\n${extent.breakers} breakers with two years of samples, ${gigabytes} GB on disk (${(statSync(file).size / extent.breakers / 1e6).toFixed(2)} MB each), filled in ${took} s. Asked ${extent.times} times each, ms:\n`,
  )
  await queries(file, extent)
  await writing(join(folder(), 'writing.db'), extent.ms)
}

/** Bytes of blocks for a breaker and year, were that tier kept so long, and what is kept at most. */
async function sizes(): Promise<void> {
  console.log(
    '| bytes a year | raw | by minute | by hour | kept in the end |\n| --- | --- | --- | --- | --- |',
  )
  for (const every of [EVERY, 5000]) {
    const sums = new Map(TIERS.map((tier) => [tier, { bytes: 0, ms: 0 }]))
    for (const { tier, block } of yearsOf(1, every, END)) {
      const sum = sums.get(tier)!
      sum.bytes += block.length
      sum.ms += tier === 'hours' ? DAY : HOUR
    }
    const yearly = [...sums.values()].map(({ bytes, ms }) => `${((bytes / ms) * (YEAR / 1e6)).toFixed(2)} MB`)
    const kept = [...sums.values()].reduce((sum, { bytes }) => sum + bytes, 0)
    console.log(`| a sample each ${every / 1000} s | ${yearly.join(' | ')} | ${(kept / 1e6).toFixed(2)} MB |`)
  }
}

/** Directly, in the order of time in which a service would have written it; through the packing code all the same. */
export async function fillFleet(file: string, breakers: number): Promise<void> {
  await (await openSqliteStore(file)).close()
  const db = new DatabaseSync(file)
  db.exec(`PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -500000; BEGIN;
    CREATE TEMP TABLE models (model INTEGER, tier INTEGER, start REAL, data BLOB);
    CREATE TEMP TABLE fleet (n INTEGER PRIMARY KEY, model INTEGER)`)
  const model = db.prepare('INSERT INTO models VALUES (?, ?, ?, ?)')
  for (let n = 0; n < MODELS; n++)
    for (const { tier, start, block } of yearsOf(n, EVERY, END))
      model.run(n, TIERS.indexOf(tier), start, block)
  const member = db.prepare('INSERT INTO fleet VALUES (?, ?)')
  for (let n = 0; n < breakers; n++) member.run(n, n % MODELS)
  db.exec(`CREATE INDEX temp.models_start ON models (start);
    CREATE INDEX temp.fleet_model ON fleet (model);
    INSERT INTO blocks (tier, device, start, data)
      SELECT tier, n, start, data FROM models CROSS JOIN fleet USING (model) ORDER BY start`)
  const sample = db.prepare(
    'INSERT INTO samples (device, at, voltage, current, power, apparent, energy) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  // What came in the last quarter of an hour is in no block yet.
  for (let n = 0; n < breakers; n++) {
    const next = measuring(n, EVERY)
    for (let at = END; at < END + 15 * MINUTE; at += EVERY) {
      const { voltage, current, power, apparent, energy } = next(at) as Required<Sample>
      sample.run(`${n}`, at, voltage, current, power, apparent, energy)
    }
  }
  db.exec('COMMIT; PRAGMA journal_mode = WAL')
  db.close()
}

async function queries(file: string, { breakers, times }: Extent): Promise<void> {
  const now = END + 15 * MINUTE
  // A clock that stands still, before anything is old enough to be tidied up.
  const store = await openSqliteStore(file, { now: () => now })
  const one = (n: number) => `${(n * 7919) % breakers}`
  const some = (n: number, count: number) =>
    Array.from({ length: count }, (_, m) => `${(n * 7919 + m) % breakers}`)
  const day = startOf(END - 40 * DAY, DAY)
  const today = startOf(END, DAY)
  const asked: Record<string, (n: number) => Promise<Iterable<unknown>[]>> = {
    'a day of a breaker, by hour': (n) => store.summaries([one(n)], 'hour', day, day + DAY),
    'a month of a breaker, by hour': (n) => store.summaries([one(n)], 'hour', day - 31 * DAY, day),
    'a year of a breaker, by hour': (n) => store.summaries([one(n)], 'hour', END - YEAR, END),
    'a day of a breaker, by minute': (n) => store.summaries([one(n)], 'minute', day, day + DAY),
    'the last 10 min of a breaker, raw': async (n) => [await store.samples(one(n), now - 10 * MINUTE, now)],
    'a day of a breaker, raw': async (n) => [await store.samples(one(n), END - DAY, END)],
    'a day of 100 breakers, by hour': (n) => store.summaries(some(n, 100), 'hour', day, day + DAY),
    'today of 100 breakers, by hour': (n) => store.summaries(some(n, 100), 'hour', today, now),
    'a day of 1,000 breakers, by hour': (n) => store.summaries(some(n, 1000), 'hour', day, day + DAY),
    'today of 1,000 breakers, by hour': (n) => store.summaries(some(n, 1000), 'hour', today, now),
  }
  console.log('| | rows | p50 | max |\n| --- | --- | --- | --- |')
  for (const [name, ask] of Object.entries(asked)) {
    const took: number[] = []
    let rows = 0
    for (let n = 0; n < times; n++) {
      const began = performance.now()
      rows = lookedAt(await ask(n))
      took.push(performance.now() - began)
    }
    took.sort((a, b) => a - b)
    const [p50, max] = [took[took.length >> 1]!, took.at(-1)!]
    console.log(`| ${name} | ${rows} | ${p50.toFixed(1)} | ${max.toFixed(1)} |`)
  }
  console.log(`\n${await months(store, MONTHLY, now)}`)
  await store.close()
}

/** Summaries are made as they are looked at: that is part of the answer. Returns how many there are. */
function lookedAt(found: Iterable<unknown>[]): number {
  let rows = 0
  for (const all of found) for (const _ of all) rows++
  return rows
}

/** A day that passes as fast as the writer takes it, tidied up meanwhile; then, at the pace of a fleet, how long it takes. */
async function writing(file: string, ms: number): Promise<void> {
  const BREAKERS = 10_000
  let now = startOf(Date.now(), HOUR) - DAY
  const store = await openSqliteStore(file, { now: () => now })
  const fleet = Array.from({ length: BREAKERS }, (_, n) => ({ device: `${n}`, next: measuring(n, EVERY) }))
  const began = performance.now()
  let count = 0
  while (performance.now() - began < ms) {
    now += EVERY
    for (let n = 0; n < BREAKERS; n += 500)
      await Promise.all(
        fleet.slice(n, n + 500).map(({ device, next }) => take(store, { ...next(now), device })),
      )
    count += BREAKERS
  }
  const rate = count / ((performance.now() - began) / 1000)
  console.log(
    `\n${BREAKERS} breakers: ${Math.round(rate)} samples a second are taken while they are put into blocks; 333 are needed at one in 30 s. ${waiting(file)}\n`,
  )
  const took: number[] = []
  for (let n = 0; n < (333 * ms) / 3000; n++) {
    const { device, next } = fleet[n % BREAKERS]!
    if (n % BREAKERS === 0) now += EVERY
    const began = performance.now()
    void take(store, { ...next(now), device }).then(() => took.push(performance.now() - began))
    await delay(3)
  }
  await store.close()
  console.log(
    table(['at about that pace, meanwhile, ms', ...SPREAD], [['a sample taken durably', ...spread(took)]]),
  )
}

const take = (store: Store, sample: Sample) => store.commit({ samples: [sample] })

function waiting(file: string): string {
  const db = new DatabaseSync(file, { readOnly: true })
  const { fresh, blocks } = db
    .prepare('SELECT (SELECT count(*) FROM samples) AS fresh, (SELECT count(*) FROM blocks) AS blocks')
    .get()!
  db.close()
  return `In the end ${fresh} samples are in no block yet, and there are ${blocks} blocks.`
}
