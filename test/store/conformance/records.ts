import { expect, it } from 'vitest'
import { verifyChain } from '../../../src/store/audit-chain.ts'
import type { AuditEntry } from '../../../src/store/store.ts'
import { START, type World } from '../support/world.ts'

/** The audit chain and the measured values. */
export function recordConformance(world: () => World): void {
  const entry = (n: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
    at: START + n,
    who: '电工甲',
    what: `step.${n}`,
    subject: n % 2 ? 'breaker/1' : 'breaker/2',
    ...more,
  })

  it('numbers and chains audit entries in the order of their commits, across reopening', async () => {
    const { store } = world()
    await store.commit({ audit: [entry(1), entry(2, { details: { z: 1, a: [null, { deep: '值' }] } })] })
    await Promise.all([store.commit({ audit: [entry(3)] }), store.commit({ audit: [entry(4)] })])
    await world().reopen()
    await world().store.commit({ audit: [entry(5)] })
    const rows = await world().store.audit({})
    expect(rows.map(({ seq, what }) => [seq, what])).toEqual([1, 2, 3, 4, 5].map((n) => [n, `step.${n}`]))
    const { hash, ...second } = rows[1]!
    expect(second).toEqual({ seq: 2, ...entry(2, { details: { z: 1, a: [null, { deep: '值' }] } }) })
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(rows[0]).not.toHaveProperty('details')
    expect(verifyChain(rows)).toEqual({ intact: true })
  })

  it('reads the audit by page and by subjects', async () => {
    const { store } = world()
    const all = Array.from({ length: 130 }, (_, n) => entry(n + 1))
    await store.commit({ audit: all })
    const numbers = async (query: Parameters<typeof store.audit>[0]) =>
      (await store.audit(query)).map(({ seq }) => seq)
    expect((await numbers({})).length).toBe(100)
    expect(await numbers({ after: 128 })).toEqual([129, 130])
    expect(await numbers({ after: 3, limit: 2 })).toEqual([4, 5])
    expect(await numbers({ subjects: ['breaker/2'], after: 4, limit: 2 })).toEqual([6, 8])
    expect(await numbers({ subjects: ['breaker/3'] })).toEqual([])
    expect(await numbers({ subjects: [] })).toEqual([])
    const both = ['breaker/2', 'breaker/3', 'breaker/1']
    expect(await numbers({ subjects: both, after: 3, limit: 3 })).toEqual([4, 5, 6])
    expect((await numbers({ subjects: both, limit: 1000 })).length).toBe(130)
    const [first, second] = [await store.audit({ limit: 50 }), await store.audit({ after: 50, limit: 200 })]
    expect(verifyChain(second, first.at(-1))).toEqual({ intact: true })
  })

  it('shows what was tampered with', async () => {
    const { store } = world()
    await store.commit({ audit: [entry(1), entry(2), entry(3, { details: { reason: 'test' } }), entry(4)] })
    const rows = await store.audit({})
    const changed = rows.map((row) => (row.seq === 3 ? { ...row, who: '别人' } : row))
    expect(verifyChain(changed)).toMatchObject({ intact: false, seq: 3 })
    expect(verifyChain(rows.filter((row) => row.seq !== 2))).toMatchObject({ intact: false, seq: 2 })
  })

  it('keeps a chain whole whose texts no disk can hold', async () => {
    const { store } = world()
    const broken = 'half \ud83d'
    await store.commit({
      audit: [entry(1, { who: broken, subject: broken, details: { broken, gone: undefined } })],
    })
    expect(verifyChain(await store.audit({}))).toEqual({ intact: true })
  })

  it('finds the samples of a breaker by time', async () => {
    const { store } = world()
    await store.commit({
      samples: [
        { device: 'd', at: START + 20, power: 100.5, energy: 7 },
        { device: 'd', at: START, voltage: 230, current: 0 },
        { device: 'other', at: START + 10, voltage: 1 },
      ],
    })
    await store.commit({ samples: [{ device: 'd', at: START + 10, energy: 6 }] })
    const all = [
      { device: 'd', at: START, voltage: 230, current: 0 },
      { device: 'd', at: START + 10, energy: 6 },
      { device: 'd', at: START + 20, power: 100.5, energy: 7 },
    ]
    expect(await store.samples('d', START, START + 21)).toEqual(all)
    expect(await store.samples('d', START, START + 20)).toEqual(all.slice(0, 2))
    expect(await store.samples('d', START + 1, START + 21, 1)).toEqual([all[1]])
    expect(await store.sampleAt('d', START + 19)).toEqual(all[1])
    expect(await store.sampleAt('d', START + 20)).toEqual(all[2])
    expect(await store.sampleAt('d', START - 1)).toBeUndefined()
    expect(await store.sampleAt('unknown', START)).toBeUndefined()
  })

  it('makes one of two samples of a breaker at one time', async () => {
    const { store } = world()
    await store.commit({ samples: [{ device: 'd', at: START, voltage: 230, current: 5 }] })
    await store.commit({ samples: [{ device: 'd', at: START, current: 6, power: 1380 }] })
    expect(await store.samples('d', 0, START + 1)).toEqual([
      { device: 'd', at: START, voltage: 230, current: 6, power: 1380 },
    ])
  })
}
