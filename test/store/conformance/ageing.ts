import { expect, it } from 'vitest'
import { CHAIN_START, verifyChain } from '../../../src/store/audit-chain.ts'
import type { AuditEntry, Write } from '../../../src/store/store.ts'
import { job, record, START, until, type World } from '../support/world.ts'

const DAY = 24 * 3_600_000
const YEAR = 365 * DAY

/** What is dropped for its age, and what is not. */
export function ageingConformance(world: () => World): void {
  const entry = (what: string): AuditEntry => ({ at: world().now(), who: 'system', what, subject: 's' })
  const done = async () => (await world().store.audit({ limit: 1000 })).map(({ what }) => what)
  const document = (key: string, index?: Write['index']): Write => ({
    key,
    value: { text: key },
    version: 0,
    ...(index && { index }),
  })

  it('drops audit entries after two years; what is left is whole from where it begins', async () => {
    expect(await world().store.auditStart()).toEqual({ seq: 0, hash: CHAIN_START })
    const old = Array.from({ length: 500 }, (_, n) => entry(`old ${n}`))
    await world().store.commit({ audit: old })
    const last = (await world().store.audit({ after: 499 }))[0]!
    world().advance(YEAR)
    await world().store.commit({ audit: [entry('a'), entry('b')] })
    world().advance(YEAR - 1)
    await world().store.commit({ audit: [entry('c')] })
    expect((await done()).length).toBe(503)

    world().advance(DAY)
    await until(async () => (await done()).length === 3)
    expect(await done()).toEqual(['a', 'b', 'c'])
    await world().reopen()
    const { store } = world()
    expect(await store.auditStart()).toEqual({ seq: 500, hash: last.hash })
    await store.commit({ audit: [entry('d')] })
    const rows = await store.audit({})
    expect(rows.map(({ seq }) => seq)).toEqual([501, 502, 503, 504])
    expect(verifyChain(rows, await store.auditStart())).toEqual({ intact: true })
    expect(verifyChain(rows)).toMatchObject({ intact: false, seq: 1 })
    expect(verifyChain(rows.slice(1), await store.auditStart())).toMatchObject({ intact: false, seq: 501 })
  })

  it('goes on with the chain when all of it was dropped', async () => {
    const { store, advance } = world()
    await store.commit({ audit: [entry('a'), entry('b')] })
    advance(3 * YEAR)
    await until(async () => (await done()).length === 0)
    await world().reopen()
    await world().store.commit({ audit: [entry('c')] })
    const rows = await world().store.audit({})
    expect(rows.map(({ seq }) => seq)).toEqual([3])
    expect(verifyChain(rows, await world().store.auditStart())).toEqual({ intact: true })
  })

  it('keeps an entry behind one that is younger: the chain is only cut at its beginning', async () => {
    const { store, advance } = world()
    await store.commit({ audit: [entry('a'), { ...entry('b'), at: START + YEAR }, entry('c')] })
    advance(2 * YEAR + DAY)
    await until(async () => (await done()).length === 2)
    expect(await done()).toEqual(['b', 'c'])
  })

  it('drops state that is not open after the time of its kind; nothing else', async () => {
    const closed = { at: START, open: false }
    const keys = ['unreadable/1', 'incident/1', 'card/1', 'message/1']
    const forGood = [
      document('breaker/1'),
      document('card/no-index'),
      document('unreadable/open', { at: START, open: true }),
      document('incident/open', { at: START, open: true }),
      document('unknown-kind/1', closed),
      document('incident/later', { at: START + YEAR, open: false }),
    ]
    await world().store.commit({ writes: [...keys.map((key) => document(key, closed)), ...forGood] })
    const left = async () => {
      const found = await Promise.all(keys.map((key) => world().store.get(key)))
      return found.flatMap((one) => one?.key ?? [])
    }
    world().advance(29 * DAY)
    await world().store.commit({})
    expect(await left()).toEqual(keys)
    world().advance(2 * DAY)
    await until(async () => (await left()).length === 3)
    expect(await left()).toEqual(['incident/1', 'card/1', 'message/1'])
    world().advance(2 * YEAR)
    await until(async () => (await left()).length === 0)
    for (const { key, value } of forGood) expect((await world().store.get(key))?.value).toEqual(value)
  })

  it('keeps each kind as long as it is told, the others as ever', async () => {
    await world().reopen({ keep: { documents: { note: DAY }, audit: DAY } })
    const index = { at: START, open: false }
    await world().store.commit({
      writes: Array.from({ length: 450 }, (_, n) => document(`note/${n}`, index)),
      audit: [entry('a')],
    })
    await world().store.commit({ writes: [document('unreadable/1', index)] })
    world().advance(2 * DAY)
    await until(async () => (await world().store.list({ kind: 'note' })).length === 0)
    await until(async () => (await done()).length === 0)
    expect(await world().store.get('unreadable/1')).toBeDefined()
    world().advance(30 * DAY)
    await until(async () => (await world().store.get('unreadable/1')) === undefined)
  })

  it('drops dead jobs after 30 days', async () => {
    const { store, advance } = world()
    const dying = record(store, async () => ({ dead: 'no such chat' }))
    await store.enqueue([job('old')])
    await until(async () => (await store.deadJobs()).length === 1)
    advance(29 * DAY)
    await store.enqueue([job('young')])
    await until(async () => (await store.deadJobs()).length === 2)
    advance(2 * DAY)
    await until(async () => (await store.deadJobs()).length === 1)
    expect((await store.deadJobs()).map(({ job }) => job.id)).toEqual(['young'])
    await dying.stop()
  })
}
