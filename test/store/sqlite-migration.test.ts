import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CHAIN_START, chainHash, verifyChain } from '../../src/store/audit-chain.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { openSqliteReader } from '../../src/store/sqlite/reader.ts'
import { MIGRATIONS } from '../../src/store/sqlite/schema.ts'
import { temporaryFolder } from './support/sqlite.ts'
import { summaries } from './support/summaries.ts'
import { quiet, record, START, until } from './support/world.ts'

const DAY = 24 * 3_600_000

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let file: string

beforeEach(async () => {
  folder = await temporaryFolder()
  file = join(folder.path, 'store.db')
})
afterEach(() => folder.remove())

const entry = { seq: 1, at: START, who: '电工甲', what: 'acknowledged', subject: 'breaker/1' }
const hash = chainHash(CHAIN_START, entry)

/** A file as the first version left it. */
function firstVersion() {
  const db = new DatabaseSync(file)
  db.exec(`
    PRAGMA journal_mode = WAL;
    ${MIGRATIONS[0]};
    PRAGMA application_id = ${0x42724274};
    PRAGMA user_version = 1;
    INSERT INTO jobs (id, queue, lane, payload, priority, due_at, created_at, attempt, lease)
      VALUES ('running', 'q', 'l', '{"n":1}', 0, ${START}, ${START}, 1, ${START + 1});
    INSERT INTO jobs (id, queue, lane, priority, due_at, created_at, outcome, ended_at)
      VALUES ('finished', 'q', 'l', 0, ${START}, ${START}, 'done', ${START});
    INSERT INTO jobs (id, queue, lane, payload, priority, due_at, created_at, attempt, why, outcome, ended_at)
      VALUES ('given up', 'q', 'l', '{"n":2}', 0, ${START}, ${START}, 3, 'no such chat', 'dead', ${START});
    INSERT INTO pauses VALUES ('paused', ${START + 9 * DAY});
    INSERT INTO documents VALUES ('incident/1', 'incident', '{"cause":"过载"}', 3, ${START}, 1);
    INSERT INTO audit VALUES (1, ${START}, '${entry.who}', '${entry.what}', '${entry.subject}', NULL, '${hash}');
    INSERT INTO samples VALUES ('820720', ${START}, 230.5, NULL, NULL, 12.5), ('820720', ${START + 1000}, NULL, NULL, NULL, 12.75)`)
  db.close()
}

it('never changes a step that files have taken', () => {
  const digests = MIGRATIONS.map((step) => createHash('sha256').update(step).digest('hex').slice(0, 16))
  expect(digests).toEqual([
    'c46493bed884cf5b',
    '4279fdf0487f2f22',
    'c48ad113d11ed087',
    '13b0391cae9c0fb7',
    'c1306496697decaa',
  ])
})

it('finds everything again in a file of the first version', async () => {
  firstVersion()
  let time = START
  const store = await openSqliteStore(file, { now: () => time })
  expect(await store.enqueue([{ id: 'finished', queue: 'q', lane: 'l', payload: null }])).toEqual({
    added: [],
  })
  const recorder = record(store)
  await quiet(store)
  expect(recorder.runs).toMatchObject([{ id: 'running', payload: { n: 1 }, attempt: 2 }])
  await store.enqueue([{ id: 'held up', queue: 'q', lane: 'paused', payload: null, priority: 99 }])
  expect(await store.deadJobs()).toMatchObject([
    { job: { id: 'given up', payload: { n: 2 }, attempt: 3 }, why: 'no such chat', at: START },
  ])
  expect(await store.list({ kind: 'incident', open: true })).toEqual([
    { key: 'incident/1', value: { cause: '过载' }, version: 3 },
  ])
  await store.commit({ audit: [{ ...entry, what: 'resolved' }] })
  const rows = await store.audit({})
  expect(rows.map(({ what }) => what)).toEqual(['acknowledged', 'resolved'])
  expect(verifyChain(rows, await store.auditStart())).toEqual({ intact: true })
  const samples = () => store.samples('820720', 0, START * 2)
  expect(await samples()).toEqual([
    { device: '820720', at: START, voltage: 230.5, energy: 12.5 },
    { device: '820720', at: START + 1000, energy: 12.75 },
  ])
  time += 8 * DAY
  await until(async () => (await samples()).length === 0)
  expect(await summaries(store, ['820720'], 'hour', 0, START * 2)).toMatchObject([
    { start: START, count: 2, counter: { used: 0.25 } },
  ])
  await store.close()
  const again = await openSqliteStore(file, { now: () => time })
  expect((await again.audit({})).length).toBe(2)
  const after = record(again)
  await quiet(again)
  expect(after.runs).toEqual([])
  time += 2 * DAY
  await until(() => after.ids().includes('held up'))
  await again.close()
})

