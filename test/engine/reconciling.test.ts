import { expect, test } from 'vitest'
import { message } from '../../src/domain/message.ts'
import type { Position } from '../../src/domain/report.ts'
import type { RoundRecord } from '../../src/engine/round.ts'
import { until } from '../support/until.ts'
import { breaker, PUMP, type Rig, startRig, stateOf, testPolicy, texts, untilSays } from './rig.ts'

const LONG_AGO = 60_000
const ROUND = 'reconciliation/round'

const roundOf = async (rig: Rig) => (await rig.store.get<RoundRecord>(ROUND))?.value
/** Waits for a whole round that began after now. */
async function aRound(rig: Rig): Promise<RoundRecord> {
  const since = rig.now()
  return until(async () => {
    const round = await roundOf(rig)
    return round && round.at > since ? round : undefined
  }, 'a round')
}

/** Counts the rounds from now on. */
function countRounds(rig: Rig): { rounds: number } {
  const counted = { rounds: 0 }
  const { page } = rig.cloud
  rig.cloud.page = (index, options) => {
    if (index === 1) counted.rounds++
    return page(index, options)
  }
  return counted
}

const report = (rig: Rig, power: '0' | '1', device = PUMP) =>
  rig.push({ type: 'state', device, ts: rig.now(), data: { power } })

test('a breaker whose coming back was never told is found online', async () => {
  const rig = await startRig({ reconcileEvery: 50 })
  await rig.push({ type: 'offline', device: PUMP, ts: rig.now() })
  await until(async () => (await stateOf(rig))?.online === false, 'it to be offline')
  rig.clock.ahead += LONG_AGO
  rig.cloud.status = { online: true, positions: {} }
  await until(async () => (await stateOf(rig))?.absence === undefined, 'it to be back')
  expect((await stateOf(rig))?.online).toBe(true)
})

test('what the cloud last knew of a breaker that is away is not told again and again', async () => {
  const rig = await startRig({ reconcileEvery: 20 })
  await report(rig, '1')
  await until(() => stateOf(rig), 'the report')
  rig.clock.ahead += LONG_AGO
  const counted = countRounds(rig)
  rig.cloud.status = { online: false, positions: { power: 'open' } }
  const { note } = await until(async () => (await stateOf(rig))?.absence, 'it to be away')
  expect(note.key).toBe('reconciled.mark')
  const before = (await rig.store.get(`breaker/${PUMP}`))!.version
  const seen = counted.rounds
  await until(() => counted.rounds > seen + 3, 'a few more rounds')
  expect((await rig.store.get(`breaker/${PUMP}`))!.version).toBe(before)
})

test('a trip whose push got lost: an incident since the last round that agreed, told once', async () => {
  const rig = await startRig({ reconcileEvery: 50 })
  await report(rig, '1')
  await until(() => stateOf(rig), 'the report')
  rig.clock.ahead += LONG_AGO
  rig.cloud.status = { positions: { power: 'closed' } }
  const agreed = await aRound(rig)
  expect(agreed.uncertain).toEqual(['820721'])
  rig.cloud.status = { positions: { power: 'open' } }
  const card = await untilSays(rig.telegram, '对账时发现')
  expect(card).toContain('跳闸')
  const [incident] = await rig.store.list<{ openedAfter: number; openedAt: number }>({ kind: 'incident' })
  const { openedAfter, openedAt } = incident!.value
  expect(openedAfter).toBeGreaterThanOrEqual(agreed.at)
  expect(openedAt).toBeGreaterThan(openedAfter)
  await aRound(rig)
  await aRound(rig)
  expect(texts(rig.telegram).filter((text) => text.includes('跳闸'))).toHaveLength(1)
  expect(await rig.store.list({ kind: 'incident' })).toHaveLength(1)
})

test('a start asks at once, though another instance has just asked', async () => {
  const rig = await startRig({ reconcileEvery: 3_600_000 })
  const first = await until(() => roundOf(rig), 'the first round')
  await startRig({ reconcileEvery: 3_600_000, beside: rig })
  await until(async () => (await roundOf(rig))!.at > first.at, 'a round of the second')
})

