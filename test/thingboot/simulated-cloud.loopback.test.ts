import { createServer } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Report } from '../../src/domain/report.ts'
import type { PushShape, SimSettings, ThingbootSim } from '../../src/simulator/thingboot/api.ts'
import { createThingbootSim } from '../../src/simulator/thingboot/sim.ts'
import { createThingbootClient } from '../../src/thingboot/client.ts'
import { createMqttInput } from '../../src/thingboot/mqtt-input.ts'
import { queryRef } from '../../src/thingboot/order.ts'
import { parsePush } from '../../src/thingboot/parse-push.ts'
import { GENERIC } from '../../src/thingboot/profiles.ts'
import { withPermits } from '../domain/support/permits.ts'
import { inWords } from './in-words.ts'
import { createRecorder } from './recorder.ts'

const appId = 'demoapp'
const appSecret = 'demo-app-secret-0001'
const profileFor = () => GENERIC

/** Where the cloud posts to: all it does is parse, as the service would. */
const received: Report[] = []
const receiver = createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request) text += chunk
  const isForm = request.headers['content-type']?.includes('form')
  take(isForm ? Object.fromEntries(new URLSearchParams(text)) : text)
  response.end()
})

function take(body: unknown, topic?: string): void {
  const parsed = parsePush(body, {
    receivedAt: Date.now(),
    profileFor,
    ...(topic !== undefined && { topic }),
  })
  expect(parsed).toMatchObject({ ok: true, unread: [] })
  if (parsed.ok) received.push(...parsed.reports)
}

let pushUrl = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const address = receiver.address()
  pushUrl = typeof address === 'object' && address ? `http://127.0.0.1:${address.port}/` : ''
})
afterAll(() => new Promise((resolve) => receiver.close(resolve)))

let sim: ThingbootSim
beforeEach(async () => {
  received.length = 0
  sim = await createThingbootSim({
    apps: [{ appId, appSecret, pushUrl }],
    devices: [
      { id: 820720, name: '3号增氧机', load: 12 },
      { id: 820721, circuits: ['power1', 'power2'], metered: false },
    ],
    settings: { orderPushDelay: 5 },
  })
})
afterEach(() => sim.close())

function client(secret = appSecret, timeoutMs = 2000) {
  const { log } = createRecorder()
  return withPermits(
    createThingbootClient({ appId, appSecret: secret, baseUrl: sim.url, log, timeoutMs, readPause: 1 }),
    Date.now,
  )
}

const of = (kind: Report['kind']) => received.filter((report) => report.kind === kind)

/** What a push may look like. */
const SHAPES: PushShape[] = [
  'plain',
  'device-object',
  'data-data',
  'wrapped',
  'wrapped-twice',
  'no-type',
  'form',
  'form-message',
  'text',
]

describe('commands', () => {
  it('are carried out and come back with their reference', async () => {
    await sim.trip(820720, { cause: 'leakage', rise: false })
    expect(await client().close('820720', 'power', 'R7K2M9')).toMatchObject({ ok: true })
    await sim.settled()
    expect(of('event')).toMatchObject([
      { positions: { power: 'open' }, fault: { cause: 'leakage' }, mover: 'trip' },
    ])
    expect(of('order')).toMatchObject([{ device: '820720', positions: { power: 'closed' }, extra: 'R7K2M9' }])
    expect(sim.commands).toMatchObject([{ signature: 'valid', outcome: 'accepted', acted: ['820720'] }])
  })

  it('keep the pace that the cloud wants', async () => {
    const { open, close } = client()
    const outcomes = await Promise.all([open('820721', 'power2', 'A'), close('820721', 'power2', 'B')])
    expect(outcomes).toMatchObject([{ ok: true }, { ok: true }])
    expect(sim.device(820721).positions).toMatchObject({ power1: 'closed' })
  })

  it('whose answer is lost may have been carried out, and are not sent again', async () => {
    sim.faults.add({ effect: { kind: 'reset', act: true } })
    expect(await client().open('820720', 'power', 'A')).toMatchObject({ ok: false, kind: 'unknown' })
    sim.faults.add({ effect: { kind: 'hang' } })
    expect(await client(appSecret, 100).open('820721', 'power1', 'B')).toMatchObject({
      ok: false,
      kind: 'unknown',
    })
    await sim.settled()
    expect(sim.commands).toHaveLength(2)
    expect(sim.device(820720).positions.power).toBe('open')
    expect(sim.device(820721).positions.power1).toBe('closed')
  })

  it('are refused with a wrong secret, a wrong clock and a wrong device', async () => {
    expect(await client('wrong').open('820720', 'power', 'A')).toMatchObject({ kind: 'refused', code: 5006 })
    expect(await client().open('999999', 'power', 'A')).toMatchObject({ kind: 'refused', code: 502 })
    expect(await client().open('820721', 'power', 'A')).toMatchObject({ kind: 'refused', code: 504 })
    sim.clock.advance(600_000)
    const refused = await client().open('820720', 'power', 'A')
    expect(refused).toMatchObject({ kind: 'refused', code: 5003 })
    expect(inWords(refused)).toMatchObject({ why: expect.stringMatching(/(599|600|601) s behind/) })
    expect(sim.device(820720).operations).toBe(0)
  })
})

