import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Write } from '../../../src/store/store.ts'
import { START, type World } from '../support/world.ts'

/** Finding state by kind and time, and getting it back unchanged. */
export function listConformance(world: () => World): void {
  const incident = (id: string, at: number, open: boolean, version = 0): Write => ({
    key: `incident/${id}`,
    value: { id },
    version,
    index: { at: START + at, open },
  })

  async function ids(query: { open?: boolean; before?: number; limit?: number } = {}, kind = 'incident') {
    const before = query.before === undefined ? {} : { before: START + query.before }
    const found = await world().store.list<{ id: string }>({ kind, ...query, ...before })
    return found.map(({ value }) => value.id)
  }

  it('lists a kind, the newest first; those of one time by key, backwards', async () => {
    const { store } = world()
    await store.commit({
      writes: [
        incident('b', 20, true),
        incident('a', 10, false),
        incident('d', 20, false),
        incident('c', 30, true),
      ],
    })
    await store.commit({ writes: [{ ...incident('x', 25, true), key: 'incident2/x' }] })
    expect(await ids()).toEqual(['c', 'd', 'b', 'a'])
    expect(await ids({ open: true })).toEqual(['c', 'b'])
    expect(await ids({ open: false })).toEqual(['d', 'a'])
    expect(await ids({}, 'incident2')).toEqual(['x'])
    expect(await ids({}, 'nothing')).toEqual([])
    expect((await store.list({ kind: 'incident', limit: 1 }))[0]).toEqual({
      key: 'incident/c',
      value: { id: 'c' },
      version: 1,
    })
  })

  it('gives a page at a time, a hundred unless asked otherwise', async () => {
    const numbers = Array.from({ length: 130 }, (_, n) => n)
    await world().store.commit({ writes: numbers.map((n) => incident(`${n}`, n, n % 2 === 0)) })
    const newest = numbers.toReversed().map(String)
    expect(await ids()).toEqual(newest.slice(0, 100))
    expect(await ids({ before: 30 })).toEqual(newest.slice(100))
    expect(await ids({ before: 30, limit: 3 })).toEqual(['29', '28', '27'])
    expect(await ids({ before: 30, limit: 3, open: true })).toEqual(['28', '26', '24'])
  })

  it('follows changes: moved, closed, without an index, deleted', async () => {
    const { store } = world()
    await store.commit({ writes: ['a', 'b', 'c', 'd'].map((id, n) => incident(id, n, true)) })
    await store.commit({
      writes: [
        incident('a', 9, true, 1),
        incident('b', 1, false, 1),
        { key: 'incident/c', value: { id: 'c' }, version: 1 },
        { key: 'incident/d', value: null, version: 1 },
      ],
    })
    expect(await ids()).toEqual(['a', 'b'])
    expect(await ids({ open: true })).toEqual(['a'])
    expect(await store.get('incident/c')).toMatchObject({ version: 2 })
  })

  it('gives any JSON back as it came', async () => {
    const { store } = world()
    await fc.assert(
      fc.asyncProperty(fc.uuid(), fc.jsonValue(), async (id, json) => {
        const value = { json }
        await store.commit({ writes: [{ key: `any/${id}`, value, version: 0 }] })
        expect((await store.get(`any/${id}`))?.value).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 50 },
    )
  })
}