test('missed pushes make it ask at once, but not in a storm', async () => {
  const rig = await startRig({ reconcileEvery: 3_600_000, leastPause: 400 })
  await until(() => roundOf(rig), 'the first round')
  const counted = countRounds(rig)
  const since = rig.now()
  for (let missed = 0; missed < 20; missed++) rig.engine.missedPushes('test')
  await until(() => counted.rounds > 0, 'a round')
  // What was missed in the very ms in which a round began, that round has asked for.
  const begun = rig.now()
  await until(() => rig.now() > begun, 'the next ms')
  rig.engine.missedPushes('test')
  await until(() => counted.rounds > 1, 'another')
  // A timer may come a little before its time.
  expect(counted.rounds).toBeLessThanOrEqual(1 + (rig.now() - since + 20) / 400)
})

test('a store that refuses pushes is a gap', async () => {
  const rig = await startRig({ reconcileEvery: 3_600_000, leastPause: 50 })
  const first = await until(() => roundOf(rig), 'the first round')
  const { enqueue, commit } = rig.store
  const refuse = () => Promise.reject(new Error('disk full'))
  Object.assign(rig.store, { enqueue: refuse, commit: refuse })
  await expect(report(rig, '0')).rejects.toThrow('disk full')
  Object.assign(rig.store, { enqueue, commit })
  await until(async () => (await roundOf(rig))!.at > first.at, 'a round')
})

test('a clock that was set, as after a sleep of the machine, is a gap', async () => {
  const rig = await startRig({ reconcileEvery: 3_600_000, leastPause: 50 })
  const first = await until(() => roundOf(rig), 'the first round')
  rig.clock.ahead += LONG_AGO
  await until(async () => (await roundOf(rig))!.at > first.at, 'a round')
})

test('a page that fails for a while is tried again, and the others are not lost', async () => {
  const ids = Array.from({ length: 120 }, (_, index) => String(900_000 + index))
  const rig = await startRig({
    policy: testPolicy({ breakers: ids.map((id) => breaker(id, `泵${id}`)) }),
    reconcileEvery: 100,
    pagePauses: [1, 1],
    prepare: ({ cloud }) => {
      cloud.listed = ids
      cloud.status = { positions: { power: 'closed' } }
      const { page } = cloud
      let fails = 2
      cloud.page = (index, options) =>
        index === 2 && fails-- > 0
          ? Promise.resolve({ ok: false, kind: 'unreachable', why: message('cloud.given-up') })
          : page(index, options)
    },
  })
  expect((await until(() => roundOf(rig), 'a whole round')).uncertain).toEqual([])
  for (const id of [ids[0]!, ids[60]!, ids[119]!])
    await until(async () => (await stateOf(rig, id))?.circuits.power?.position === 'closed', id)
})

test('a page that fails for good leaves the rest of the round its worth, but nothing is called agreed', async () => {
  const ids = Array.from({ length: 120 }, (_, index) => String(900_000 + index))
  const rig = await startRig({
    policy: testPolicy({ breakers: ids.map((id) => breaker(id, `泵${id}`)) }),
    reconcileEvery: 50,
    pagePauses: [1],
    prepare: ({ cloud }) => {
      cloud.listed = ids
      cloud.status = { positions: { power: 'closed' } }
      const { page } = cloud
      cloud.page = (index, options) =>
        index === 2
          ? Promise.resolve({ ok: false, kind: 'unreachable', why: message('cloud.given-up') })
          : page(index, options)
    },
  })
  await until(async () => (await stateOf(rig, ids[119]))?.circuits.power?.position === 'closed', 'page 3')
  expect(await stateOf(rig, ids[60])).toBeUndefined()
  expect(await roundOf(rig)).toBeUndefined()
})

