import { createServer, type Server, type Socket } from 'node:net'
import { Aedes, type AedesOptions } from 'aedes'
import mqtt from 'mqtt'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMqttInput, type MqttInput, type MqttInputOptions } from '../../src/thingboot/mqtt-input.ts'
import { createRecorder } from './recorder.ts'

const TOPIC = 'api/demoapp/message/event'
const appSecret = 'demo-app-secret-0001'
const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** A real broker whose door can be shut and opened again, and which keeps its sessions meanwhile. */
async function startBroker(options: AedesOptions = {}) {
  const broker = await Aedes.createBroker({
    authenticate: (_client, user, password, done) =>
      done(null, user === 'demoapp' && String(password) === appSecret),
    ...options,
  })
  const sockets = new Set<Socket>()
  let port = 0
  let server: Server | undefined
  const open = async () => {
    const opened = createServer((socket) => {
      sockets.add(socket)
      broker.handle(socket)
    })
    await new Promise<void>((resolve) => opened.listen(port, '127.0.0.1', resolve))
    const address = opened.address()
    port = typeof address === 'object' && address ? address.port : 0
    server = opened
  }
  const shut = async () => {
    const closing = server
    server = undefined
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => (closing ? closing.close(resolve) : resolve(undefined)))
  }
  await open()
  cleanups.push(shut, () => new Promise<void>((resolve) => broker.close(resolve)))
  return { broker, open, shut, url: `mqtt://127.0.0.1:${port}` }
}

function startInput(url: string, options: Partial<MqttInputOptions> = {}) {
  const recorder = createRecorder()
  const input = createMqttInput({
    url,
    appId: 'demoapp',
    appSecret,
    clientId: 'breakerbot',
    log: recorder.log,
    take: async () => {},
    pause: { min: 20, max: 80 },
    ...options,
  })
  cleanups.push(() => input.stop())
  input.start()
  return { input, recorder }
}

async function publish(broker: Aedes, payload: string, qos: 0 | 1 = 1, topic = TOPIC): Promise<void> {
  await new Promise<void>((resolve, reject) =>
    broker.publish({ cmd: 'publish', topic, payload, qos, retain: false, dup: false }, (error) =>
      error ? reject(error) : resolve(),
    ),
  )
}

/** Another client's, after which the broker has seen all that was sent to it before. */
async function roundTrip(url: string): Promise<void> {
  const other = await mqtt.connectAsync(url, { username: 'demoapp', password: appSecret })
  await other.publishAsync('elsewhere', '', { qos: 1 })
  await other.endAsync()
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 5 })
const ready = (input: MqttInput) => until(() => expect(input.health().state).toBe('ready'))

it('hands over what is published, with its topic, and nothing from elsewhere', async () => {
  const { broker, url } = await startBroker()
  const taken: [string, string][] = []
  const { input } = startInput(url, { take: async (body, topic) => void taken.push([body, topic]) })
  expect(input.health().state).toBe('starting')
  await ready(input)
  await publish(broker, '{}', 1, 'api/demoapp/device/control')
  await publish(broker, '{}', 1, 'api/other/message/event')
  await publish(broker, '{"device":820720,"名":"泵"}')
  await publish(broker, 'second', 0, 'api/demoapp/message/0')
  await until(() => expect(taken).toHaveLength(2))
  expect(taken).toEqual([
    ['{"device":820720,"名":"泵"}', TOPIC],
    ['second', 'api/demoapp/message/0'],
  ])
})

it('acknowledges only what is stored', async () => {
  const { broker, url } = await startBroker()
  const acknowledged: unknown[] = []
  broker.on('ack', (packet) => acknowledged.push('payload' in packet ? String(packet.payload) : packet))
  const stored = Promise.withResolvers<void>()
  const take = vi.fn(() => stored.promise)
  const { input } = startInput(url, { take })
  await ready(input)
  await publish(broker, 'a')
  await until(() => expect(take).toHaveBeenCalledOnce())
  await roundTrip(url)
  expect(acknowledged).toEqual([])
  stored.resolve()
  await until(() => expect(acknowledged).toEqual(['a']))
})

it('says each time that messages come again', async () => {
  const { open, shut, url } = await startBroker()
  let times = 0
  const { input } = startInput(url, { ready: () => times++ })
  await ready(input)
  expect(times).toBe(1)
  await shut()
  await until(() => expect(input.health().state).toBe('waiting'))
  expect(times).toBe(1)
  await open()
  await until(() => expect(times).toBe(2))
})

