import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Report } from '../../src/domain/report.ts'
import { type ParsedPush, type PushContext, parsePush } from '../../src/thingboot/parse-push.ts'
import { defineProfile } from '../../src/thingboot/profile.ts'
import { GENERIC, profileFor } from '../../src/thingboot/profiles.ts'

const receivedAt = 1767225999000
const context: PushContext = { receivedAt, profileFor: () => GENERIC }

function reports(body: unknown, more: Partial<PushContext> = {}): Report[] {
  const parsed = parsePush(body, { ...context, ...more })
  if (!parsed.ok) throw new Error(parsed.why)
  return parsed.reports
}

function report(body: unknown, more: Partial<PushContext> = {}): Report {
  const [only, ...others] = reports(body, more)
  expect(others).toEqual([])
  return only!
}

const why = (parsed: ParsedPush) => (parsed.ok ? undefined : parsed.why)

const TRIP = {
  type: 'event',
  device: 820720,
  mid: 'a1b2c3d4',
  ts: 1767225600000,
  data: {
    name: 'trip',
    state: { power: '0', fault: 'overload', voltage: '228.4', current: '63.1', active_power: '14400' },
  },
}
const TRIP_UNDERSTOOD = {
  device: '820720',
  kind: 'event',
  name: 'trip',
  at: 1767225600000,
  positions: { power: 'open' },
  readings: { voltage: 228.4, current: 63.1, activePower: 14400 },
  fault: { cause: 'overload', raw: 'overload' },
  mover: 'trip',
}
const id = expect.stringMatching(/^[0-9a-f]{24}$/)

describe('the five pushes of the public face', () => {
  it.each<[object, object]>([
    [TRIP, TRIP_UNDERSTOOD],
    [
      {
        type: 'state',
        device: 820720,
        ts: 1767225660000,
        data: { power: '1', voltage: '229.8', current: '12.4', active_power: '2850', energy: '1532.81' },
      },
      {
        device: '820720',
        kind: 'state',
        at: 1767225660000,
        positions: { power: 'closed' },
        readings: { voltage: 229.8, current: 12.4, activePower: 2850, energy: 1532.81 },
      },
    ],
    [
      { type: 'order', device: 820720, ts: 1767225670000, data: { power: '1', extra: 'R7K2M9' } },
      {
        device: '820720',
        kind: 'order',
        at: 1767225670000,
        positions: { power: 'closed' },
        readings: {},
        extra: 'R7K2M9',
      },
    ],
    [
      { type: 'offline', device: 820720, ts: 1767225700000 },
      { device: '820720', kind: 'offline', at: 1767225700000, positions: {}, readings: {} },
    ],
    [
      { type: 'online', device: 820720, ts: 1767225760000, data: { state: { power: '1' } } },
      { device: '820720', kind: 'online', at: 1767225760000, positions: { power: 'closed' }, readings: {} },
    ],
  ])('%j', (push, understood) => {
    expect(parsePush(push, context)).toEqual({ ok: true, reports: [{ id, ...understood }], unread: [] })
  })
})

describe('wrappings', () => {
  const { type, device, mid, ts, data } = TRIP
  it.each<[string, unknown]>([
    ['JSON text', JSON.stringify(TRIP)],
    ['JSON text of JSON text', JSON.stringify(JSON.stringify(TRIP))],
    [
      'a form with JSON in one field',
      { type, device: '820720', mid, ts: String(ts), data: JSON.stringify(data) },
    ],
    ['a form with all in one field', { payload: JSON.stringify(TRIP) }],
    ['JSON posted as a form', { [JSON.stringify(TRIP)]: '' }],
    ['one wrapping', { data: TRIP }],
    ['two wrappings', { message: { data: TRIP } }],
    ['a wrapping with an id of its own', { id: 'msg-1', body: TRIP }],
    ['a list', [TRIP]],
    ['a list in a wrapping', { messages: [TRIP] }],
    ['device.id', { ...TRIP, device: { id: 820720, name: '3号增氧机' } }],
    ['device_id', { type, device_id: 820720, mid, ts, data }],
    ['id', { type, id: 820720, mid, ts, data }],
    ['device inside data', { type, mid, ts, data: { device, ...data } }],
    ['topic', { topic: 'api/demoapp/message/event', device, mid, ts, data }],
    ['message', { message: 'event', device, mid, ts, data }],
    ['a longer type', { ...TRIP, type: 'device.event' }],
    ['name and state outside', { type, device, mid, ts, ...data }],
    ['data.data', { type, device, mid, ts, data: { name: data.name, data: data.state } }],
    [
      'state as text',
      { type, device, mid, ts, data: { name: data.name, state: JSON.stringify(data.state) } },
    ],
    ['all in data', { type, device, mid, ts, data: { name: data.name, ...data.state } }],
    ['all flat', { type, device, mid, ts, name: data.name, ...data.state }],
    ['time in data', { type, device, mid, data: { ...data, ts } }],
    ['no kind but a name', { device, mid, ts, data }],
  ])('%s', (_what, push) => {
    expect(report(push)).toMatchObject(TRIP_UNDERSTOOD)
  })

  it('opens no more than two', () => {
    expect(why(parsePush({ a: { b: { c: TRIP } } }, context))).toBe('no device id in it')
  })

  it('takes several messages, and tells of those that it cannot read', () => {
    const other = { ...TRIP, device: 820721 }
    const parsed = parsePush([TRIP, 'nonsense', { type: 'event' }, other, { device: 5 }], context)
    expect(parsed).toMatchObject({ ok: true, reports: [{ device: '820720' }, { device: '820721' }] })
    expect(parsed.ok && parsed.unread).toEqual([
      'neither JSON nor a form with JSON in its fields',
      'no device id in it',
      'nothing that is understood about device 5',
    ])
  })

  it('gives what stands deepest precedence', () => {
    expect(
      report({ device: 1, type: 'state', power: '1', data: { power: '1', state: { power: '0' } } }).positions,
    ).toEqual({
      power: 'open',
    })
  })
})

