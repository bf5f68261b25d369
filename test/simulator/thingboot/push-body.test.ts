import { describe, expect, test } from 'vitest'
import { createDevice } from '../../../src/simulator/thingboot/device.ts'
import { encodePush, type Message } from '../../../src/simulator/thingboot/push-body.ts'
import { createRandom } from '../../../src/simulator/thingboot/random.ts'
import { DEFAULT_SETTINGS, type SimSettings } from '../../../src/simulator/thingboot/settings.ts'

const now = () => 1_767_225_600_123
const random = createRandom(1)
const device = createDevice({ id: 820720, appId: 'a' }, { now, random })
const encode = (message: Message, settings: Partial<SimSettings> = {}) =>
  encodePush(device, message, { settings: { ...DEFAULT_SETTINGS, ...settings }, random, now })
const body = (message: Message, settings: Partial<SimSettings> = {}) =>
  JSON.parse(encode(message, settings).body)
const trip: Message = {
  type: 'event',
  name: 'trip',
  values: { power: false, fault: 'overload', current: 63.1 },
}
const order: Message = { type: 'order', values: { power: true }, extra: 'R7K2M9' }

describe('the default shape', () => {
  test('event', () => {
    expect(body(trip)).toEqual({
      type: 'event',
      device: 820720,
      mid: expect.stringMatching(/^[a-z0-9]{8}$/),
      ts: 1767225600123,
      data: { name: 'trip', state: { power: '0', fault: 'overload', current: '63.1' } },
    })
  })
  test('order, state, online, offline', () => {
    const rest = { device: 820720, ts: 1767225600123 }
    expect(body(order)).toEqual({ type: 'order', ...rest, data: { power: '1', extra: 'R7K2M9' } })
    const state: Message = { type: 'state', values: { power: true, voltage: 229.8 } }
    expect(body(state)).toEqual({ type: 'state', ...rest, data: { power: '1', voltage: '229.8' } })
    const online: Message = { type: 'online', values: { power: true } }
    expect(body(online)).toEqual({ type: 'online', ...rest, data: { state: { power: '1' } } })
    expect(body({ type: 'offline' })).toEqual({ type: 'offline', ...rest })
  })
})

describe('other shapes', () => {
  const state = { power: '0', fault: 'overload', current: '63.1' }
  const mid = expect.any(String)
  const plain = { type: 'event', device: 820720, mid, ts: 1767225600123, data: { name: 'trip', state } }
  const rest = { mid, ts: 1767225600123 }
  test.each<[SimSettings['pushShape'], unknown]>([
    ['device-object', { message: 'event', device: { id: 820720 }, name: 'trip', state, ...rest }],
    ['data-data', { topic: 'event', device_id: 820720, ...rest, data: { name: 'trip', data: state } }],
    ['wrapped', { data: plain }],
    ['wrapped-twice', { message: { data: plain } }],
    ['no-type', { id: 820720, ts: 1767225600123, type: 'event', data: { name: 'trip', state } }],
    ['text', plain],
  ])('%s', (pushShape, expected) => {
    expect(body(trip, { pushShape })).toEqual(expected)
  })

  test('without a type the name tells', () => {
    expect(body({ type: 'offline' }, { pushShape: 'no-type' })).toEqual({
      id: 820720,
      ts: 1767225600123,
      data: { name: 'offline' },
    })
    const boot: Message = { type: 'event', name: 'boot', values: { power: true } }
    expect(body(boot, { pushShape: 'no-type' }).data).toEqual({ name: 'boot', state: { power: '1' } })
  })

  test('form fields, data as JSON text', () => {
    const { contentType, body } = encode(trip, { pushShape: 'form' })
    const fields = Object.fromEntries(new URLSearchParams(body))
    expect(contentType).toBe('application/x-www-form-urlencoded')
    expect({ ...fields, data: JSON.parse(fields.data ?? '') }).toEqual({
      ...plain,
      device: '820720',
      ts: '1767225600123',
    })
  })

  test('one form field with everything', () => {
    const fields = new URLSearchParams(encode(trip, { pushShape: 'form-message' }).body)
    expect(JSON.parse(fields.get('message') ?? '')).toEqual(plain)
  })

  test('values and times in other spellings', () => {
    expect(body(trip, { pushValues: 'numbers' }).data.state).toEqual({
      power: 0,
      fault: 'overload',
      current: 63.1,
    })
    expect(body(trip, { pushValues: 'booleans' }).data.state.power).toBe(false)
    expect(body(trip, { pushTime: 's' }).ts).toBe(1767225600)
    expect(body(trip, { pushTime: 's-text' }).ts).toBe('1767225600')
    expect(body(trip, { pushTime: 'ms-text' }).ts).toBe('1767225600123')
  })
})
