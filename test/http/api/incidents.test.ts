import { expect, test } from 'vitest'
import type { Incident } from '../../../src/domain/incident.ts'
import { type ApiRig, apiRig, HOUSE, PUMP, tokenOf } from './support.ts'

const meter = { token: tokenOf('meter') }
const SAME = 1_700_000_000_000

function incident(i: number, openedAt: number, more: Partial<Incident> = {}): Incident {
  return {
    ...{ id: `many${i}`, breaker: i % 10 === 0 ? HOUSE : PUMP, circuit: 'power', cause: 'overload' },
    ...{ discovery: 'event', openedAt, status: 'open', version: 1, readings: {}, repeats: 0, story: [] },
    ...more,
  } as Incident
}

const write = (rig: ApiRig, all: readonly Incident[]) =>
  rig.store.commit({
    writes: all.map((one) => ({
      key: `incident/${one.id}`,
      value: one,
      version: 0,
      index: { at: one.openedAt, open: true },
    })),
  })

/** More than are read at a time: a few each ms, and far more in one. */
const many = () =>
  Array.from({ length: 1500 }, (_, i) => incident(i, i < 1100 ? SAME : SAME + Math.floor(i / 3)))

async function read(rig: ApiRig, query: string, by = meter) {
  const answer = await rig.call(by, 'GET', `/incidents?${query}`)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json() as {
    items: { id: string; openedAt: number; breaker: string; rights: string[] }[]
    next: string | null
    total: number
  }
}

async function readAll(rig: ApiRig, query: string, by = meter) {
  const ids: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await read(rig, `${query}${cursor && `&cursor=${cursor}`}`, by)
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.next
  }
  return ids
}

test('all that are open can be reached, newest first, none twice, however many opened at once', async () => {
  const rig = await apiRig()
  const all = many()
  await write(rig, all)
  expect((await read(rig, 'limit=100')).total).toBe(1500)
  const seen = await readAll(rig, 'limit=200')
  const wanted = all.toSorted((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? 1 : -1)).map(({ id }) => id)
  expect(seen).toEqual(wanted)
})

test('a page goes on where the one before ended, also when its last has ended meanwhile', async () => {
  const rig = await apiRig()
  await write(
    rig,
    [1, 2, 3, 4].map((i) => incident(i, SAME + i)),
  )
  const first = await read(rig, 'limit=2')
  expect(first.items.map(({ id }) => id)).toEqual(['many4', 'many3'])
  await rig.store.commit({
    writes: [{ key: 'incident/many3', value: null, version: 1 }],
  })
  const second = await read(rig, `limit=2&cursor=${first.next}`)
  expect(second.items.map(({ id }) => id)).toEqual(['many2', 'many1'])
  expect(second.next).toBeNull()
})

test('they are found by breaker, site, severity and by what stands in the name', async () => {
  const rig = await apiRig()
  await write(rig, [incident(1, SAME), incident(10, SAME + 1), incident(2, SAME + 2, { severity: 'info' })])
  const ids = async (query: string) => (await read(rig, query)).items.map(({ id }) => id)
  expect(await ids(`breaker=${HOUSE}`)).toEqual(['many10'])
  expect(await ids(`site=${encodeURIComponent('二号大棚')}`)).toEqual(['many10'])
  expect(await ids('severity=info')).toEqual(['many2'])
  expect(await ids(`search=${encodeURIComponent('增氧')}`)).toEqual(['many2', 'many1'])
  expect(await ids(`search=${PUMP}&severity=critical`)).toEqual(['many1'])
  expect(await read(rig, 'search=nothing')).toEqual({ items: [], next: null, total: 0 })
  expect((await rig.call(meter, 'GET', '/incidents?severity=grave')).statusCode).toBe(400)
  expect((await rig.call(meter, 'GET', '/incidents?cursor=many1')).statusCode).toBe(400)
})

test('whoever has a role at one site finds those of that site, and their count, alone', async () => {
  const rig = await apiRig()
  await write(rig, many())
  const house = { token: tokenOf('house') }
  const first = await read(rig, 'limit=100', house)
  expect(first.total).toBe(150)
  expect(first.items[0]!.rights).toEqual(['acknowledge', 'open', 'hold'])
  const ids = await readAll(rig, 'limit=100', house)
  expect(ids).toHaveLength(150)
  expect(ids.every((id) => id.endsWith('0'))).toBe(true)
  expect(await read(rig, `breaker=${PUMP}`, house)).toMatchObject({ items: [], total: 0 })
})
