import { expect, test } from 'vitest'
import type { ThingbootSim } from '../../../src/simulator/thingboot/api.ts'
import { control, startBoth } from './rig.ts'

async function ask(sim: ThingbootSim, method: string, path: string, body?: unknown) {
  const response = await fetch(`${sim.url}/_sim/${path}`, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  })
  return { status: response.status, body: await response.json() }
}

test('plays a day of a breaker from outside', async () => {
  const { sim, receiver } = await startBoth({ devices: [] })
  const post = (path: string, body?: unknown) => ask(sim, 'POST', path, body)
  await post('devices', { id: 1, name: '泵', circuits: ['power1', 'power2'], load: { power1: 5 } })
  await post('devices/1/load', { amps: 30, circuit: 'power2' })
  expect((await ask(sim, 'GET', 'devices/1')).body).toMatchObject({
    current: 35,
    load: { power1: 5, power2: 30 },
  })
  await post('devices/1/trip', { circuit: 'power1', cause: 'leakage' })
  await post('devices/1/hand', { position: 'closed', circuit: 'power1' })
  await post('devices/1/other-client', { position: 'open', circuit: 'power2', extra: 'X' })
  await post('devices/1/offline')
  await post('devices/1/online')
  await post('devices/1/boot')
  await post('devices/1/report')
  await post('tick', { ms: 60_000 })
  expect(receiver.json().map((push) => push.type)).toEqual([
    'event',
    'event',
    'order',
    'offline',
    'online',
    'event',
    'state',
    'state',
  ])
  const pushes = (await ask(sim, 'GET', 'pushes')).body
  expect(pushes).toEqual(sim.pushes)
  expect((await ask(sim, 'GET', 'devices')).body).toMatchObject([
    { id: '1', positions: { power1: 'closed', power2: 'open' } },
  ])
})

test('jams, re-trips and shows the commands', async () => {
  const { sim } = await startBoth()
  const post = (path: string, body?: unknown) => ask(sim, 'POST', path, body)
  await post('devices/820720/jam')
  await control(sim, { power: '0' })
  await sim.settled()
  expect((await post('devices/820720/unjam')).body).toMatchObject({
    jammed: false,
    positions: { power: 'closed' },
  })
  await post('devices/820720/retrip', { ms: 3000, cause: 'short-circuit' })
  await control(sim, { reset: '1000' })
  await sim.settled()
  await post('tick', { ms: 4000 })
  expect((await ask(sim, 'GET', 'devices/820720')).body.lastTrip).toMatchObject({ cause: 'short-circuit' })
  const commands = (await ask(sim, 'GET', 'commands')).body
  expect(commands).toMatchObject([
    { acted: [], outcome: 'accepted' },
    { acted: ['820720'], order: { reset: '1000' } },
  ])
})

test('changes settings, faults and the push URL', async () => {
  const { sim, receiver } = await startBoth()
  expect((await ask(sim, 'PATCH', 'settings', { pushShape: 'form', orderPushDelay: 0 })).body).toMatchObject({
    pushShape: 'form',
    tsWindow: 300,
  })
  await ask(sim, 'POST', 'push-faults', { type: 'state', effect: { kind: 'lose' } })
  await sim.report(820720)
  expect(receiver.received).toHaveLength(0)
  await ask(sim, 'POST', 'faults', { path: 'device/control', times: 5, effect: { kind: 'code', code: 5009 } })
  expect(await control(sim, { power: '0' })).toMatchObject({ code: 5009 })
  await ask(sim, 'DELETE', 'faults')
  expect(await control(sim, { power: '0' })).toMatchObject({ code: 200 })
  await ask(sim, 'POST', 'push-url', { url: null })
  await sim.settled()
  await sim.report(820720)
  expect(sim.pushes.at(-1)?.outcome).toBe('dropped')
})

test.each([
  ['POST', 'devices/1/trip', {}, 'no device 1'],
  ['POST', 'devices/820720/explode', {}, 'no deed explode'],
  ['POST', 'devices/820720/hand', { position: 'ajar' }, 'position'],
  ['PATCH', 'settings', { pushDelay: 1 }, 'pushDelay'],
  ['POST', 'devices', { id: 820720 }, 'there already'],
])('says what is wrong: %s %s %j', async (method, path, body, why) => {
  const { sim } = await startBoth()
  const answer = await ask(sim, method, path, body)
  expect(answer.status).toBe(400)
  expect(JSON.stringify(answer.body)).toContain(why)
})