it('gets again what could not be stored, in order', async () => {
  const { broker, url } = await startBroker()
  const taken: string[] = []
  let isDiskFull = true
  const take = vi.fn(async (body: string) => {
    if (isDiskFull) throw new Error('disk full')
    taken.push(body)
  })
  const { input, recorder } = startInput(url, { take })
  await ready(input)
  await publish(broker, 'a')
  await publish(broker, 'b')
  await until(() => expect(take.mock.calls.filter(([body]) => body === 'a').length).toBeGreaterThan(2))
  expect(recorder.text()).toContain('disk full')
  isDiskFull = false
  await until(() => expect(taken).toEqual(['a', 'b']))
  await ready(input)
})

it('gets what was published while it was away', async () => {
  const { broker, url } = await startBroker()
  const taken: string[] = []
  const take = async (body: string) => void taken.push(body)
  const first = startInput(url, { take })
  await ready(first.input)
  await first.input.stop()
  await until(() => expect(broker.connectedClients).toBe(0))
  await publish(broker, 'meanwhile')
  await ready(startInput(url, { take }).input)
  await until(() => expect(taken).toEqual(['meanwhile']))
})

it('comes back after the broker was gone, and says so meanwhile', async () => {
  const { broker, url, shut, open } = await startBroker()
  const taken: string[] = []
  const { input } = startInput(url, { take: async (body) => void taken.push(body) })
  await ready(input)
  await shut()
  await until(() =>
    expect(input.health()).toMatchObject({
      state: 'waiting',
      detail: expect.stringContaining('ECONNREFUSED'),
    }),
  )
  await publish(broker, 'kept')
  await open()
  await ready(input)
  await until(() => expect(taken).toEqual(['kept']))
})

describe('what is wrong is told', () => {
  it('when the broker refuses the login, and it goes on trying', async () => {
    const tried = vi.fn()
    const { url } = await startBroker({
      authenticate: (_client, _user, _password, done) => {
        tried()
        done(Object.assign(new Error('no'), { returnCode: 4 }), false)
      },
    })
    const { input, recorder } = startInput(url)
    await until(() => expect(tried.mock.calls.length).toBeGreaterThan(2))
    expect(input.health()).toMatchObject({
      state: 'waiting',
      detail: expect.stringContaining('refuses the login'),
    })
    expect(recorder.text()).not.toContain(appSecret)
  })

  it('when it refuses the subscription', async () => {
    const { url } = await startBroker({
      authorizeSubscribe: (_client, _subscription, done) => done(null, null),
    })
    const { input } = startInput(url)
    await until(() =>
      expect(input.health()).toMatchObject({
        state: 'waiting',
        detail: expect.stringContaining('subscription'),
      }),
    )
  })

  it('when the URL is none', () => {
    const { log } = createRecorder()
    const input = createMqttInput({
      url: 'nonsense',
      appId: 'a',
      appSecret,
      clientId: 'c',
      log,
      take: async () => {},
    })
    expect(() => input.start()).toThrow()
  })
})

it('waits longer and longer, spread out', async () => {
  const { url, shut } = await startBroker()
  await shut()
  const { input, recorder } = startInput(url, { pause: { min: 10, max: 40 }, random: () => 0 })
  const waits = () => [...recorder.text().matchAll(/"wait":(\d+)/g)].map((match) => Number(match[1]))
  await until(() => expect(waits().length).toBeGreaterThanOrEqual(4))
  expect(waits().slice(0, 4)).toEqual([5, 10, 20, 20])
  await input.stop()
})

it('lets the message in hand finish when it is stopped, and leaves nothing behind', async () => {
  const { broker, url } = await startBroker()
  const acknowledged = vi.fn()
  broker.on('ack', acknowledged)
  const stored = Promise.withResolvers<void>()
  const take = vi.fn(() => stored.promise)
  const { input } = startInput(url, { take })
  await ready(input)
  await publish(broker, 'a')
  await until(() => expect(take).toHaveBeenCalledOnce())
  const stopped = input.stop()
  await roundTrip(url)
  expect(acknowledged).not.toHaveBeenCalled()
  stored.resolve()
  await stopped
  await until(() => expect(broker.connectedClients).toBe(0))
  expect(acknowledged).toHaveBeenCalledOnce()
  expect(input.health().state).toBe('stopped')
  await input.stop()
})
