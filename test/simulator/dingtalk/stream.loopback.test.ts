import type { DWClientDownStream } from 'dingtalk-stream'
import { beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type DingTalkSim, dingTalkFaults } from '../../../src/simulator/dingtalk/index.ts'
import { until } from '../../support/until.ts'
import { acks, CARD_TOPIC, frames, pass, ROBOT_TOPIC, taker, useSdk } from './sdk.ts'
import { APP, call, GROUP } from './support.ts'

const OPEN = '/v1.0/gateway/connections/open'
const subscriptions = [{ type: 'CALLBACK', topic: ROBOT_TOPIC }]
const minute = 60_000

let sim: DingTalkSim
const { current, connect } = useSdk()
beforeEach(() => {
  sim = current()
})

/** Opens a connection by hand; resolves with the status of the handshake (101 if it went well). */
const handshake = (address: string) =>
  new Promise<number>((resolve) => {
    const socket = new WebSocket(address)
    socket.on('open', () => {
      socket.close()
      resolve(101)
    })
    socket.on('unexpected-response', (_request, response) => {
      socket.terminate()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', () => resolve(0))
  })

const ticketAddress = async (extra: Record<string, unknown> = {}) => {
  const { body } = await call(sim, 'POST', OPEN, { ...APP, subscriptions, ...extra })
  const { endpoint, ticket } = body as { endpoint: string; ticket: string }
  return `${endpoint}?ticket=${encodeURIComponent(ticket)}`
}

describe('opening', () => {
  test('the SDK connects, with what it subscribed', async () => {
    const client = await connect({ robot: () => {} })
    expect(client.connected).toBe(true)
    expect(sim.sockets).toHaveLength(1)
    expect(sim.sockets[0]).toMatchObject({
      clientId: APP.clientId,
      state: 'open',
      topics: ['*', ROBOT_TOPIC],
    })
    expect(sim.counters.opens).toBe(1)
  })

  test('the SDK gets its access token by the old way, the same while it is valid', async () => {
    const client = await connect({})
    const token = await client.getAccessToken()
    expect(await client.getAccessToken()).toBe(token)
    sim.expireTokens()
    expect(await client.getAccessToken()).not.toBe(token)
  })

  test('wrong credentials are 401 authFailed', async () => {
    const wrong = { clientId: APP.clientId, clientSecret: 'no', subscriptions }
    const { status, body } = await call(sim, 'POST', OPEN, wrong)
    expect(status).toBe(401)
    expect(body).toEqual({ code: 'authFailed', message: '鉴权失败', requestid: expect.any(String) })
    const client = await connect({}, { clientSecret: 'no' })
    expect(client.connected).toBe(false)
  })

  test.each([undefined, '*/*'])('answers in XML when JSON is not accepted by name (%s)', async (accept) => {
    const { type, body } = await call(sim, 'POST', OPEN, { ...APP, subscriptions }, { accept: accept ?? '' })
    expect(type).toContain('xml')
    expect(body).toMatch(/<endpoint>ws:.*<ticket>/)
  })

  test('a ticket is good once, and for 90 s', async () => {
    const used = await ticketAddress()
    expect(await handshake(used)).toBe(101)
    expect(await handshake(used)).toBe(401)
    const old = await ticketAddress()
    sim.clock.advance(90_000)
    expect(await handshake(old)).toBe(401)
    expect(await handshake(`${sim.url.replace('http', 'ws')}/connect?ticket=made-up`)).toBe(401)
  })

  test('an app that is not published gets 400, or none of the sender where it may connect', async () => {
    sim.addApp({ ...APP, published: false })
    expect((await call(sim, 'POST', OPEN, { ...APP, subscriptions })).status).toBe(400)
    sim.behaviour.unpublishedConnects = true
    const { frames, handler } = taker()
    await connect({ robot: handler })
    sim.say(GROUP, 'manager123', '帮助', { at: true })
    await until(() => frames.length === 1)
    expect(JSON.parse(frames[0]!.data)).not.toHaveProperty('senderStaffId')
  })

  test('handshakes can be refused, cut off or left hanging', async () => {
    sim.faults.add({ when: ({ path }) => path === '/connect', effect: dingTalkFaults.unavailable() })
    expect(await handshake(await ticketAddress())).toBe(503)
    sim.faults.add({ when: ({ path }) => path === '/connect', effect: dingTalkFaults.reset('before') })
    expect(await handshake(await ticketAddress())).toBe(0)
    sim.faults.add({ when: ({ path }) => path === '/connect', effect: dingTalkFaults.hang() })
    const socket = new WebSocket(await ticketAddress(), { handshakeTimeout: 50 })
    await expect(new Promise((_, reject) => socket.on('error', reject))).rejects.toThrow(/timed out/)
  })
})

describe('system frames and bad connections', () => {
  test('ping is echoed by the SDK, by hand and at the set interval', async () => {
    await connect({})
    expect(await sim.sockets[0]!.ping()).toBe(true)
    sim.clock.advance(30_000)
    await until(() => frames(sim).filter(({ topic }) => topic === 'ping').length === 2)
    expect(sim.violations).toEqual([])
  })

  test('a wrong echo is a broken rule; without any the socket is dropped where that is switched on', async () => {
    sim.behaviour.dropWithoutEcho = true
    const socket = new WebSocket(await ticketAddress())
    const closed = new Promise((resolve) => socket.on('close', resolve))
    await new Promise((resolve) => socket.on('open', resolve))
    const echoed = sim.sockets[0]!.ping()
    const frame = await new Promise<DWClientDownStream>((resolve) =>
      socket.once('message', (data) => resolve(JSON.parse(String(data)))),
    )
    socket.send(JSON.stringify({ code: 200, headers: frame.headers, message: 'OK', data: '{"opaque":"no"}' }))
    expect(await echoed).toBe(false)
    expect(sim.violations).toHaveLength(1)
    sim.clock.advance(30_000)
    await until(() => frames(sim).length === 2)
    sim.clock.advance(30_000)
    await closed
  })

  test('after the disconnect frame nothing more is delivered there, and it closes 10 s later', async () => {
    const { frames, handler } = taker()
    const client = await connect({ robot: handler })
    sim.sockets[0]!.disconnect()
    await until(() => !client.connected)
    sim.say(GROUP, 'elec7', '状态', { at: true })
    expect(sim.counters.messagesLost).toBe(1)
    const second = taker()
    await connect({ robot: second.handler })
    sim.say(GROUP, 'elec7', '状态', { at: true })
    await until(() => second.frames.length === 1)
    expect(sim.sockets.map(({ state }) => state)).toEqual(['going away', 'open'])
    sim.clock.advance(10_000)
    await until(() => sim.sockets.length === 1)
    expect(frames).toEqual([])
  })

  test('a zombie stays open but swallows everything; a reset ends it', async () => {
    const { frames, handler } = taker()
    const client = await connect({ robot: handler })
    const socket = sim.sockets[0]!
    socket.zombie()
    sim.say(GROUP, 'elec7', '状态', { at: true })
    expect(sim.counters.messagesLost).toBe(0)
    expect(client.connected).toBe(true)
    socket.reset()
    await until(() => !client.connected && sim.sockets.length === 0)
    expect(frames).toEqual([])
  })

  test('client pings are answered, but not by a zombie', async () => {
    const socket = new WebSocket(await ticketAddress())
    await new Promise((resolve) => socket.on('open', resolve))
    const pongs: string[] = []
    socket.on('pong', (data) => pongs.push(String(data)))
    socket.ping('alive')
    await until(() => pongs.length === 1)
    sim.sockets[0]!.zombie()
    socket.ping('zombie')
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.close()
    await closed
    expect(pongs).toEqual(['alive'])
  })

  test('an ACK with another code than 200 is none: the message comes again', async () => {
    const socket = new WebSocket(await ticketAddress())
    const got: DWClientDownStream[] = []
    socket.on('message', (data) => {
      const frame: DWClientDownStream = JSON.parse(String(data))
      if (frame.type !== 'CALLBACK') return
      const code = got.push(frame) === 1 ? 500 : 200
      socket.send(JSON.stringify({ code, headers: frame.headers, message: '', data: '{"response":null}' }))
    })
    await new Promise((resolve) => socket.on('open', resolve))
    sim.say(GROUP, 'elec7', '状态', { at: true })
    await until(() => acks(sim).length === 1)
    sim.clock.advance(minute)
    await until(() => acks(sim).length === 2)
    await pass(sim, minute)
    expect(sim.counters.redeliveries).toBe(1)
    expect(acks(sim).map(({ code }) => code)).toEqual([500, 200])
    socket.close()
  })

  test('frames of any kind can be sent, and what comes up must be an ACK of something', async () => {
    const client = await connect({ card: () => {} })
    const odd = new Promise((resolve) => client.once('/v9/odd', resolve))
    sim.sockets[0]!.sendRaw(JSON.stringify({ type: 'CALLBACK', headers: { topic: '/v9/odd' }, data: '{}' }))
    await odd
    client.send('unknown-id', {})
    await until(() => sim.violations.length === 1)
    expect(sim.violations[0]).toMatch(/unknown message/)
    expect(CARD_TOPIC).toBe(sim.sockets[0]!.topics[1])
  })

  test('opens of the last minute are counted: a storm shows', async () => {
    for (let i = 0; i < 5; i++) await ticketAddress()
    expect(sim.counters.opensLastMinute).toBe(5)
    sim.clock.advance(minute)
    expect(sim.counters).toMatchObject({ opens: 5, opensLastMinute: 0 })
  })

  test('the legacy frames CONNECTED and REGISTERED come where switched on', async () => {
    sim.behaviour.legacySystemFrames = true
    const client = await connect({})
    await until(() => client.registered)
  })
})
