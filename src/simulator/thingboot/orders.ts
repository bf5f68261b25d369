import { isObject, type JsonObject, parseJson } from '../kit/json.ts'
import type { Deeds } from './deeds.ts'
import type { Device, Values } from './device.ts'
import { COUNTERS } from './energy.ts'
import type { CircuitKey, Position } from './types.ts'
import type { World } from './world.ts'

/** What an order makes a device do: gives what its order push reports, and what comes after that push. */
export type Action = () => { values: Values; afterwards?: () => Promise<void> }

type Parts = { world: World; deeds: Deeds }

/** An object, or the same as JSON text; undefined if it is neither. */
export function readObject(value: unknown): JsonObject | undefined {
  const parsed = typeof value === 'string' ? parseJson(value) : value
  return isObject(parsed) ? parsed : undefined
}

function readPosition(value: unknown): Position | undefined {
  const text = String(value)
  return text === '1' ? 'closed' : text === '0' ? 'open' : undefined
}

const circuitFor = (device: Device, suffix: string) => device.circuits.find((key) => key === `power${suffix}`)

/** `power`: to a position, or held there (`keep`/`revert`; that the order itself moves the contacts is our choice). */
function switching(device: Device, circuit: CircuitKey, value: unknown): Action | undefined {
  const held = readObject(value)
  const position = readPosition(held ? held.keep : value)
  const seconds = Number(held?.revert)
  if (!position || (held && !(seconds >= 0))) return undefined
  return () => {
    device.holds.delete(circuit)
    if (held) device.holds.set(circuit, { position, revertMs: seconds * 1000 })
    device.move(circuit, position)
    return { values: { [circuit]: position === 'closed' } }
  }
}

/** `point`: close, open again after N ms; `reset`: the other way. The second half is an event of the device's own. */
function pulse(
  { world, deeds }: Parts,
  device: Device,
  kind: 'point' | 'reset',
  circuit: CircuitKey,
  value: unknown,
): Action | undefined {
  const ms = Number(value)
  if (!Number.isInteger(ms) || ms <= 0) return undefined
  return () => {
    device.holds.delete(circuit)
    device.move(circuit, kind === 'point' ? 'closed' : 'open')
    const back = kind === 'point' ? 'open' : 'closed'
    world.schedule.after(ms, () => void deeds.moveItself(device, circuit, back, kind))
    return { values: { [circuit]: kind === 'point' } }
  }
}

/** Of metered products. The shape of a query's answer is unknown; ours: `{"query":"today","today":"1.23"}`, kWh. */
function metering(device: Device, key: string, value: unknown): Action | undefined {
  const counter = COUNTERS.find((one) => one === value)
  if (key === 'query' && counter) {
    return () => ({ values: { query: counter, [counter]: device.readEnergy(counter) } })
  }
  if (key === 'clear' && (counter || value === 'all')) {
    return () => {
      device.clearEnergy(counter ?? 'all')
      return { values: { clear: counter ?? 'all' } }
    }
  }
  if (key === 'metering' && readPosition(value)) {
    return () => {
      device.metering = readPosition(value) === 'closed'
      return { values: { metering: device.metering } }
    }
  }
  return undefined
}

/** Of all products. `info`, `host`, `exec` and their like re-home a device or tell its secret: not simulated. */
function system({ deeds }: Parts, device: Device, value: unknown): Action | undefined {
  const values = { system: String(value) }
  switch (value) {
    case 'network':
      return () => ({ values: { network: { type: 'wifi', signal: -61, ip: '192.0.2.10' } } })
    case 'state':
      return () => ({ values: { state: device.values() } })
    case 'restart':
      return () => ({
        values,
        afterwards: async () => {
          await Promise.all([deeds.goOffline(device), deeds.goOnline(device)])
        },
      })
    case 'reboot':
      return () => ({ values, afterwards: () => deeds.boot(device) })
    default:
      return undefined
  }
}

function actionFor(parts: Parts, device: Device, key: string, value: unknown): Action | undefined {
  const [, word = '', suffix = ''] = /^([a-z]+)(\d*)$/.exec(key) ?? []
  const circuit = circuitFor(device, suffix)
  if (word === 'power' && circuit) return switching(device, circuit, value)
  if ((word === 'point' || word === 'reset') && circuit) return pulse(parts, device, word, circuit, value)
  if (key === 'system') return system(parts, device, value)
  return device.metered ? metering(device, key, value) : undefined
}

/** The actions of an order (without its `extra`), or undefined if the product knows any part of it not. */
export function parseOrder(
  parts: Parts,
  device: Device,
  order: Record<string, unknown>,
): Action[] | undefined {
  const actions = Object.entries(order).map(([key, value]) => actionFor(parts, device, key, value))
  const known = actions.filter((action) => action !== undefined)
  return known.length > 0 && known.length === actions.length ? known : undefined
}
