import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { call, control, startBoth, startSim } from './rig.ts'

const HOUR = 3_600_000
const TWO = {
  id: 5,
  circuits: ['power1', 'power2'] as ('power1' | 'power2')[],
  load: { power1: 10, power2: 4 },
}

describe('an order', () => {
  test('is answered first, then moves the contacts, then comes back with its extra', async () => {
    // Long enough that a busy machine sees it as it was.
    const { sim, receiver } = await startBoth({ settings: { orderPushDelay: 1000 } })
    expect(await control(sim, { power: '0', extra: 'T25030700001' })).toEqual({ code: 200, msg: 'success' })
    expect(sim.device(820720).positions.power).toBe('closed')
    expect(receiver.received).toHaveLength(0)
    await sim.settled()
    expect(sim.device(820720)).toMatchObject({ positions: { power: 'open' }, current: 0, operations: 1 })
    expect(receiver.json()).toMatchObject([
      { type: 'order', device: 820720, data: { power: '0', extra: 'T25030700001' } },
    ])
    expect(sim.commands).toMatchObject([
      { signature: 'valid', outcome: 'accepted', code: 200, extra: 'T25030700001', acted: ['820720'] },
    ])
  })

  test('reaches several devices, joined by comma or bar', async () => {
    const { sim, receiver } = await startBoth({ devices: [{ id: 1 }, { id: 2 }, { id: 3 }] })
    await control(sim, { power: '0', extra: 'G1' }, '1,2|3')
    await sim.settled()
    expect(sim.commands[0]?.acted.sort()).toEqual(['1', '2', '3'])
    expect(receiver.json().map((push) => push.data)).toEqual(Array(3).fill({ power: '0', extra: 'G1' }))
  })

  test('moves one of two circuits', async () => {
    const { sim, receiver } = await startBoth({ devices: [TWO] })
    await control(sim, { power2: '0' }, 5)
    await sim.settled()
    expect(sim.device(5)).toMatchObject({ positions: { power1: 'closed', power2: 'open' }, current: 10 })
    expect(receiver.json()).toMatchObject([{ type: 'order', data: { power2: '0' } }])
  })

  test('pulses: point closes for a while, reset opens for a while', async () => {
    const { sim, receiver } = await startBoth({
      devices: [{ id: 1, positions: { power: 'open' } }, { id: 2 }],
    })
    await control(sim, { point: '3000' }, 1)
    await control(sim, { reset: '2000' }, 2)
    await sim.settled()
    expect([sim.device(1).positions.power, sim.device(2).positions.power]).toEqual(['closed', 'open'])
    await sim.tick(3000)
    expect([sim.device(1).positions.power, sim.device(2).positions.power]).toEqual(['open', 'closed'])
    expect(receiver.json().slice(2)).toMatchObject([
      { type: 'event', device: 2, data: { name: 'reset', state: { power: '1' } } },
      { type: 'event', device: 1, data: { name: 'point', state: { power: '0' } } },
    ])
  })

  test('keeps a position against the hand', async () => {
    const sim = await startSim({ devices: [TWO] })
    await control(sim, { power1: { keep: '0', revert: '2' } }, 5)
    await sim.settled()
    await sim.switchByHand(5, 'closed', 'power1')
    await sim.tick(1000)
    expect(sim.device(5).positions.power1).toBe('closed')
    await sim.tick(1000)
    expect(sim.device(5).positions.power1).toBe('open')
  })

  test('asks for energy and is answered in the order push', async () => {
    const { sim, receiver } = await startBoth({ settings: { meteringInterval: 86_400 } })
    await sim.tick(2 * HOUR)
    expect(sim.device(820720).energy.total).toBeCloseTo(2 * 230 * 10 * 0.95e-3, 3)
    await control(sim, { query: 'total', extra: 'Q1' })
    await control(sim, { query: 'hours' })
    await sim.settled()
    const [total, hours] = receiver.json()
    expect(total.data).toEqual({ query: 'total', total: '4.37', extra: 'Q1' })
    expect(hours.data.hours).toHaveLength(6)
    await control(sim, { clear: 'all' })
    await sim.settled()
    expect(sim.device(820720).energy.total).toBeLessThan(0.01)
  })

  test('restarts and reboots, the latter to the configured position', async () => {
    const { sim, receiver } = await startBoth()
    await call(sim, 'device/config', { device: 820720, config: { relay: '0' } })
    await control(sim, { system: 'restart' })
    await sim.settled()
    expect(receiver.json().map((push) => push.type)).toEqual(['order', 'offline', 'online'])
    expect(sim.device(820720).positions.power).toBe('closed')
    await control(sim, { system: 'reboot' })
    await sim.settled()
    expect(receiver.json().at(-1)).toMatchObject({
      type: 'event',
      data: { name: 'boot', state: { power: '0' } },
    })
  })
})

