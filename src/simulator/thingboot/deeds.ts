import type { Device } from './device.ts'
import type { Message } from './push-body.ts'
import type { CircuitKey, Position, TripCause, TripOptions } from './types.ts'
import type { World } from './world.ts'

/** What happens to breakers other than by API orders. */
export interface Deeds {
  /** Sends a message if the device is online. */
  say(device: Device, message: Message): Promise<void>
  trip(device: Device, options?: TripOptions): Promise<void>
  switchByHand(device: Device, position: Position, circuit?: CircuitKey): Promise<void>
  switchByOtherClient(
    device: Device,
    position: Position,
    options?: { circuit?: CircuitKey; extra?: string },
  ): Promise<void>
  /** Moves contacts on the device's own account; an event push of that name (names are invented). */
  moveItself(device: Device, circuit: CircuitKey, position: Position, name: string): Promise<void>
  goOffline(device: Device): Promise<void>
  goOnline(device: Device): Promise<void>
  boot(device: Device): Promise<void>
  report(device: Device): Promise<void>
  retripAfter(device: Device, ms: number | undefined, options?: TripOptions): void
  /** Remembers work for when the device is back. */
  whenBack(device: Device, work: () => Promise<void>): void
}

const together = async (work: Promise<void>[]) => {
  await Promise.all(work)
}
/** `relay` for `power`, `relay2` for `power2` (documented names). */
const suffixOf = (circuit: CircuitKey) => circuit.slice('power'.length)

/** What the meter saw in the moment of the trip; our choice, after what such faults look like. */
function seenAtTrip(device: Device, cause: TripCause): { current: number; voltage?: number } {
  const load = device.current()
  switch (cause) {
    case 'overload':
      return { current: Math.max(load, device.ratedCurrent * 1.05) }
    case 'short-circuit':
      return { current: device.ratedCurrent * 8 }
    case 'over-voltage':
      return { current: load, voltage: 271.3 }
    case 'under-voltage':
      return { current: load, voltage: 168.4 }
    default:
      return { current: load }
  }
}

export function createDeeds(world: World): Deeds {
  const { clock, schedule, outbox } = world
  const lastSaid = new Map<Device, number>()
  const waiting = new Map<Device, (() => Promise<void>)[]>()

  const say: Deeds['say'] = async (device, message) => {
    if (!device.online) return
    lastSaid.set(device, clock.now())
    await outbox.send(device, message)
  }
  const firstOf = (device: Device) => device.circuits[0] ?? 'power'

  /** Three reports of the last half minute, but none from before the last thing that the device said. */
  function riseToOverload(device: Device): Promise<void>[] {
    const now = clock.now()
    const span = Math.min(30_000, Math.max(0, now - (lastSaid.get(device) ?? 0) - 1))
    const from = device.current()
    const peak = Math.max(from, device.ratedCurrent * 1.05)
    return [0.4, 0.7, 0.95].map((part, i) =>
      say(device, {
        type: 'state',
        values: device.values({ current: from + (peak - from) * part }),
        at: now - Math.round((span * (3 - i)) / 3),
      }),
    )
  }

  function trip(device: Device, options: TripOptions = {}): Promise<void> {
    const circuit = options.circuit ?? firstOf(device)
    const cause = options.cause ?? 'overload'
    if (device.position(circuit) === 'open') {
      throw new Error(`${circuit} of device ${device.id} is open already`)
    }
    const rise = options.rise ?? (cause === 'overload' && device.metering)
    const before = rise ? riseToOverload(device) : []
    const seen = seenAtTrip(device, cause)
    device.move(circuit, 'open')
    device.lastTrip = { at: clock.now(), circuit, cause }
    const told: Message =
      cause === 'unknown'
        ? { type: 'event', values: device.values() }
        : { type: 'event', name: 'trip', values: { ...device.values(seen), fault: cause } }
    return together([...before, say(device, told)])
  }

  function moveItself(device: Device, circuit: CircuitKey, position: Position, name: string): Promise<void> {
    if (!device.move(circuit, position)) return Promise.resolve()
    return say(device, { type: 'event', name, values: device.values() })
  }

  function revertLater(device: Device, circuit: CircuitKey): void {
    const hold = device.holds.get(circuit)
    if (!hold || hold.position === device.position(circuit)) return
    schedule.after(hold.revertMs, () => {
      if (device.holds.get(circuit) === hold) void moveItself(device, circuit, hold.position, 'keep')
    })
  }

  function boot(device: Device): Promise<void> {
    const back = goOnline(device)
    for (const circuit of device.circuits) {
      const relay = device.config.get(`relay${suffixOf(circuit)}`)
      if (relay !== undefined) device.move(circuit, relay === '1' ? 'closed' : 'open')
    }
    const meters = device.config.get('metering_boot')
    if (device.metered && meters !== undefined) device.metering = meters === '1'
    return together([back, say(device, { type: 'event', name: 'boot', values: device.values() })])
  }

  async function goOnline(device: Device): Promise<void> {
    if (device.online) return
    device.online = true
    const work = waiting.get(device) ?? []
    waiting.delete(device)
    await together([say(device, { type: 'online', values: device.contacts() }), ...work.map((act) => act())])
  }

  return {
    say,
    trip,
    switchByHand(device, position, circuit = firstOf(device)) {
      const moved = moveItself(device, circuit, position, 'btn')
      revertLater(device, circuit)
      return moved
    },
    switchByOtherClient(device, position, { circuit = firstOf(device), extra } = {}) {
      if (device.online) device.move(circuit, position)
      const values = { [circuit]: position === 'closed' }
      return say(device, { type: 'order', values, ...(extra !== undefined && { extra }) })
    },
    moveItself,
    async goOffline(device) {
      if (!device.online) return
      const told = say(device, { type: 'offline' })
      device.online = false
      const wanted = device.config.get('offline')
      if (wanted === '0' || wanted === '1') {
        for (const circuit of device.circuits) device.move(circuit, wanted === '1' ? 'closed' : 'open')
      }
      await told
    },
    goOnline,
    boot,
    report: (device) => say(device, { type: 'state', values: device.values() }),
    retripAfter(device, ms, options) {
      device.onClosed =
        ms === undefined
          ? undefined
          : (circuit) =>
              schedule.after(ms, () => {
                if (device.position(circuit) === 'closed') void trip(device, { ...options, circuit })
              })
    },
    whenBack(device, work) {
      waiting.set(device, [...(waiting.get(device) ?? []), work])
    },
  }
}
