import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { createDingTalkChannel } from '../../../src/channels/dingtalk/index.ts'
import { dingTalkFaults as faults } from '../../../src/simulator/dingtalk/index.ts'
import { closedPort } from '../../support/closed-port.ts'
import { createRecorder } from '../../support/recorder.ts'
import { until } from '../../support/until.ts'
import { PING_EVERY } from '../conformance/rig.ts'
import { APP, acks, createRig, GROUP, hurt, OPEN_PATH, type Rig, requests } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

const opens = () => requests(rig.sim, OPEN_PATH)
const say = (text: string) => rig.sim.say(GROUP, 'manager123', text, { at: true })

test('subscribes to the two topics and no more, on one connection', async () => {
  rig = await createRig()
  expect(rig.channel.health().state).toBe('starting')
  await rig.start()
  expect(rig.sim.sockets.map(({ topics }) => topics)).toEqual([
    ['/v1.0/im/bot/messages/get', '/v1.0/card/instances/callback'],
  ])
  expect(await rig.sim.sockets[0]!.ping()).toBe(true)
})

test('a connection that is reset is replaced by exactly one', async () => {
  rig = await createRig()
  await rig.start()
  rig.sim.sockets[0]!.reset()
  await until(() => opens() === 2 && rig.channel.health().state === 'ready')
  expect(rig.sim.sockets).toHaveLength(1)
})

test('failing handshakes do not multiply: one gateway call for each, further and further apart', async () => {
  rig = await createRig({ timing: { firstPause: 40, longestPause: 80 } })
  await rig.start()
  const heal = hurt(rig.sim, '/connect', { answer: { status: 503, body: '' } }, Infinity)
  rig.sim.sockets[0]!.reset()
  await until(() => rig.channel.health().state === 'waiting')
  await pause(600)
  // The SDK alone would double them each time. Full jitter makes the number vary around 15.
  expect(opens()).toBeGreaterThan(3)
  expect(opens()).toBeLessThan(45)
  heal()
  await until(() => rig.channel.health().state === 'ready')
  expect(rig.sim.sockets).toHaveLength(1)
})

test('wrong credentials: says so, asks rarely, and recovers', async () => {
  rig = await createRig({ clientSecret: 'wrong', timing: { longestPause: 400 } })
  await rig.channel.start(() => {
    throw new Error('nothing can come')
  })
  await until(() => rig.channel.health().state === 'failed')
  expect(rig.channel.health().detail).toContain('check channels.dingtalk.clientId')
  await pause(300)
  expect(opens()).toBeLessThanOrEqual(2)
  rig.sim.addApp({ clientId: 'dingapp1', clientSecret: 'wrong' })
  await until(() => rig.channel.health().state === 'ready')
  expect(rig.channel.health().detail).toBeUndefined()
})

test('nobody listens: says what failed and what to check, and warns of it once', async () => {
  const host = `127.0.0.1:${await closedPort()}`
  rig = await createRig({ apiBase: `http://${host}` })
  await rig.channel.start(() => expect.fail())
  await until(() => rig.lines.length >= 3)
  const { state, detail } = rig.channel.health()
  expect(state).toBe('waiting')
  expect(detail).toContain(
    `No connection to DingTalk (connection to ${host} failed: ECONNREFUSED ${host}): ` +
      'check the network and channels.dingtalk.apiBase. Next try in',
  )
  expect(rig.lines.map((line) => line.split(' ')[0])).toEqual([
    'warn',
    ...rig.lines.slice(1).map(() => 'debug'),
  ])
})

test('an app that is not published: says what to do', async () => {
  rig = await createRig()
  rig.sim.addApp({ clientId: 'dingapp1', clientSecret: 'app-secret-1', published: false })
  await rig.channel.start(() => ({ taken: Promise.resolve(), answer: Promise.resolve({}), shown: () => {} }))
  await until(() => rig.channel.health().state === 'failed')
  expect(rig.channel.health().detail).toContain('publish a version of the app')
})