describe('an order that finds the device', () => {
  test('offline: silent by default', async () => {
    const { sim, receiver } = await startBoth({ devices: [{ id: 1, online: false }] })
    expect(await control(sim, { power: '0' }, 1)).toMatchObject({ code: 200 })
    await sim.settled()
    await sim.goOnline(1)
    expect(sim.device(1).positions.power).toBe('closed')
    expect(receiver.json().map((push) => push.type)).toEqual(['online'])
  })

  test('offline: refused, or queued until it is back', async () => {
    const { sim, receiver } = await startBoth({
      devices: [{ id: 1, online: false }],
      settings: { offlineOrders: 'refused' },
    })
    expect(await control(sim, { power: '0' }, 1)).toMatchObject({ code: 505 })
    sim.settings.offlineOrders = 'queued'
    expect(await control(sim, { power: '0', extra: 'late' }, 1)).toMatchObject({ code: 200 })
    await sim.settled()
    expect(sim.device(1).positions.power).toBe('closed')
    await sim.goOnline(1)
    expect(sim.device(1).positions.power).toBe('open')
    expect(receiver.json()).toMatchObject([{ type: 'online' }, { type: 'order', data: { extra: 'late' } }])
  })

  test('jammed: it says nothing, its unchanged state, or an error, and does not move', async () => {
    const { sim, receiver } = await startBoth()
    for (const answer of ['silent', 'unchanged', 'error'] as const) {
      sim.jam(820720, answer)
      expect(await control(sim, { power: '0', extra: answer })).toMatchObject({ code: 200 })
      await sim.settled()
    }
    expect(sim.device(820720)).toMatchObject({ jammed: true, operations: 0 })
    expect(receiver.json().map((push) => push.data)).toEqual([
      { power: '1', extra: 'unchanged' },
      { error: 'stuck', extra: 'error' },
    ])
    expect(sim.commands.every((one) => one.acted.length === 0)).toBe(true)
    sim.unjam(820720)
    await control(sim, { power: '0' })
    await sim.settled()
    expect(sim.device(820720).positions.power).toBe('open')
  })

  test('ready to trip again after each close', async () => {
    const { sim, receiver } = await startBoth()
    sim.retripAfter(820720, 5000, { cause: 'short-circuit' })
    await sim.trip(820720, { cause: 'short-circuit' })
    await control(sim, { power: '1' })
    await sim.settled()
    expect(sim.device(820720).positions.power).toBe('closed')
    await sim.tick(5000)
    expect(sim.device(820720)).toMatchObject({
      positions: { power: 'open' },
      lastTrip: { cause: 'short-circuit' },
    })
    expect(receiver.json().at(-1)).toMatchObject({
      data: { name: 'trip', state: { fault: 'short-circuit' } },
    })
    sim.retripAfter(820720, undefined)
    await control(sim, { power: '1' })
    await sim.settled()
    await sim.tick(5000)
    expect(sim.device(820720).positions.power).toBe('closed')
  })
})

