import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHAIN_START, chainHash, verifyChain } from '../../src/store/audit-chain.ts'
import { verifyAudit } from '../../src/store/audit-pages.ts'
import type { AuditEntry, AuditRow } from '../../src/store/store.ts'

const entry: AuditEntry = {
  at: 1767225600000,
  who: '电工甲',
  what: 'reclose.confirmed',
  subject: 'breaker/820720',
}

function chain(entries: AuditEntry[]): AuditRow[] {
  let hash = CHAIN_START
  return entries.map((one, n) => {
    hash = chainHash(hash, { ...one, seq: n + 1 })
    return { ...one, seq: n + 1, hash }
  })
}

const arbitraryEntries = fc.array(
  fc.record(
    {
      at: fc.nat(),
      who: fc.string(),
      what: fc.string(),
      subject: fc.string(),
      details: fc.dictionary(fc.string(), fc.jsonValue()),
    },
    { requiredKeys: ['at', 'who', 'what', 'subject'] },
  ),
  { minLength: 2 },
)

describe('the audit chain', () => {
  it('keeps its hashes: old files must stay verifiable', () => {
    const [first, second] = chain([entry, { ...entry, details: { b: 1, a: [{ d: null, c: '值' }] } }])
    expect([first?.hash, second?.hash]).toMatchInlineSnapshot(`
      [
        "8498fac76bd679e29f6d47819c7215deb5272cfc695d028006fa240ce3e34771",
        "3d78d0c1d6b12b37dee5eebeb2e2ff6a6ccf635636b5c0f9833ab42ecc1a959c",
      ]
    `)
  })

  it('does not depend on the order of keys', () => {
    const one = chainHash(CHAIN_START, { seq: 1, ...entry, details: { a: 1, b: { c: 2, d: 3 } } })
    const other = chainHash(CHAIN_START, { details: { b: { d: 3, c: 2 }, a: 1 }, ...entry, seq: 1 })
    expect(other).toBe(one)
  })

  it('is whole as it was written, in one piece or by pages', () => {
    fc.assert(
      fc.property(arbitraryEntries, (entries) => {
        const rows = chain(entries)
        expect(verifyChain(rows)).toEqual({ intact: true })
        expect(verifyChain(rows.slice(1), rows[0])).toEqual({ intact: true })
      }),
    )
  })

  it.each<[string, (row: AuditRow) => AuditRow]>([
    ['time', (row) => ({ ...row, at: row.at + 1 })],
    ['person', (row) => ({ ...row, who: `${row.who}x` })],
    ['deed', (row) => ({ ...row, what: `${row.what}x` })],
    ['subject', (row) => ({ ...row, subject: `${row.subject}x` })],
    ['details', (row) => ({ ...row, details: { ...row.details, more: 1 } })],
    ['hash', (row) => ({ ...row, hash: CHAIN_START })],
  ])('shows a changed %s', (_, change) => {
    fc.assert(
      fc.property(arbitraryEntries, fc.nat(), (entries, choice) => {
        const rows = chain(entries)
        const changed = choice % rows.length
        rows[changed] = change(rows[changed]!)
        expect(verifyChain(rows)).toMatchObject({ intact: false, seq: changed + 1 })
      }),
    )
  })

  it('shows entries that are missing, doubled or exchanged', () => {
    const [a, b, c] = chain([entry, entry, entry]) as [AuditRow, AuditRow, AuditRow]
    expect(verifyChain([a, c])).toEqual({
      intact: false,
      seq: 2,
      why: 'entry 2 is missing, 3 stands in its place',
    })
    expect(verifyChain([b, c])).toMatchObject({ intact: false, seq: 1 })
    expect(verifyChain([a, a, b, c])).toMatchObject({ intact: false, seq: 2 })
    expect(verifyChain([a, { ...c, seq: 2 }, { ...b, seq: 3 }])).toMatchObject({ intact: false, seq: 2 })
    expect(verifyChain([])).toEqual({ intact: true })
  })
})

it('is whole though its oldest entries are dropped for their age while it is read', async () => {
  const rows = chain(Array.from({ length: 20 }, () => entry))
  let dropped = 0
  const linkAt = (seq: number) => rows[seq - 1] ?? { seq: 0, hash: CHAIN_START }
  const store = {
    auditStart: async () => ({ seq: dropped, hash: linkAt(dropped).hash }),
    async audit({ after = 0 }) {
      dropped ||= 5
      return rows.filter(({ seq }) => seq > Math.max(after, dropped))
    },
  }
  expect(await verifyAudit(store)).toMatchObject({ intact: true, count: 15 })
  rows.splice(9, 1)
  expect(await verifyAudit(store)).toMatchObject({ intact: false })
})