describe('a question for the counter', () => {
  it.each(SHAPES)('is answered by a push that moves nothing: %s', async (pushShape) => {
    sim.settings.pushShape = pushShape
    sim.addDevice({ id: 820722, load: 20, energy: 1532.8 })
    const ref = queryRef('0123456789ab')
    expect(await client().query('820722', 'total', ref)).toMatchObject({ ok: true })
    await sim.settled()
    expect(received).toMatchObject([
      {
        device: '820722',
        kind: 'state',
        answer: true,
        positions: {},
        readings: { energy: 1532.8 },
        extra: ref,
      },
    ])
    expect(sim.commands).toMatchObject([{ order: { query: 'total', extra: ref }, acted: ['820722'] }])
  })

  it('that a breaker without a meter is asked is refused', async () => {
    expect(await client().query('820721', 'total', queryRef('0123456789ab'))).toMatchObject({ code: 504 })
  })
})

it('reads how devices stand', async () => {
  await sim.goOffline(820721)
  const { info, list, ntp } = client()
  expect(await info(['820720'])).toMatchObject({
    ok: true,
    data: [
      {
        device: '820720',
        name: '3号增氧机',
        online: true,
        positions: { power: 'closed' },
        readings: { current: expect.closeTo(12, 0) },
      },
    ],
  })
  expect(await list()).toMatchObject({
    ok: true,
    data: [
      { device: '820720' },
      { device: '820721', online: false, positions: { power1: 'closed', power2: 'closed' } },
    ],
  })
  sim.clock.advance(-90_000)
  const skew = await ntp()
  expect(skew.ok && Math.abs(skew.data - 90_000)).toBeLessThan(1000)
})

describe('pushes', () => {
  const spellings: Partial<SimSettings>[] = [
    { pushValues: 'strings', pushTime: 'ms' },
    { pushValues: 'numbers', pushTime: 's' },
    { pushValues: 'booleans', pushTime: 's-text' },
  ]
  const ways = SHAPES.flatMap((pushShape) => spellings.map((spelling) => ({ pushShape, ...spelling })))

  it.each(ways)('$pushShape with $pushValues, $pushTime', async (settings) => {
    Object.assign(sim.settings, settings)
    await sim.trip(820720, { cause: 'short-circuit', rise: false })
    await sim.switchByHand(820721, 'open', 'power2')
    await sim.switchByOtherClient(820720, 'closed', { extra: 'FOREIGN1' })
    await sim.report(820720)
    await sim.goOffline(820720)
    await sim.goOnline(820720)
    await sim.boot(820720)
    expect(received.filter((report) => report.kind !== 'state' || report.positions.power)).toMatchObject([
      {
        kind: 'event',
        device: '820720',
        positions: { power: 'open' },
        fault: { cause: 'short-circuit' },
        mover: 'trip',
      },
      { kind: 'event', device: '820721', positions: { power2: 'open' }, mover: 'hand' },
      { kind: 'order', positions: { power: 'closed' }, extra: 'FOREIGN1' },
      {
        kind: 'state',
        positions: { power: 'closed' },
        readings: { voltage: expect.any(Number), current: expect.any(Number) },
      },
      { kind: 'offline' },
      { kind: 'online', positions: { power: 'closed' } },
      { kind: 'event', name: 'boot', positions: { power: 'closed' } },
    ])
    for (const { at } of received) expect(Math.abs(at - Date.now())).toBeLessThan(10_000)
  })

  it('come by MQTT as well', async () => {
    await sim.addApp({ appId: 'mqttapp', appSecret, mqtt: true })
    sim.addDevice({ id: 5, appId: 'mqttapp' })
    const { log } = createRecorder()
    const url = sim.mqttUrl ?? ''
    const input = createMqttInput({
      url,
      appId: 'mqttapp',
      appSecret,
      clientId: 'breakerbot',
      log,
      take: async (body, topic) => take(body, topic),
    })
    input.start()
    try {
      await vi.waitFor(() => expect(input.health().state).toBe('ready'), { timeout: 20_000 })
      await sim.trip(5, { cause: 'overload', rise: false })
      await vi.waitFor(
        () => expect(received).toMatchObject([{ kind: 'event', device: '5', fault: { cause: 'overload' } }]),
        { timeout: 20_000 },
      )
    } finally {
      await input.stop()
    }
  })
})
