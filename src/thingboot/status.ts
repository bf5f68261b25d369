import type { Position, Readings } from '../domain/report.ts'
import { foldWord, type ProductProfile } from './profile.ts'
import {
  deviceIdOf,
  type Fields,
  fieldsOf,
  flagOf,
  isFields,
  positionsIn,
  textOf,
  valuesIn,
} from './values.ts'

/** A device as the cloud says it stands. */
export interface DeviceStatus {
  device: string
  name?: string
  /** Absent where the cloud does not say: which field tells is not documented. */
  online?: boolean
  positions: Record<string, Position>
  readings: Readings
  /** When it was asked, ms since 1970. */
  at: number
}

/**
 * The devices in the `data` of `device/info` (an object for one, a list for several, documented) or `device/list`
 * (a list, documented; one inside an object is taken as well). Entries without an id are passed over.
 */
export function devicesIn(
  data: unknown,
  at: number,
  profileFor: (device: string) => ProductProfile,
): DeviceStatus[] {
  return entriesIn(data).flatMap((entry) => {
    const device = deviceIdOf(entry.id) ?? deviceIdOf(entry.device)
    return device ? [statusOf(device, entry, at, profileFor(device))] : []
  })
}

function entriesIn(data: unknown): Fields[] {
  if (Array.isArray(data)) return data.filter(isFields)
  if (!isFields(data)) return []
  const list = Object.values(data).find(Array.isArray)
  return 'id' in data || 'device' in data || !list ? [data] : list.filter(isFields)
}

function statusOf(device: string, entry: Fields, at: number, profile: ProductProfile): DeviceStatus {
  const places = [fieldsOf(entry.state)].filter(isFields)
  const name = textOf(entry.name, 100)
  const online = onlineIn(entry)
  return {
    device,
    ...(name && { name }),
    ...(online !== undefined && { online }),
    positions: positionsIn(places, profile),
    readings: valuesIn(places, profile).readings,
    at,
  }
}

/** `network` is the likely place (inferred), `online` the plain one. */
function onlineIn(entry: Fields): boolean | undefined {
  const network = fieldsOf(entry.network)
  const told = [entry.online, network?.online, network?.state, network?.status, entry.network]
  return told.map(onlineFlag).find((flag) => flag !== undefined)
}

function onlineFlag(value: unknown): boolean | undefined {
  const word = foldWord(textOf(value, 20) ?? '')
  if (word === 'online' || word === '在线') return true
  return word === 'offline' || word === '离线' ? false : flagOf(value)
}
