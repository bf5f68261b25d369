import { expect, test } from 'vitest'
import type { KeptPush } from '../../src/engine/pushes.ts'
import { until } from '../support/until.ts'
import { PUMP, type Rig, startRig } from './rig.ts'

const kept = async ({ store }: Rig) =>
  (await store.list<KeptPush>({ kind: 'push' })).map(({ value }) => value)

/** Waits until nothing is left to be decided upon. */
const decided = (rig: Rig) =>
  until(
    async () => !(await rig.store.counts()).events?.waiting && !(await inHand(rig)),
    'all to be decided upon',
  )
const inHand = async (rig: Rig) => (await rig.store.get(`breaker/${PUMP}`)) === undefined

test('what the cloud really sent is kept, but for plain readings', async () => {
  const rig = await startRig()
  const take = (raw: string) => rig.engine.pushes.take(JSON.parse(raw), raw)
  const reading = `{"type":"state", "device": ${PUMP}, "data":{"power":"1","current":"12.0"}}`
  const trip = `{ "type":"event","device":"${PUMP}","data":{"name":"trip","oddity":[1],"state":{"fault":"overload"}}}`
  const warning = `{"type":"state","device":${PUMP},"data":{"power":"0","fault":"over-voltage"}}`
  const unknown = '{"type":"offline","device":"999"}'
  for (const raw of [reading, trip, warning, unknown]) await take(raw)
  await until(async () => (await kept(rig)).length === 3, 'three to be kept')
  expect((await kept(rig)).map(({ raw }) => raw).sort()).toEqual([trip, warning, unknown].sort())
  expect(await kept(rig)).toContainEqual({ device: PUMP, kind: 'event', at: expect.any(Number), raw: trip })
  await decided(rig)
  expect(await kept(rig)).toHaveLength(3)
})

test('a body of many messages is not kept for each of them when it is long', async () => {
  const rig = await startRig()
  const many = Array.from({ length: 400 }, (_, n) => ({
    type: 'offline',
    device: `9${n}`,
    mid: `m${n}`,
    note: 'x'.repeat(60),
  }))
  const raw = JSON.stringify(many)
  expect((await rig.engine.pushes.take(many, raw)).ok).toBe(true)
  await until(async () => (await kept(rig)).length > 0, 'some to be kept')
  await until(async () => !(await rig.store.counts()).events?.waiting, 'all to be decided upon')
  const bytes = (await kept(rig)).reduce((sum, one) => sum + one.raw.length, 0)
  expect(bytes).toBeLessThanOrEqual(1024 * 1024)
})

test('the same body again, after its first report has been forgotten, is decided upon all the same', async () => {
  const rig = await startRig()
  const body = { type: 'offline', device: PUMP, mid: 'm1', ts: rig.now() }
  await rig.push(body)
  await until(async () => (await kept(rig)).length === 1, 'it to be kept')
  const { added } = await rig.store.enqueue([
    { id: 'push:again', queue: 'events', lane: 'x', payload: await payloadLike(rig, body) },
  ])
  expect(added).toEqual(['push:again'])
  await until(async () => (await kept(rig)).every(({ raw }) => raw === 'again'), 'it to be decided upon')
  expect(await kept(rig)).toHaveLength(1)
})

async function payloadLike(rig: Rig, body: { device: string; ts: number }) {
  const [push] = await rig.store.list<KeptPush>({ kind: 'push' })
  const report = {
    id: push!.key.slice('push/'.length),
    device: body.device,
    kind: 'offline',
    at: body.ts,
    positions: {},
    readings: {},
  }
  return { from: 'push', report, raw: 'again' }
}