it('carries over what older versions have left of samples by minute and by hour', async () => {
  const [hour, minute, long] = [3_600_000, 60_000, START - 200 * DAY]
  const db = new DatabaseSync(file)
  const columns =
    'device, start, count, first_after, first_energy, last_after, last_energy, power_min, power_max, power_sum, power_count'
  db.exec(`
    ${MIGRATIONS.slice(0, 4).join(';')};
    PRAGMA application_id = ${0x42724274};
    PRAGMA user_version = 4;
    INSERT INTO minutes (${columns}) VALUES
      ('d', ${START}, 2, 10000, 1, 40000, 1.25, 1000, 3000, 4000, 2),
      ('d', ${START + minute}, 1, 5000, 1.5, NULL, NULL, NULL, NULL, 5000, 1),
      ('d', ${START + hour}, 1, 0, NULL, NULL, NULL, NULL, NULL, 7000, 1),
      ('e', ${START}, 1, 0, 9, NULL, NULL, NULL, NULL, NULL, NULL);
    INSERT INTO hours (${columns}) VALUES
      ('d', ${START}, 3, 0, 0.5, 5000, 0.75, 0, 2000, 3000, 3),
      ('d', ${long}, 2, 0, 0.25, 3500000, 0.5, NULL, NULL, NULL, NULL);
    INSERT INTO samples VALUES ('d', ${START + 90_000}, NULL, NULL, 8, 1.75)`)
  db.close()
  const store = await openSqliteStore(file, { now: () => START + 8 * DAY })
  const hours = (device: string) => summaries(store, [device], 'hour', 0, START * 2)
  await until(async () => (await hours('d')).length === 3 && (await hours('e')).length === 1)
  await until(async () => (await store.samples('d', 0, START * 2)).length === 0)
  expect(await hours('d')).toMatchObject([
    { start: long, span: hour, count: 2, lastAt: long + 3_500_000, counter: { used: 0.25 } },
    {
      start: START,
      count: 7,
      firstAt: START,
      lastAt: START + 90_000,
      power: { min: 0, max: 8000, sum: 20_000, count: 7 },
      counter: { first: { at: START, energy: 0.5 }, last: { at: START + 90_000, energy: 1.75 }, used: 1.25 },
      load: { covered: 90_000 },
    },
    { start: START + hour, count: 1, load: { covered: 0 } },
  ])
  expect(await summaries(store, ['d', 'e'], 'minute', 0, START * 2)).toMatchObject([
    { device: 'd', start: START, span: minute, count: 2, counter: { used: 0.25 }, load: { covered: 30_000 } },
    { device: 'd', start: START + minute, count: 2, counter: { used: 0.25, first: { energy: 1.5 } } },
    { device: 'd', start: START + hour, count: 1 },
    { device: 'e', start: START, count: 1 },
  ])
  await store.close()
  const after = new DatabaseSync(file, { readOnly: true })
  expect(
    after.prepare('SELECT (SELECT count(*) FROM minutes) + (SELECT count(*) FROM hours) AS n').get()?.n,
  ).toBe(0)
  after.close()
})

it('does not read a file of an older version beside the service, and says what to do', async () => {
  firstVersion()
  expect(() => openSqliteReader(file)).toThrow(
    `${file} was written by an older version; start the service once, it brings the file up to date.`,
  )
  await (await openSqliteStore(file)).close()
  const reader = openSqliteReader(file)
  expect(verifyChain(reader.audit({}), reader.auditStart())).toEqual({ intact: true })
  expect(reader.audit({}).length).toBe(1)
  reader.close()
})
