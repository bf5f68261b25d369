import { expect, test } from 'vitest'
import { createAtOnce } from '../../src/engine/at-once.ts'
import type { Commit, NewJob, Store } from '../../src/store/store.ts'
import { until } from '../support/until.ts'
import { PUMP, type Rig, startRig, stateOf, testPolicy, untilSays } from './rig.ts'

const job = (id: string, lane = `lane of ${id}`): NewJob => ({ id, queue: 'q', lane, payload: null })

/** Decisions that end when they are told to, and what was kept in their place. */
function held(isReady = () => true) {
  const begun: { id: string; end: (isDone: boolean) => void; fail: () => void }[] = []
  const kept: string[] = []
  const { take } = createAtOnce({
    isReady,
    decide({ id }) {
      const { promise, resolve, reject } = Promise.withResolvers<boolean>()
      begun.push({ id, end: resolve, fail: () => reject(new Error('torn')) })
      return promise
    },
    async keep(jobs) {
      if (jobs.some(({ id }) => id === 'refused')) throw new Error('the disk is full')
      kept.push(...jobs.map(({ id }) => id))
      return jobs.length
    },
  })
  return { take: (...jobs: NewJob[]) => take(jobs), begun, kept, ids: () => begun.map(({ id }) => id) }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('what comes of one lane waits for what came before it, and goes in the order it came', async () => {
  const { take, begun, kept, ids } = held()
  const taken = ['1', '2', '3'].map((id) => take(job(id, 'l')))
  void take(job('other'))
  await turn()
  expect(ids()).toEqual(['1', 'other'])
  begun[0]!.end(true)
  await turn()
  expect(ids()).toEqual(['1', 'other', '2'])
  begun[2]!.end(false)
  await turn()
  begun[3]!.end(true)
  expect(await Promise.all(taken)).toEqual([1, 1, 1])
  expect(kept).toEqual(['2'])
})

test('while many come at a time they wait for their turn, and so does what comes before all is ready', async () => {
  const { take, begun, kept, ids } = held()
  const taken = Array.from({ length: 14 }, (_, n) => take(job(`${n}`)))
  expect(await Promise.all(taken.slice(8))).toEqual(Array(6).fill(1))
  expect(ids()).toHaveLength(8)
  expect(kept).toHaveLength(6)
  begun[0]!.end(true)
  await taken[0]
  void take(job('next'))
  expect(ids().at(-1)).toBe('next')
  const early = held(() => false)
  expect(await early.take(job('1'))).toBe(1)
  expect([early.ids(), early.kept]).toEqual([[], ['1']])
})

test('several at once are kept, after what came before of any of them', async () => {
  const { take, begun, kept } = held()
  void take(job('1', 'l'))
  const several = take(job('2', 'm'), job('3', 'l'))
  await turn()
  expect(kept).toEqual([])
  begun[0]!.end(true)
  expect(await several).toBe(2)
  expect(kept).toEqual(['2', '3'])
})

test('what cannot be decided upon is kept, and its lane goes on', async () => {
  const { take, begun, kept } = held()
  const taken = take(job('1', 'l'))
  const refused = take(job('refused', 'l'))
  begun[0]!.fail()
  expect(await taken).toBe(1)
  expect(kept).toEqual(['1'])
  begun[1]!.end(false)
  await expect(refused).rejects.toThrow('the disk is full')
  void take(job('2', 'l'))
  expect(begun).toHaveLength(3)
})

test('what is not decided upon soon is kept meanwhile', async () => {
  const { take, begun, kept } = held()
  const taken = take(job('1', 'l'))
  const next = take(job('2', 'l'))
  expect(await taken).toBe(1)
  expect(kept).toEqual(['1'])
  await turn()
  begun[1]!.end(true)
  expect(await next).toBe(1)
})

/** What is written of pushes, in order. */
function watched(change: (commit: Commit) => Commit | 'conflict' = (commit) => commit) {
  const seen: string[] = []
  const storeSeen = (store: Store): Partial<Store> => ({
    async commit(commit) {
      if (commit.takes) seen.push('taken')
      if (commit.done?.startsWith('push:')) seen.push('decided')
      const changed = commit.takes ? change(commit) : commit
      return changed === 'conflict' ? changed : store.commit(changed)
    },
    async enqueue(jobs) {
      if (jobs.some(({ id }) => id.startsWith('push:'))) seen.push('kept')
      return store.enqueue(jobs)
    },
  })
  return { seen, storeSeen }
}

const counted = async (rig: Rig, result: string) =>
  (await rig.metrics.pushes.get()).values.find(({ labels }) => labels.result === result)?.value ?? 0

test('a push is on disk once, and all that follows from it with it', async () => {
  const { seen, storeSeen } = watched()
  const rig = await startRig({ storeSeen })
  await rig.trip()
  expect(seen).toEqual(['taken'])
  const [incident] = await rig.store.list<{ cause: string }>({ kind: 'incident', open: true })
  expect(incident?.value.cause).toBe('overload')
  expect(await rig.store.list({ kind: 'push' })).toHaveLength(1)
  expect((await rig.store.audit({ subjects: [PUMP] })).map(({ what }) => what)).toContain('incident.opened')
  await untilSays(rig.telegram, '过载')
})

test('the same push again is counted as repeated, and nothing follows from it', async () => {
  const { seen, storeSeen } = watched()
  const rig = await startRig({ storeSeen })
  const push = {
    type: 'state',
    device: PUMP,
    mid: 'm1',
    ts: rig.now(),
    data: { power: '1', current: '12.4' },
  }
  for (let time = 0; time < 3; time++) await rig.push(push)
  expect(seen).toEqual(['taken', 'taken', 'kept', 'taken', 'kept'])
  expect([await counted(rig, 'taken'), await counted(rig, 'repeated')]).toEqual([1, 2])
  expect(await rig.store.samples(PUMP, 0, rig.now() + 1)).toHaveLength(1)
})

test('where the state has changed under the decision, the push is kept and decided upon in its turn', async () => {
  const { seen, storeSeen } = watched(() => 'conflict')
  const rig = await startRig({ storeSeen })
  await rig.trip()
  await untilSays(rig.telegram, '过载')
  expect(seen).toEqual(['taken', 'kept', 'decided'])
  expect(await rig.store.list({ kind: 'incident' })).toHaveLength(1)
})

test('which storm its incident joins is asked once, though it is decided upon twice', async () => {
  let spent = 0
  const { seen, storeSeen } = watched(() => 'conflict')
  const rig = await startRig({
    policy: testPolicy({ storm: { more: 3, within: 10_000 } }),
    storeSeen: (store) => ({
      ...storeSeen(store),
      spend(budgets) {
        if (budgets.some(({ name }) => name.startsWith('incidents:'))) spent++
        return store.spend(budgets)
      },
    }),
  })
  await rig.trip()
  await untilSays(rig.telegram, '过载')
  expect(seen).toEqual(['taken', 'kept', 'decided'])
  expect(spent).toBe(1)
})

test('a decision that fails does not lose its push', async () => {
  let isBroken = true
  const { seen, storeSeen } = watched()
  const rig = await startRig({
    storeSeen: (store) => ({
      ...storeSeen(store),
      get: (key) =>
        isBroken && key === `breaker/${PUMP}` ? Promise.reject(new Error('torn')) : store.get(key),
    }),
  })
  await rig.trip()
  expect(seen).toEqual(['kept'])
  isBroken = false
  rig.clock.ahead += 60_000
  await untilSays(rig.telegram, '过载')
})

test('pushes of one breaker that come together are decided upon in the order they came', async () => {
  const order: number[] = []
  const rig = await startRig({
    storeSeen: (store) => ({
      async commit(commit) {
        const answer = await store.commit(commit)
        if (answer === 'ok') order.push(...(commit.samples ?? []).map(({ at }) => at))
        return answer
      },
    }),
  })
  const now = rig.now()
  const readings = Array.from({ length: 10 }, (_, n) =>
    rig.push({ type: 'state', device: PUMP, ts: now - 1000 + n, data: { power: '1', current: `${n}` } }),
  )
  await Promise.all(readings)
  await until(async () => (await stateOf(rig))?.lastReportAt === now - 991, 'the last reading')
  expect(order).toEqual(Array.from({ length: 10 }, (_, n) => now - 1000 + n))
  expect(await rig.store.samples(PUMP, 0, now)).toHaveLength(10)
})