describe('what happens to a breaker', () => {
  test('an overload announces itself by rising current', async () => {
    const { sim, receiver } = await startBoth()
    await sim.trip(820720)
    const pushes = receiver.json()
    expect(pushes.map((push) => push.type)).toEqual(['state', 'state', 'state', 'event'])
    const amps = pushes.map((push) => Number((push.data.state ?? push.data).current))
    expect(amps).toEqual([...amps].sort((a, b) => a - b))
    expect(amps.at(-1)).toBe(63)
    const times = pushes.map((push) => push.ts)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(pushes.at(-1).data).toMatchObject({ name: 'trip', state: { power: '0', fault: 'overload' } })
    expect(() => sim.trip(820720)).toThrow('open already')
  })

  test.each(['leakage', 'over-temperature', 'over-voltage', 'under-voltage', 'phase-loss'] as const)(
    '%s is named in the event',
    async (cause) => {
      const { sim, receiver } = await startBoth()
      await sim.trip(820720, { cause })
      const [push, ...more] = receiver.json()
      expect(more).toEqual([])
      expect(push.data).toMatchObject({ name: 'trip', state: { power: '0', fault: cause } })
      if (cause === 'over-voltage') expect(Number(push.data.state.voltage)).toBeGreaterThan(253)
      if (cause === 'under-voltage') expect(Number(push.data.state.voltage)).toBeLessThan(198)
    },
  )

  test('an unknown cause says only that it is open', async () => {
    const { sim, receiver } = await startBoth({ devices: [{ id: 1, metered: false }] })
    await sim.trip(1, { cause: 'unknown' })
    expect(receiver.json()).toMatchObject([{ type: 'event', data: { state: { power: '0' } } }])
    expect(receiver.json()[0].data).toEqual({ state: { power: '0' } })
    expect(sim.device(1).lastTrip?.cause).toBe('unknown')
  })

  test('a trip of one circuit leaves the other', async () => {
    const { sim, receiver } = await startBoth({ devices: [TWO] })
    await sim.trip(5, { circuit: 'power2', cause: 'leakage' })
    expect(receiver.json()[0].data.state).toMatchObject({ power1: '1', power2: '0' })
    expect(() => sim.trip(5, { circuit: 'power' })).toThrow('no circuit power')
    expect(() => sim.trip(6)).toThrow('no device 6')
  })

  test('by hand an event, by another client an order with a foreign extra or none', async () => {
    const { sim, receiver } = await startBoth()
    await sim.switchByHand(820720, 'open')
    await sim.switchByOtherClient(820720, 'closed', { extra: 'foreign' })
    await sim.switchByOtherClient(820720, 'open')
    expect(receiver.json()).toMatchObject([
      { type: 'event', data: { name: 'btn', state: { power: '0' } } },
      { type: 'order', data: { power: '1', extra: 'foreign' } },
      { type: 'order', data: { power: '0' } },
    ])
    expect(receiver.json()[2].data).toEqual({ power: '0' })
    expect(sim.device(820720)).toMatchObject({ positions: { power: 'open' }, operations: 3 })
  })

  test('offline it goes on living and says nothing; back it tells where it stands', async () => {
    const { sim, receiver } = await startBoth()
    await sim.goOffline(820720)
    await sim.trip(820720)
    await sim.report(820720)
    await sim.goOnline(820720)
    expect(receiver.json()).toMatchObject([
      { type: 'offline', device: 820720 },
      { type: 'online', data: { state: { power: '0' } } },
    ])
    expect(receiver.received).toHaveLength(2)
  })

  test('boot after a power cut', async () => {
    const { sim, receiver } = await startBoth()
    await sim.goOffline(820720)
    await sim.boot(820720)
    expect(receiver.json()).toMatchObject([
      { type: 'offline' },
      { type: 'online' },
      { type: 'event', data: { name: 'boot', state: { power: '1' } } },
    ])
  })
})

describe('metering', () => {
  test('reports as time passes, each at its own time, the counter growing', async () => {
    const { sim, receiver } = await startBoth({
      devices: [
        { id: 1, load: 20 },
        { id: 2, metered: false },
      ],
    })
    await sim.tick(3 * 60_000)
    const pushes = receiver.json()
    expect(pushes.map((push) => [push.type, push.device])).toEqual(Array(3).fill(['state', 1]))
    expect(pushes.map((push) => Math.round((push.ts - pushes[0].ts) / 60_000))).toEqual([0, 1, 2])
    const energy = pushes.map((push) => Number(push.data.energy))
    expect(energy).toEqual([0.07, 0.15, 0.22])
    expect(pushes.every((push) => Math.abs(Number(push.data.voltage) - 230) <= 2)).toBe(true)
    expect(pushes[0].data).toMatchObject({ power: '1', current: '20', metering: '1' })
  })

  test('the same seed gives the same readings', async () => {
    const run = async (seed: number) => {
      const { sim, receiver } = await startBoth({ seed })
      await sim.tick(5 * 60_000)
      return receiver.json().map((push) => push.data.voltage)
    }
    const [first, second, other] = [await run(1), await run(1), await run(2)]
    expect(second).toEqual(first)
    expect(other).not.toEqual(first)
    expect(new Set(first).size).toBeGreaterThan(1)
  })

  test('in real time where asked for', async () => {
    const { sim, receiver } = await startBoth()
    const stop = sim.startMetering(20)
    await until(() => receiver.received.length >= 2, 'two reports')
    stop()
    await sim.settled()
    expect(receiver.json().every((push) => push.type === 'state')).toBe(true)
  })

  test('a changed load counts from the change on', async () => {
    const sim = await startSim({ devices: [{ id: 1, load: 0 }] })
    await sim.tick(HOUR)
    sim.setLoad(1, 10)
    await sim.tick(HOUR)
    await sim.switchByHand(1, 'open')
    await sim.tick(HOUR)
    expect(sim.device(1).energy.total).toBeCloseTo(2.185, 2)
    expect(sim.device(1).current).toBe(0)
  })

  test('configured per device, and only while it is online', async () => {
    const { sim, receiver } = await startBoth()
    expect(
      await call(sim, 'device/config', { device: 820720, config: { metering_interval: '10' } }),
    ).toMatchObject({
      code: 200,
    })
    await sim.tick(60_000)
    expect(receiver.received).toHaveLength(1)
    await sim.tick(60_000)
    expect(receiver.received).toHaveLength(7)
    await sim.goOffline(820720)
    expect(await call(sim, 'device/config', { device: 820720, config: { relay: '1' } })).toMatchObject({
      code: 505,
    })
    expect(await call(sim, 'device/config', { device: 820720, config: { wings: '2' } })).toMatchObject({
      code: 504,
    })
  })
})