test('no more calls a second than allowed, of all attempts; rounds do not overlap', async () => {
  const ids = Array.from({ length: 400 }, (_, index) => String(900_000 + index))
  const calls: number[] = []
  let atOnce = 0
  let most = 0
  const rig = await startRig({
    policy: testPolicy({ breakers: ids.map((id) => breaker(id, `泵${id}`)) }),
    reconcileEvery: 10,
    callsPerSecond: 5,
    prepare: ({ cloud }) => {
      cloud.listed = ids
      const { page } = cloud
      cloud.page = async (index, options) => {
        most = Math.max(most, ++atOnce)
        const answer = await page(index, options)
        calls.push(Date.now())
        atOnce--
        return answer
      }
    },
  })
  await until(() => roundOf(rig), 'the first round')
  await until(() => calls.length >= 10, 'the next round')
  expect(most).toBe(1)
  for (const at of calls)
    expect(calls.filter((one) => one >= at && one < at + 950).length).toBeLessThanOrEqual(5)
})

test('while another instance asks, this one waits', async () => {
  const rig = await startRig()
  expect(await rig.store.lease('reconcile', 'another', 60_000)).toBe(true)
  let tried = 0
  const { lease } = rig.store
  rig.store.lease = (name, holder, ttl) => {
    tried++
    return lease(name, holder, ttl)
  }
  await startRig({ reconcileEvery: 20, beside: rig })
  await until(() => tried > 3, 'some tries')
  expect(await roundOf(rig)).toBeUndefined()
  await rig.store.release('reconcile', 'another')
  await until(() => roundOf(rig), 'a round')
})

test('what one instance found holds for the other: two ask no more often than one', async () => {
  const one = await startRig({ reconcileEvery: 300 })
  const first = await until(() => roundOf(one), 'the first round')
  const counted = countRounds(one)
  await startRig({ reconcileEvery: 300, beside: one })
  await until(async () => (await roundOf(one))!.at > first.at + 1200, 'some rounds')
  const span = (await roundOf(one))!.at - first.at
  expect(counted.rounds).toBeLessThanOrEqual(span / 300 + 2)
})

test('a fleet of 10,000 is read a page at a time, with the states of one page at most at once', async () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => String(900_000 + index))
  let [reading, most] = [0, 0]
  const rig = await startRig({
    policy: testPolicy({ breakers: ids.map((id) => breaker(id, `泵${id}`)) }),
    reconcileEvery: 60_000,
    callsPerSecond: 100_000,
    prepare: ({ cloud, store }) => {
      cloud.listed = ids
      cloud.status = { positions: {} }
      const { get } = store
      store.get = async (key) => {
        if (!key.startsWith('breaker/')) return get<never>(key)
        most = Math.max(most, ++reading)
        await new Promise(setImmediate)
        return get<never>(key).finally(() => reading--)
      }
    },
  })
  const round = await until(() => roundOf(rig), 'a whole round')
  expect(round.unlisted).toEqual([])
  expect(most).toBeLessThanOrEqual(50)
})

test('a breaker that the account does not list is told to an admin, once, after two rounds', async () => {
  const rig = await startRig({ reconcileEvery: 20 })
  const told = await untilSays(rig.telegram, '设备列表中没有')
  expect(told).toContain('投饵机 (820721)')
  expect(told).not.toContain(PUMP)
  await aRound(rig)
  await aRound(rig)
  const all = () =>
    [rig.telegram, rig.dingtalk, rig.wecom].flatMap(texts).filter((one) => one.includes('设备列表'))
  expect(all()).toHaveLength(1)
  rig.cloud.listed = [PUMP, '820721']
  await until(async () => (await roundOf(rig))?.unlisted.length === 0, 'it to be listed')
  rig.cloud.listed = [PUMP]
  await until(() => all().length === 2, 'a second word')
})

test('positions that differ are judged only when they are settled', async () => {
  const rig = await startRig({ reconcileEvery: 20 })
  const position: Position = 'open'
  await report(rig, '1')
  await until(() => stateOf(rig), 'the report')
  rig.cloud.status = { positions: { power: position } }
  const round = await aRound(rig)
  expect(round.uncertain).toContain(PUMP)
  expect((await stateOf(rig))?.circuits.power?.position).toBe('closed')
  rig.clock.ahead += LONG_AGO
  await until(async () => (await stateOf(rig))?.circuits.power?.position === 'open', 'it to be believed')
})