describe('what cannot be understood', () => {
  it.each([
    undefined,
    null,
    '',
    'hello',
    '{"device":',
    42,
    true,
    [[]],
    {},
    { type: 'event', data: { power: '0' } },
    { device: 820720 },
    { device: 820720, type: 'config', data: { relay1: 'ok' } },
    { device: '820720,820721', type: 'state', data: { power: '0' } },
    { device: -5, type: 'offline' },
    { device: 1.5, type: 'offline' },
    { device: 'x'.repeat(65), type: 'offline' },
    { device: {}, type: 'offline' },
  ])('%j is said to be so', (body) => {
    expect(why(parsePush(body, context))).toMatch(/./)
  })

  it('survives bodies made to break it', () => {
    const round: Record<string, unknown> = { device: 1, type: 'state', data: { power: '0' } }
    round.self = round
    const trap = {
      get device(): never {
        throw new Error('trap')
      },
    }
    const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`
    expect(parsePush(round, context).ok).toBe(false)
    expect(parsePush(trap, context).ok).toBe(false)
    expect(parsePush(deep, context).ok).toBe(false)
    expect(parsePush(`{"device":1,"type":"state","x":${deep}}`, context)).toBeDefined()
    const polluting =
      '{"device":1,"type":"state","__proto__":{"power":"0"},"data":{"__proto__":{"power":"1"}}}'
    expect(report(polluting).positions).toEqual({})
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

describe('kind', () => {
  const values = { power: '0' }
  it.each<[string, object, string]>([
    ['an event named online', { type: 'event', data: { name: 'online', state: values } }, 'online'],
    ['an event named offline', { type: 'event', data: { name: 'offline' } }, 'offline'],
    ['a name alone', { data: { name: 'offline' } }, 'offline'],
    ['boot', { data: { name: 'boot', state: values } }, 'event'],
    ['a reference alone', { data: { power: '1', extra: 'R7K2M9' } }, 'order'],
    ['a fault alone', { data: { fault: 'leakage' } }, 'event'],
    ['values alone', { data: values }, 'state'],
    ['an unknown type with values', { type: 'report', data: values }, 'state'],
    ['a sentence', { message: 'state of the order', data: { name: 'trip' } }, 'event'],
    ['an order named online', { type: 'order', data: { name: 'online' } }, 'order'],
  ])('of %s', (_what, push, kind) => {
    expect(report({ device: 1, ...push }).kind).toBe(kind)
  })

  it('comes from the topic where the body does not tell, and only then', () => {
    const topic = 'api/state/message/order'
    expect(report({ device: 1, data: values }, { topic }).kind).toBe('order')
    expect(report({ device: 1, type: 'event', data: values }, { topic }).kind).toBe('event')
    expect(report({ device: 1, data: { ...values, name: 'boot' } }, { topic }).kind).toBe('event')
    expect(report({ device: 1, data: { name: 'x' } }, { topic: 'api/state/message/0' }).kind).toBe('event')
  })
})

describe('values', () => {
  it.each<[unknown, string | undefined]>([
    [0, 'open'],
    [1, 'closed'],
    ['0', 'open'],
    ['1', 'closed'],
    [true, 'closed'],
    [false, 'open'],
    ['true', 'closed'],
    ['false', 'open'],
    [2, undefined],
    ['14400', undefined],
    ['', undefined],
    [null, undefined],
    [{ keep: '0' }, undefined],
    [[1], undefined],
  ])('power %j is %s', (power, position) => {
    expect(report({ type: 'state', device: 1, data: { power } }).positions.power).toBe(position)
  })

  it.each<[string, unknown, number | undefined]>([
    ['voltage', 0, 0],
    ['voltage', ' 228.4 ', 228.4],
    ['voltage', '1e2', 100],
    ['voltage', 1000, 1000],
    ['voltage', 1001, undefined],
    ['voltage', -1, undefined],
    ['voltage', '0x10', undefined],
    ['voltage', '228V', undefined],
    ['voltage', '', undefined],
    ['voltage', true, undefined],
    ['voltage', [230], undefined],
    ['current', Number.NaN, undefined],
    ['current', Number.POSITIVE_INFINITY, undefined],
    ['current', '-Infinity', undefined],
    ['current', '1e308', undefined],
    ['current', '1e999', undefined],
    ['current', -0, 0],
    ['current', '-0.1', undefined],
    ['energy', -1, undefined],
    ['energy', '1532.81', 1532.81],
  ])('%s %j gives %s', (field, value, expected) => {
    expect(report({ type: 'state', device: 1, data: { [field]: value } }).readings).toEqual(
      expected === undefined ? {} : { [field]: expected },
    )
  })

  it('drops an absurd value, keeps the others, and takes a believable one from elsewhere', () => {
    const push = {
      type: 'state',
      device: 1,
      data: { voltage: '9e9', current: '5', power_factor: '0.98', active_power: '-20' },
    }
    expect(report(push).readings).toEqual({ current: 5, powerFactor: 0.98, activePower: -20 })
    expect(report({ ...push, voltage: 230 }).readings.voltage).toBe(230)
  })

  it('uses the factors and circuits of the profile', () => {
    const profile = defineProfile({
      model: 'x',
      circuits: ['power1'],
      units: { voltage: 0.1, energy: 0.001 },
    })
    const push = { type: 'state', device: 1, data: { power1: 1, power2: 0, voltage: 2284, energy: 1532810 } }
    const understood = report(push, { profileFor: () => profile })
    expect(understood.positions).toEqual({ power1: 'closed' })
    expect(understood.readings).toEqual({ voltage: 228.4, energy: 1532.81 })
    expect(report(push).positions).toEqual({ power1: 'closed', power2: 'open' })
  })

  it('asks for the profile of the device', () => {
    const asked: string[] = []
    parsePush(TRIP, { receivedAt, profileFor: (device) => profileFor(asked.push(device) ? undefined : '') })
    expect(asked).toEqual(['820720'])
  })
})

describe('faults', () => {
  const at = (data: object, type = 'event') => report({ type, device: 1, data: { power: '0', ...data } })

  it.each(['fault', 'alarm', 'error', 'reason', 'cause'])('%s names one, in all places', (field) => {
    const fault = { cause: 'leakage', raw: '漏电' }
    const word = { [field]: '漏电' }
    expect(at(word).fault).toEqual(fault)
    expect(at({ state: word }).fault).toEqual(fault)
    expect(at({ data: word }).fault).toEqual(fault)
    expect(report({ type: 'state', device: 1, state: { power: 0, ...word } }).fault).toEqual(fault)
  })

  it.each(['0', 0, 'none', 'Normal', '', false, null, '无', '正常', [[]], {}, { overload: 0, leakage: '0' }])(
    '%j is none',
    (fault) => {
      expect(at({ fault })).not.toHaveProperty('fault')
    },
  )

  it.each<[string, object, object]>([
    ['an unknown word', { fault: 'E-05' }, { cause: 'unknown', raw: 'E-05' }],
    ['a number', { fault: 3 }, { cause: 'unknown', raw: '3' }],
    ['a list', { fault: ['surge_alarm', 'ov_vol'] }, { cause: 'over-voltage', raw: 'ov_vol' }],
    ['flags', { fault: { overload: 0, short_circuit: 1 } }, { cause: 'short-circuit', raw: 'short_circuit' }],
    ['an object', { fault: { code: 17, name: 'overload' } }, { cause: 'overload', raw: 'overload' }],
    ['the event name', { name: 'overload_alarm' }, { cause: 'overload', raw: 'overload_alarm' }],
    [
      'the name beside an unknown word',
      { name: 'overload', fault: 'E05' },
      { cause: 'overload', raw: 'overload' },
    ],
    [
      'a known word after an unknown one',
      { fault: 'E05', reason: 'leak' },
      { cause: 'leakage', raw: 'leak' },
    ],
    ['an unknown reason of an event', { reason: 'rodent' }, { cause: 'unknown', raw: 'rodent' }],
    ['a long word', { fault: 'é'.repeat(500) }, { cause: 'unknown', raw: 'é'.repeat(100) }],
  ])('%s', (_what, data, fault) => {
    expect(at(data).fault).toEqual(fault)
  })

  it('does not take every error or reason outside an event for a fault', () => {
    expect(at({ error: 'busy' }, 'order')).not.toHaveProperty('fault')
    expect(at({ reason: 'heartbeat' }, 'state')).not.toHaveProperty('fault')
    expect(at({ reason: 'overload' }, 'state').fault?.cause).toBe('overload')
    expect(at({ fault: 'E05' }, 'state').fault).toEqual({ cause: 'unknown', raw: 'E05' })
  })

  it('tells a hand from a trip', () => {
    expect(at({ name: 'btn' })).toMatchObject({ name: 'btn', mover: 'hand' })
    expect(at({ name: 'overload' }).mover).toBe('trip')
    expect(at({ name: 'boot' })).not.toHaveProperty('mover')
    const byReason = at({ reason: 'manual' })
    expect(byReason.mover).toBe('hand')
    expect(byReason).not.toHaveProperty('fault')
  })
})

describe('time', () => {
  it.each<[unknown, number]>([
    [1767225600, 1767225600000],
    [1767225600000, 1767225600000],
    ['1767225600', 1767225600000],
    ['1767225600000', 1767225600000],
    [1767225600.7, 1767225600000],
    [receivedAt + 3_600_000, receivedAt + 3_600_000],
    [receivedAt + 2 * 86_400_000, receivedAt],
    [1500000000, receivedAt],
    [0, receivedAt],
    [-1767225600, receivedAt],
    [12345678901, receivedAt],
    ['2026-01-01', receivedAt],
    [null, receivedAt],
    [undefined, receivedAt],
    [1e300, receivedAt],
  ])('ts %j', (ts, at) => {
    expect(report({ type: 'offline', device: 1, ts }).at).toBe(at)
  })
})

describe('id', () => {
  const idOf = (push: object, at = receivedAt) => report(push, { receivedAt: at }).id
  const { mid: _mid, ...withoutMid } = TRIP
  const { ts: _ts, ...withoutTs } = TRIP
  const { ts: _time, ...bare } = withoutMid

  it('is the same for the same push, whenever it comes and in whatever order its fields stand', () => {
    expect(idOf(TRIP, receivedAt + 5000)).toBe(idOf(TRIP))
    expect(idOf(withoutMid, receivedAt + 5000)).toBe(idOf(withoutMid))
    expect(idOf(withoutTs, receivedAt + 5000)).toBe(idOf(withoutTs))
    const turned = Object.fromEntries(Object.entries(TRIP).reverse())
    expect(idOf({ ...turned, data: Object.fromEntries(Object.entries(TRIP.data).reverse()) })).toBe(
      idOf(TRIP),
    )
  })

  it('differs by device, kind, time, mid and content', () => {
    const others = [
      { ...TRIP, device: 820721 },
      { ...TRIP, type: 'state' },
      { ...TRIP, ts: TRIP.ts + 1 },
      { ...TRIP, mid: 'other' },
      { ...TRIP, data: { ...TRIP.data, name: 'alarm' } },
      withoutMid,
    ]
    expect(new Set([TRIP, ...others].map((push) => idOf(push))).size).toBe(7)
  })

  it('tells two repeats apart by their receipt where the push has neither mid nor a time that can be', () => {
    expect(idOf(bare, receivedAt + 1)).not.toBe(idOf(bare))
    expect(idOf({ ...bare, ts: 0 }, receivedAt + 1)).not.toBe(idOf({ ...bare, ts: 0 }))
    expect(idOf(bare)).toBe(idOf(bare))
  })
})

describe('whatever comes', () => {
  const checkSound = (body: unknown): void => {
    const parsed = parsePush(body, context)
    expect(parsePush(body, context)).toEqual(parsed)
    if (!parsed.ok) expect(parsed.why).not.toBe('')
    else expect(parsed.reports.length).toBeGreaterThan(0)
    for (const { device, at, readings, name, fault, ...rest } of parsed.ok ? parsed.reports : []) {
      expect(device).toMatch(/^[\w-]{1,64}$/)
      expect(at).toBeGreaterThan(1577000000000)
      expect(Object.values(readings).every(Number.isFinite)).toBe(true)
      expect(Math.max(name?.length ?? 0, fault?.raw.length ?? 0)).toBeLessThanOrEqual(200)
      expect(Object.keys(rest.positions).every((key) => /^power\d*$/.test(key))).toBe(true)
    }
  }

  it('it never throws, and the same in gives the same out', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        checkSound,
      ),
    )
  })

  it('nor for texts and forms', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.dictionary(fc.string(), fc.json())), checkSound),
    )
  })

  it('nor for pushes with something changed', () => {
    const field = fc.constantFrom(
      'type',
      'device',
      'mid',
      'ts',
      'data',
      'state',
      'name',
      'power',
      'fault',
      'voltage',
      'id',
      'extra',
    )
    const change = fc.record({
      field,
      value: fc.oneof(fc.anything(), fc.jsonValue()),
      where: fc.constantFrom(0, 1, 2),
    })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const push: Record<string, unknown> = structuredClone(TRIP)
        const data: Record<string, unknown> = structuredClone(TRIP.data)
        const state: Record<string, unknown> = structuredClone(TRIP.data.state)
        for (const { field, value, where } of changes) [push, data, state][where]![field] = value
        checkSound({ ...push, data: { ...data, state } })
      }),
    )
  })
})

describe('the answer to a query', () => {
  const OURS = 'query0123456789ab'
  const order = (data: object) => report({ type: 'order', device: 820720, ts: 1767225600000, data })

  it.each<[string, object, number]>([
    ['as the simulator tells it', { query: 'total', total: '1532.81', extra: OURS }, 1532.81],
    ['of another client', { query: 'total', total: 1532.81 }, 1532.81],
    ['with our reference alone', { total: '1532.81', extra: OURS }, 1532.81],
    ['by the name that states have for it', { energy: '1532.81', extra: OURS }, 1532.81],
    ['inside of the field', { query: { total: '1532.81' } }, 1532.81],
    ['as text inside of the field', { query: '{"total":"1532.81"}' }, 1532.81],
    ['with a state beside it', { query: 'total', total: '1532.81', state: { energy: '7' } }, 1532.81],
  ])('is the counter: %s', (_, data, energy) => {
    expect(order(data)).toMatchObject({ kind: 'state', answer: true, readings: { energy }, positions: {} })
  })

  it.each<[string, object]>([
    ['today', { query: 'today', today: '1.23', energy: '1.23' }],
    ['days', { query: 'days', days: ['1', '2', '3'] }],
    ['something that is no number', { query: 'total', total: 'soon' }],
    ['nothing', { extra: OURS }],
  ])('is no counter: %s', (_, data) => {
    expect(order(data)).toMatchObject({ kind: 'state', answer: true, readings: {} })
  })

  it('is at its own time, in the units of the product, in the fields that its profile names', () => {
    const profile = defineProfile({
      model: 'x',
      circuits: ['power'],
      units: { energy: 0.001 },
      queryAnswers: { energy: ['ep'] },
    })
    const data = { query: 'total', total: '7', ep: '1532810', extra: OURS }
    const found = report(
      { type: 'order', device: 820720, ts: 1767225600000, data },
      { profileFor: () => profile },
    )
    expect(found).toMatchObject({ at: 1767225600000, readings: { energy: 1532.81 } })
  })

  it('says how the breaker stands, and nothing of who moved it', () => {
    const found = order({ query: 'total', total: '7', power: '0', extra: OURS })
    expect(found).toMatchObject({ kind: 'state', positions: { power: 'open' } })
  })

  it('is neither an order of another client nor an event', () => {
    expect(order({ power: '0', extra: 'QUERY0123456' })).toMatchObject({ kind: 'order' })
    expect(order({ power: '0', extra: 'QUERY0123456' })).not.toHaveProperty('answer')
    const event = {
      type: 'event',
      device: 820720,
      data: { name: 'trip', query: 'total', state: { power: '0' } },
    }
    expect(report(event)).toMatchObject({ kind: 'event', mover: 'trip' })
  })
})

it('values that no meter can have seen are told apart', () => {
  const found = report({ type: 'state', device: 820720, data: { voltage: '2284', current: '12.4' } })
  expect(found).toMatchObject({ readings: { current: 12.4 }, doubted: { voltage: 2284 } })
  expect(report({ type: 'state', device: 820720, data: { current: '1' } })).not.toHaveProperty('doubted')
})
