/** `power` on one-circuit products; `power1`, `power2` … on the others (documented). */
export type CircuitKey = 'power' | `power${number}`
export type Position = 'open' | 'closed'
/** Thingboot prints six-digit integers on the housing; both spellings mean the same device. */
export type DeviceId = string | number

export type TripCause =
  | 'overload'
  | 'short-circuit'
  | 'leakage'
  | 'over-temperature'
  | 'over-voltage'
  | 'under-voltage'
  | 'phase-loss'
  | 'unknown'

export type PushType = 'order' | 'event' | 'state' | 'online' | 'offline'

export interface AppSpec {
  appId: string
  /** Left out: no secret set in the console, every signed call gets 5005. */
  appSecret?: string
  /** `?debug=` key, used instead of sign and ts. Without one every debug call gets 5007. */
  debugKey?: string
  /** Where messages are posted. */
  pushUrl?: string
  /** Messages go to MQTT instead of `pushUrl`; starts the broker at the first app that wants it. */
  mqtt?: boolean
}

export interface DeviceSpec {
  id: DeviceId
  /** The owning app; default: the app added first. */
  appId?: string
  name?: string
  /** Product id as `product/list` shows it; default by circuits and metering. */
  product?: string
  /** Default `['power']`. */
  circuits?: CircuitKey[]
  /** Measures voltage, current, power, energy; default true. */
  metered?: boolean
  /** A; default 60. */
  ratedCurrent?: number
  /** A drawn while closed: of each circuit, or by circuit; default 0. */
  load?: number | Partial<Record<CircuitKey, number>>
  /** What the lifelong counter shows at the start, kWh; default 0. */
  energy?: number
  /** Default: all closed. */
  positions?: Partial<Record<CircuitKey, Position>>
  /** Default true. */
  online?: boolean
}

/** A device as it truly is, whatever was pushed or answered. A copy: it does not change later. */
export interface DeviceView {
  id: string
  appId: string
  name: string
  online: boolean
  jammed: boolean
  metered: boolean
  metering: boolean
  ratedCurrent: number
  positions: Partial<Record<CircuitKey, Position>>
  /** A, set by {@link ThingbootSim.setLoad}. */
  load: Partial<Record<CircuitKey, number>>
  /** A, flowing now through the closed circuits. */
  current: number
  /** kWh since the counters' own starts; `total` with what {@link DeviceSpec.energy} said. */
  energy: { today: number; amount: number; total: number }
  /** Why protection opened it last: the truth, whatever the push said. */
  lastTrip?: { at: number; circuit: CircuitKey; cause: TripCause }
  /** How often the contacts of any circuit have moved. */
  operations: number
}

export interface TripOptions {
  /** Default: the first circuit. */
  circuit?: CircuitKey
  /** Default `overload`. `unknown`: an event push that only says «open», without a name or a fault. */
  cause?: TripCause
  /** State reports with rising current come before; default true for an overload of a metered device. */
  rise?: boolean
}

/** How a device that accepts orders and does not move answers: not at all, with its unchanged state, or an error. */
export type JamAnswer = 'silent' | 'unchanged' | 'error'
