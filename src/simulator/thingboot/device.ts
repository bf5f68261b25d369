import { type Counter, createEnergyMeter } from './energy.ts'
import type { Random } from './random.ts'
import type { CircuitKey, DeviceSpec, DeviceView, JamAnswer, Position, TripCause } from './types.ts'

/** A property's value before it is spelled: contacts are booleans, measured values numbers. */
export type Value = string | number | boolean | Value[] | { [key: string]: Value }
export type Values = Record<string, Value>

/** The keep/revert order: whoever switches it away, it goes back after so many ms. */
export interface Hold {
  position: Position
  revertMs: number
}

export interface Device {
  readonly id: string
  readonly appId: string
  readonly name: string
  readonly product: string
  readonly circuits: readonly CircuitKey[]
  readonly metered: boolean
  readonly ratedCurrent: number
  readonly config: Map<string, string>
  readonly holds: Map<CircuitKey, Hold>
  online: boolean
  metering: boolean
  jam: JamAnswer | undefined
  lastTrip: { at: number; circuit: CircuitKey; cause: TripCause } | undefined
  /** Told after a circuit's contacts have closed. */
  onClosed: ((circuit: CircuitKey) => void) | undefined
  position(circuit: CircuitKey): Position
  /** Moves the contacts; false if they stood there already. */
  move(circuit: CircuitKey, position: Position): boolean
  setLoad(amps: number, circuit?: CircuitKey): void
  /** A, through all closed circuits. */
  current(): number
  /** Where the contacts stand, as properties. */
  contacts(): Values
  /** All properties; with `measured` as if such a current or voltage were there. */
  values(measured?: { current?: number; voltage?: number }): Values
  /** kWh, rounded to 0.01. */
  readEnergy(counter: Counter): number | number[]
  clearEnergy(counter: Counter | 'all'): void
  view(): DeviceView
}

const NOMINAL_VOLTAGE = 230
const POWER_FACTOR = 0.95
const round = (value: number, digits: number) => Number(value.toFixed(digits))
const pick = (load: DeviceSpec['load'], circuit: CircuitKey) =>
  typeof load === 'object' ? (load[circuit] ?? 0) : (load ?? 0)

/** The vendor's ids of such products (documented); that of a metered one with several circuits is invented. */
function productOf(circuits: readonly CircuitKey[], metered: boolean): string {
  if (circuits.length > 1) return metered ? 'SimMetered2' : 'bt9vgizIA1'
  if (circuits[0] !== 'power') return 'esZIQE53Ue'
  return metered ? 'Qt5AHeMfXQ' : 'esI7iRZtRe'
}

export function createDevice(
  spec: DeviceSpec & { appId: string },
  env: { now: () => number; random: Random },
): Device {
  const circuits = spec.circuits ?? ['power']
  const metered = spec.metered ?? true
  const positions = new Map<CircuitKey, Position>(
    circuits.map((key) => [key, spec.positions?.[key] ?? 'closed']),
  )
  const loads = new Map<CircuitKey, number>(circuits.map((key) => [key, pick(spec.load, key)]))
  const energy = createEnergyMeter(env.now(), spec.energy)
  let operations = 0

  const position = (circuit: CircuitKey): Position => {
    const found = positions.get(circuit)
    if (!found) throw new Error(`device ${spec.id} has no circuit ${circuit}`)
    return found
  }
  const contacts = (): Values => Object.fromEntries([...positions].map(([key, at]) => [key, at === 'closed']))
  const current = () =>
    circuits.reduce((sum, key) => sum + (positions.get(key) === 'closed' ? (loads.get(key) ?? 0) : 0), 0)
  /** Counts what flowed so far; to be called before anything changes the load. */
  const settle = () => energy.flow(env.now(), (NOMINAL_VOLTAGE * current() * POWER_FACTOR) / 1000)
  const readEnergy = (counter: Counter) => {
    settle()
    const kwh = energy.read(counter, env.now())
    return Array.isArray(kwh) ? kwh.map((one) => round(one, 2)) : round(kwh, 2)
  }
  const counted = (counter: 'today' | 'amount' | 'total') => {
    settle()
    return Number(energy.read(counter, env.now()))
  }

  function measuredValues(measured: { current?: number; voltage?: number }): Values {
    const volts = round(measured.voltage ?? NOMINAL_VOLTAGE - 2 + 4 * env.random.next(), 1)
    const amps = round(measured.current ?? current(), 2)
    return {
      metering: true,
      voltage: volts,
      current: amps,
      active_power: round(volts * amps * POWER_FACTOR, 0),
      apparent_power: round(volts * amps, 0),
      power_factor: amps > 0 ? POWER_FACTOR : 0,
      energy: readEnergy('total'),
    }
  }

  const device: Device = {
    id: String(spec.id),
    appId: spec.appId,
    name: spec.name ?? `Breaker ${spec.id}`,
    product: spec.product ?? productOf(circuits, metered),
    circuits,
    metered,
    ratedCurrent: spec.ratedCurrent ?? 60,
    config: new Map(),
    holds: new Map(),
    online: spec.online ?? true,
    metering: metered,
    jam: undefined,
    lastTrip: undefined,
    onClosed: undefined,
    position,
    move(circuit, to) {
      if (position(circuit) === to) return false
      settle()
      positions.set(circuit, to)
      operations++
      if (to === 'closed') device.onClosed?.(circuit)
      return true
    },
    setLoad(amps, circuit) {
      settle()
      for (const key of circuit ? [circuit] : circuits) {
        position(key)
        loads.set(key, amps)
      }
    },
    contacts,
    current,
    values(measured = {}) {
      if (!metered) return contacts()
      return { ...contacts(), ...(device.metering ? measuredValues(measured) : { metering: false }) }
    },
    readEnergy,
    clearEnergy(counter) {
      settle()
      energy.clear(counter, env.now())
    },
    view: () => ({
      id: device.id,
      appId: device.appId,
      name: device.name,
      online: device.online,
      jammed: device.jam !== undefined,
      metered,
      metering: device.metering,
      ratedCurrent: device.ratedCurrent,
      positions: Object.fromEntries(positions),
      load: Object.fromEntries(loads),
      current: current(),
      energy: { today: counted('today'), amount: counted('amount'), total: counted('total') },
      ...(device.lastTrip && { lastTrip: { ...device.lastTrip } }),
      operations,
    }),
  }
  return device
}
