import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { StoreError } from '../../src/store/errors.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { until } from '../support/until.ts'
import { newFolder, type Rig, startRig, testPolicy, texts, untilButton } from './rig.ts'

const CHIEF = { name: '场长', role: 'admin', ids: { telegram: '7' } } as const
const policy = testPolicy({ people: [CHIEF] })

/** A store that can be away for all that is asked of it. */
function awayable() {
  const gone = { isAway: false }
  const unless =
    <A extends unknown[], R>(run: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      gone.isAway ? Promise.reject(new StoreError('away', 'The store is away.')) : run(...args)
  const storeSeen = ({ enqueue, commit, counts, lease, list, get }: Store): Partial<Store> => ({
    enqueue: unless(enqueue),
    commit: unless(commit),
    counts: unless(counts),
    lease: unless(lease),
    list: unless(list) as Store['list'],
    get: unless(get) as Store['get'],
  })
  return { gone, storeSeen }
}

const state = (rig: Rig, device: string, power: string, mid: string) => ({
  type: 'state',
  device,
  mid,
  ts: rig.now(),
  data: { power },
})

async function openSpool(path: string): Promise<Store> {
  const spool = await openSqliteStore(path)
  onTestFinished(() => spool.close())
  return spool
}

describe('while the store is away', () => {
  test('pushes are refused and counted, and an admin is told when it is back', async () => {
    const { gone, storeSeen } = awayable()
    const rig = await startRig({ policy, storeSeen })
    gone.isAway = true
    await expect(rig.trip()).rejects.toThrow('away')
    await expect(rig.engine.pushes.keepUnreadable('{"', 'no JSON')).rejects.toThrow('away')
    expect(rig.engine.pushes.refused()).toMatchObject({ count: 2 })
    gone.isAway = false
    await until(() => texts(rig.telegram).some((text) => text.includes('2 条推送')), 'the admin to be told')
    expect(rig.engine.pushes.refused()).toBeUndefined()
  })

  test('pushes go into the spool and from there into the store, in order and once each', async () => {
    const { gone, storeSeen } = awayable()
    const spool = await openSpool(join(newFolder(), 'spool.db'))
    const taken: string[] = []
    const seen = (store: Store): Partial<Store> => {
      const mine = { ...store, ...storeSeen(store) }
      return {
        ...mine,
        async enqueue(jobs) {
          const answer = await mine.enqueue(jobs)
          taken.push(...jobs.filter(({ id }) => id.startsWith('push:')).map((job) => mids(job.payload)))
          return answer
        },
      }
    }
    const rig = await startRig({ policy, storeSeen: seen, spool: { store: spool, most: 1000 } })
    gone.isAway = true
    const bodies = Array.from({ length: 40 }, (_, n) => state(rig, `dev${n % 4}`, String(n % 2), `${n}`))
    for (const body of bodies) await rig.push(body)
    await rig.push(bodies[0]!)
    await rig.engine.pushes.keepUnreadable('{"', 'no JSON')
    expect(rig.engine.pushes.spooled()).toBe(41)
    gone.isAway = false
    // It came later, and does not overtake what waits.
    await rig.push(state(rig, 'dev0', '1', 'last'))
    await until(() => rig.engine.pushes.spooled() === 0, 'the spool to be empty')
    for (const device of [0, 1, 2, 3]) {
      const own = taken
        .filter((one) => one.startsWith(`dev${device} `))
        .map((one) => Number(one.split(' ')[1]))
      expect(own).toEqual([...own].sort((a, b) => a - b))
    }
    expect(taken).toHaveLength(41)
    expect(taken.at(-1)).toMatch(/^dev/)
    expect(rig.engine.pushes.unreadable()).toBe(1)
    expect(rig.engine.pushes.refused()).toBeUndefined()
  })

  test('the spool outlives the instance', async () => {
    const { gone, storeSeen } = awayable()
    const folder = newFolder()
    const path = join(newFolder(), 'spool.db')
    const first = await openSqliteStore(path)
    const before = await startRig({ folder, storeSeen, spool: { store: first, most: 10 } })
    gone.isAway = true
    await before.trip()
    await before.stop()
    await first.close()
    const rig = await startRig({ folder, spool: { store: await openSpool(path), most: 10 } })
    await untilButton(rig.telegram, 'ack')
    await until(() => rig.engine.pushes.spooled() === 0, 'the spool to be empty')
    expect(rig.telegram.shown).toHaveLength(1)
    // Four stores are opened, each with a thread of its own.
  })

  test('a spool that is full refuses', async () => {
    const { gone, storeSeen } = awayable()
    const spool = await openSpool(join(newFolder(), 'spool.db'))
    const rig = await startRig({ storeSeen, spool: { store: spool, most: 2 } })
    gone.isAway = true
    await rig.trip('overload', '1')
    await rig.trip('overload', '2')
    await expect(rig.trip('overload', '3')).rejects.toThrow('full')
    expect(rig.engine.pushes.refused()).toMatchObject({ count: 1 })
    expect(rig.engine.pushes.spooled()).toBe(2)
  })
})

function mids(payload: unknown): string {
  const { report } = payload as { report: { device: string; id: string; at: number } }
  return `${report.device} ${report.at}`
}
