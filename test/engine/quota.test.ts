import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMetrics } from '../../src/engine/metrics.ts'
import { createQuotaCounter, monthOf, type QuotaCounter, quotaKey } from '../../src/engine/quota.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Commit, NewJob, Store } from '../../src/store/store.ts'
import { createRecorder } from '../support/recorder.ts'
import { until } from '../support/until.ts'
import { newFolder, startRig, texts, untilSays } from './rig.ts'

const BOT = { name: 'dingtalk', id: 'dingtalk:app1' } as const
/** Ten minutes before February begins in China. */
const JANUARY_END = Date.UTC(2026, 0, 31, 15, 50)

let store: Store
let now: number
let jobs: NewJob[]
let commits: number
let isAway: boolean
let attempts: number
beforeEach(async () => {
  now = JANUARY_END
  jobs = []
  commits = 0
  attempts = 0
  isAway = false
  store = await openSqliteStore(join(newFolder(), 'quota.db'), { now: () => now })
})
afterEach(() => store.close())

async function commit(what: Commit) {
  attempts++
  if (isAway) throw new Error('the store is away')
  const committed = await store.commit(what)
  commits++
  if (committed === 'ok') jobs.push(...(what.jobs ?? []))
  return committed
}

function counter(quota = { call: 10, push: 10 }, every = 20): QuotaCounter {
  const { log } = createRecorder()
  const needs = { store: { ...store, commit }, metrics: createMetrics(), log, now: () => now }
  return createQuotaCounter(needs, { ...BOT, quota }, every)
}

const written = async (month = '2026-01') => (await store.get(quotaKey(BOT.id, month)))?.value
const words = () => jobs.map(({ payload }) => (payload as { text: { key: string } }).text.key)

function use(one: QuotaCounter, times: number, kind: 'call' | 'push' = 'call'): void {
  for (let i = 0; i < times; i++) one.onUse(kind)
}

test('what was used is in the store within moments, in few writes', async () => {
  const one = counter({ call: 5000, push: 3000 })
  use(one, 700)
  use(one, 30, 'push')
  await until(() => commits > 0, 'what was used to be written')
  expect(await written()).toEqual({ call: 700, push: 30, told: [] })
  expect(commits).toBe(1)
  await one.stop()
})

test('it counts on after a restart, and several instances count together', async () => {
  const some = [counter(), counter(), counter()]
  for (const one of some) use(one, 2)
  await Promise.all(some.map((one) => one.stop()))
  expect(await written()).toMatchObject({ call: 6 })
  const next = counter()
  use(next, 1)
  await next.stop()
  expect(await written()).toMatchObject({ call: 7 })
})

test('an admin has one word at 80 %, and one when all is used, for calls and for pushes', async () => {
  const one = counter()
  const step = async (times: number, kind: 'call' | 'push' = 'call') => {
    use(one, times, kind)
    await one.stop()
    return words()
  }
  expect(await step(7)).toEqual([])
  expect(await step(1)).toEqual(['admin.quota-call'])
  expect(await step(1)).toHaveLength(1)
  expect(await step(1)).toEqual(['admin.quota-call', 'admin.quota-call'])
  expect(await step(90)).toHaveLength(2)
  expect(await step(100, 'push')).toEqual(['admin.quota-call', 'admin.quota-call', 'admin.quota-push'])
  const next = counter()
  use(next, 1)
  await next.stop()
  expect(words()).toHaveLength(3)
})

test('the platform knows better when all is used up: others of the organisation use it too', async () => {
  const one = counter()
  use(one, 3)
  one.onUse('call', true)
  one.onUse('call', true)
  await one.stop()
  expect(words()).toEqual(['admin.quota-call-used-up'])
  expect(await written()).toEqual({ call: 3, push: 0, told: ['call:80', 'call:100'] })
})

test('a month begins when it begins in China, from nothing', async () => {
  const one = counter({ call: 10, push: 10 }, 60_000)
  use(one, 9)
  now += 10 * 60_000
  use(one, 2)
  await one.stop()
  expect(await written('2026-01')).toMatchObject({ call: 9 })
  expect(await written('2026-02')).toEqual({ call: 2, push: 0, told: [] })
  expect(words()).toEqual(['admin.quota-call'])
  expect([monthOf(JANUARY_END), monthOf(now)]).toEqual(['2026-01', '2026-02'])
})

test('while the store is away it goes on counting', async () => {
  const one = counter()
  isAway = true
  use(one, 4)
  await until(() => attempts > 1, 'a second try')
  isAway = false
  use(one, 5)
  await one.stop()
  expect(await written()).toMatchObject({ call: 9 })
  expect(words()).toEqual(['admin.quota-call'])
})

test('0 is not counted', async () => {
  const one = counter({ call: 0, push: 3 })
  use(one, 50)
  one.onUse('call', true)
  use(one, 1, 'push')
  await one.stop()
  expect(await written()).toEqual({ call: 0, push: 1, told: [] })
})

test('in the service: counted for whoever holds the connection, shown in the metrics, told after a restart too', async () => {
  const folder = newFolder()
  const quotas = { dingtalk: { call: 10, push: 0 } }
  const rig = await startRig({ folder, quotas })
  for (let i = 0; i < 8; i++) rig.dingtalk.onUse('call')
  await rig.stop()
  const { values } = await rig.metrics.quota.get()
  expect(values).toMatchObject([{ labels: { channel: 'dingtalk', use: 'call' }, value: 0.8 }])
  const next = await startRig({ folder, quotas })
  const told = await untilSays(next.telegram, '额度 10 次')
  expect(told).toMatch(/^钉钉本月（\d{4}-\d\d）已用接口调用 8 次/)
  expect(texts(next.telegram)).toHaveLength(1)
})