test.for([
  ['the gateway hangs', OPEN_PATH, faults.hang()],
  ['the gateway is down', OPEN_PATH, faults.unavailable()],
  ['the gateway says nonsense', OPEN_PATH, faults.malformed()],
  ['the gateway resets', OPEN_PATH, faults.reset('before')],
  ['the handshake hangs', '/connect', faults.hang()],
  ['the handshake is refused', '/connect', { answer: { status: 401, body: '' } }],
  ['the handshake is reset', '/connect', faults.reset('before')],
] as const)('%s: tries again', async ([, path, fault]) => {
  rig = await createRig()
  hurt(rig.sim, path, fault)
  await rig.start()
  expect(opens()).toBe(2)
  expect(rig.sim.sockets).toHaveLength(1)
})

test('a ticket with odd characters survives its way into the URL', async () => {
  rig = await createRig()
  const ticket = 'a+b/c=&d%41'
  const seen = Promise.withResolvers<string | null>()
  const gateway = createServer((_request, response) => {
    const { port } = gateway.address() as AddressInfo
    response.end(JSON.stringify({ endpoint: `ws://127.0.0.1:${port}/connect`, ticket }))
  })
  gateway.on('upgrade', (request, socket) => {
    seen.resolve(new URL(request.url ?? '', 'ws://x').searchParams.get('ticket'))
    socket.destroy()
  })
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
  const { port } = gateway.address() as AddressInfo
  const channel = createDingTalkChannel({
    ...APP,
    oapiBase: 'http://127.0.0.1',
    apiBase: `http://127.0.0.1:${port}`,
    log: createRecorder().log,
  })
  await channel.start(() => expect.fail())
  expect(await seen.promise).toBe(ticket)
  await channel.stop()
  gateway.closeAllConnections()
  await new Promise((resolve) => gateway.close(resolve))
})

test('an address of the gateway that is no WebSocket is not followed', async () => {
  rig = await createRig()
  hurt(rig.sim, OPEN_PATH, { answer: { status: 200, body: { endpoint: 'file:///etc/passwd', ticket: 't' } } })
  await rig.start()
  expect(opens()).toBe(2)
})

test('an announced end: the new connection comes at once, the old one still answers, nothing is lost', async () => {
  rig = await createRig({ timing: { lingerFor: 400, firstPause: 5_000, longestPause: 5_000 } })
  await rig.start()
  const taken = Promise.withResolvers<void>()
  rig.engine.receive = () => ({ taken: taken.promise })
  say('一')
  await until(() => rig.inputs.length === 1)
  const [old] = rig.sim.sockets
  old!.disconnect()
  await until(() => rig.sim.sockets.length === 2)
  say('二')
  await until(() => rig.inputs.length === 2)
  taken.resolve()
  await until(() => acks(rig.sim).length === 2)
  expect(new Set(acks(rig.sim).map((ack) => ack.kind === 'ack' && ack.socket)).size).toBe(2)
  await until(() => rig.sim.sockets.length === 1)
  expect(rig.sim.sockets[0]!.id).not.toBe(old!.id)
  expect(opens()).toBe(2)
  expect(rig.sim.counters.messagesLost).toBe(0)
  expect(rig.channel.health().state).toBe('ready')
})

test('ends that are announced again and again do not make a storm', async () => {
  rig = await createRig({ timing: { firstPause: 100, longestPause: 400, lingerFor: 10 } })
  await rig.start()
  const ending = setInterval(() => {
    for (const socket of rig.sim.sockets) if (socket.state === 'open') socket.disconnect()
  }, 5)
  await pause(600)
  clearInterval(ending)
  expect(opens()).toBeLessThan(20)
})

test('a connection that has gone silent is given up and replaced', async () => {
  rig = await createRig()
  await rig.start()
  await pause(3 * PING_EVERY)
  expect(opens()).toBe(1)
  rig.sim.sockets[0]!.zombie()
  await until(() => opens() === 2 && rig.channel.health().state === 'ready')
})

test('an answer to a socket that is gone is dropped; the message comes again and is taken', async () => {
  rig = await createRig()
  await rig.start()
  const taken = Promise.withResolvers<void>()
  rig.engine.receive = () => ({ taken: taken.promise })
  const id = say('确认')
  await until(() => rig.inputs.length === 1)
  rig.sim.sockets[0]!.reset()
  await until(() => opens() === 2 && rig.sim.sockets.length === 1)
  taken.resolve()
  await until(() => rig.channel.health().state === 'ready')
  rig.sim.clock.advance(61_000)
  await until(() => acks(rig.sim).length === 1)
  expect(rig.inputs.map((input) => input.id)).toEqual([id, id])
})
