import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { dingTalkFaults as faults } from '../../../src/simulator/dingtalk/index.ts'
import { until } from '../../support/until.ts'
import { GIVEN_UP } from '../conformance/rig.ts'
import { acks, createRig, GROUP, GROUP_PATH, hurt, OPEN_PATH, type Rig, requests } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

const opens = () => requests(rig.sim, OPEN_PATH)
const say = (text: string) => rig.sim.say(GROUP, 'manager123', text, { at: true })

test('frames that make no sense neither kill nor deafen it', async () => {
  rig = await createRig()
  await rig.start()
  const [socket] = rig.sim.sockets
  const headers = { messageId: 'm1', topic: '/v1.0/im/bot/messages/get' }
  const frames = [
    'no JSON',
    'null',
    '{}',
    '{"type":"SYSTEM"}',
    '{"type":"MAGIC","headers":{"topic":"x"}}',
    JSON.stringify({ type: 'CALLBACK', headers: { messageId: 'm0', topic: '/unknown' }, data: '{}' }),
    JSON.stringify({ type: 'CALLBACK', headers: { messageId: 'm0', topic: 'error' }, data: '{}' }),
    JSON.stringify({ type: 'CALLBACK', headers: { topic: headers.topic }, data: '{}' }),
    JSON.stringify({ type: 'CALLBACK', headers: { ...headers, messageId: '' }, data: {} }),
  ]
  for (const frame of frames) socket!.sendRaw(frame)
  say('状态')
  await until(() => rig.inputs.length === 1)
  expect(await socket!.ping()).toBe(true)
  expect(opens()).toBe(1)
})

test('stop is final: nothing is left, also in the middle of an attempt', async () => {
  rig = await createRig()
  await rig.start()
  hurt(rig.sim, OPEN_PATH, faults.hang(), Infinity)
  rig.sim.sockets[0]!.reset()
  await until(() => opens() === 2)
  const before = performance.now()
  await rig.channel.stop()
  expect(performance.now() - before).toBeLessThan(GIVEN_UP)
  await pause(150)
  expect(opens()).toBe(2)
  expect(rig.sim.sockets).toHaveLength(0)
  expect(rig.channel.health().state).toBe('stopped')
  expect(await rig.channel.send(GROUP, { text: 'x' }, 'k')).toMatchObject({ outcome: 'later' })
})

test('stop lets a message that is on its way arrive', async () => {
  rig = await createRig()
  await rig.start()
  hurt(rig.sim, GROUP_PATH, faults.latency(100))
  const sent = rig.channel.send(GROUP, { text: '今日 3 kWh' }, 'k')
  await until(() => requests(rig.sim, GROUP_PATH) === 1)
  await rig.channel.stop()
  expect(await sent).toMatchObject({ outcome: 'delivered' })
})

test('stop answers what it has taken, and takes nothing more', async () => {
  rig = await createRig()
  await rig.start()
  const taken = Promise.withResolvers<void>()
  rig.engine.receive = () => ({ taken: taken.promise })
  say('一')
  await until(() => rig.inputs.length === 1)
  const stopped = rig.channel.stop()
  say('二')
  taken.resolve()
  await stopped
  expect(acks(rig.sim)).toHaveLength(1)
  expect(rig.inputs).toHaveLength(1)
  await until(() => rig.sim.sockets.length === 0)
})

test('only faults of the configuration itself keep it from starting', async () => {
  rig = await createRig({ clientSecret: '' })
  await expect(rig.channel.start(() => expect.fail())).rejects.toThrow('clientSecret')
})
