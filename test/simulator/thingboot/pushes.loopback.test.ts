import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { APP, control, startBoth, startReceiver, startSim } from './rig.ts'

test('every shape arrives with its content type', async () => {
  const { sim, receiver } = await startBoth()
  for (const shape of ['plain', 'form', 'form-message', 'text', 'wrapped-twice'] as const) {
    sim.settings.pushShape = shape
    await sim.report(820720)
  }
  expect(receiver.received.map((one) => one.contentType)).toEqual([
    'application/json',
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded',
    'text/plain',
    'application/json',
  ])
  expect(receiver.received.map((one) => one.body)).toEqual(sim.pushes.map((push) => push.body))
})

test('only 200 counts as delivered, and nothing is tried again', async () => {
  const statuses = [200, 204, 302, 500]
  const receiver = await startReceiver((nth) => statuses[nth - 1] ?? 200)
  const sim = await startSim({ apps: [{ ...APP, pushUrl: receiver.url }] })
  for (const _ of statuses) await sim.report(820720)
  expect(sim.pushes.map((push) => [push.status, push.outcome])).toEqual([
    [200, 'delivered'],
    [204, 'refused'],
    [302, 'refused'],
    [500, 'refused'],
  ])
  expect(receiver.received).toHaveLength(4)
})

test('a receiver that is too slow, gone or not set loses the push', async () => {
  const receiver = await startReceiver(() => 'never')
  const sim = await startSim({ apps: [{ ...APP, pushUrl: receiver.url }], settings: { pushTimeout: 100 } })
  await sim.report(820720)
  sim.setPushUrl('http://127.0.0.1:1/')
  await sim.report(820720)
  sim.setPushUrl(undefined)
  await sim.report(820720)
  expect(sim.pushes.map((push) => push.outcome)).toEqual(['dropped', 'dropped', 'dropped'])
  expect(sim.pushes[0]?.duration).toBeGreaterThanOrEqual(95)
  expect(receiver.received).toHaveLength(1)
})

test('pushes get lost, doubled and overtaken', async () => {
  const { sim, receiver } = await startBoth()
  sim.pushFaults.add({ when: (push) => push.type === 'event', effect: { kind: 'lose' } })
  await sim.switchByHand(820720, 'open')
  expect(receiver.received).toHaveLength(0)
  sim.pushFaults.add({ effect: { kind: 'duplicate', times: 3 } })
  await sim.switchByHand(820720, 'closed')
  expect(new Set(receiver.received.map((one) => one.body)).size).toBe(1)
  expect(receiver.received).toHaveLength(3)
  sim.pushFaults.add({ effect: { kind: 'slow', ms: 150 } })
  await Promise.all([sim.switchByHand(820720, 'open'), sim.switchByHand(820720, 'closed')])
  expect(receiver.json().slice(3)).toMatchObject([
    { data: { state: { power: '1' } } },
    { data: { state: { power: '0' } } },
  ])
  expect(sim.pushes.map((push) => push.outcome)).toEqual(['dropped', ...Array(5).fill('delivered')])
})

test('order pushes get lost at a set rate, drawn alike with the same seed', async () => {
  const run = async () => {
    const { sim } = await startBoth({ settings: { orderPushLoss: 0.5, orderPushDelay: 0 } })
    for (let i = 0; i < 20; i++) await control(sim, { power: String(i % 2) })
    await sim.settled()
    return sim.pushes.map((push) => push.outcome)
  }
  const first = await run()
  const lost = first.filter((outcome) => outcome === 'dropped').length
  expect(lost).toBeGreaterThan(2)
  expect(lost).toBeLessThan(18)
  expect(await run()).toEqual(first)
})

test('pushes of one device keep their order, those of others do not wait for them', async () => {
  const receiver = await startReceiver((nth) => (nth === 1 ? 'never' : 200))
  const apps = [{ ...APP, pushUrl: receiver.url }]
  const sim = await startSim({ apps, devices: [{ id: 1 }, { id: 2 }], settings: { pushTimeout: 300 } })
  const stuck = [sim.report(1), sim.switchByHand(1, 'open')]
  await until(() => receiver.received.length === 1, 'the first push')
  await sim.report(2)
  expect(receiver.json().map((push) => push.device)).toEqual([1, 2])
  await Promise.all(stuck)
  expect(receiver.json().map((push) => push.device)).toEqual([1, 2, 1])
})

test('closes with pushes and answers under way', async () => {
  const receiver = await startReceiver(() => 'never')
  const sim = await startSim({ apps: [{ ...APP, pushUrl: receiver.url }] })
  sim.faults.add({ effect: { kind: 'hang' } })
  const reported = sim.report(820720)
  const asked = control(sim, { power: '0' }).catch((error: unknown) => error)
  await until(() => sim.calls.length === 1, 'the call')
  await sim.close()
  await reported
  expect(await asked).toBeInstanceOf(Error)
  expect(sim.pushes[0]?.outcome).toBe('dropped')
})
