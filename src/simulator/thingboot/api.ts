import type { SimClock } from '../kit/clock.ts'
import type { FaultScript } from '../kit/faults.ts'
import type { CallFault, CallRecord, PushFault, PushRecord } from './records.ts'
import type { SimSettings } from './settings.ts'
import type {
  AppSpec,
  CircuitKey,
  DeviceId,
  DeviceSpec,
  DeviceView,
  JamAnswer,
  Position,
  TripOptions,
} from './types.ts'

export type * from './records.ts'
export type { PushShape, SimSettings } from './settings.ts'
export type * from './types.ts'

export interface ThingbootSimOptions {
  /** TCP port; default 0 (any). */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** Shared with other simulators; default: its own. */
  clock?: SimClock
  /** For voltage variation, ids and losses; default 1. */
  seed?: number
  settings?: Partial<SimSettings>
  apps?: AppSpec[]
  devices?: DeviceSpec[]
}

/**
 * The Thingboot cloud with breakers on it. Deeds (`trip`, `goOffline` …) happen at once; their promises
 * resolve when the pushes that they cause have been delivered, refused or dropped, and never reject.
 * An id or circuit that does not exist throws.
 */
export interface ThingbootSim {
  /** `http://127.0.0.1:PORT`, the client's base URL. */
  readonly url: string
  /** `mqtt://127.0.0.1:PORT` once an app with `mqtt` exists. */
  readonly mqttUrl: string | undefined
  /** Moving it skews the cloud's clock; use {@link ThingbootSim.tick} to let time pass. */
  readonly clock: SimClock
  readonly settings: SimSettings
  readonly faults: FaultScript<CallRecord, CallFault>
  readonly pushFaults: FaultScript<PushRecord, PushFault>
  /** All API calls, accepted and refused, oldest first. */
  readonly calls: readonly CallRecord[]
  /** Those of them to `device/control`. */
  readonly commands: readonly CallRecord[]
  readonly pushes: readonly PushRecord[]

  /** Resolves when the app may be used (at once, unless it starts the broker). */
  addApp(app: AppSpec): Promise<void>
  /** Default app: the one added first. */
  setPushUrl(url: string | undefined, appId?: string): void
  addDevice(device: DeviceSpec): void
  /** Circuit left out: every circuit. */
  setLoad(device: DeviceId, amps: number, circuit?: CircuitKey): void
  device(id: DeviceId): DeviceView
  deviceIds(): string[]

  /** Protection opens a circuit. */
  trip(device: DeviceId, options?: TripOptions): Promise<void>
  /** Somebody works the button or lever: an event push. */
  switchByHand(device: DeviceId, position: Position, circuit?: CircuitKey): Promise<void>
  /** Console, app or another client: an order push with its own `extra`, or none. */
  switchByOtherClient(
    device: DeviceId,
    position: Position,
    options?: { circuit?: CircuitKey; extra?: string },
  ): Promise<void>
  goOffline(device: DeviceId): Promise<void>
  goOnline(device: DeviceId): Promise<void>
  /** Comes up after a power cut: an event named `boot` with the state; contacts as configured by `relay`. */
  boot(device: DeviceId): Promise<void>
  /** A state push with the present values. */
  report(device: DeviceId): Promise<void>
  /** From now on orders are accepted and not carried out. Default `silent`. */
  jam(device: DeviceId, answer?: JamAnswer): void
  unjam(device: DeviceId): void
  /** Trips again so many ms (of {@link ThingbootSim.tick} or real time) after every close; `undefined` ends it. */
  retripAfter(device: DeviceId, ms: number | undefined, options?: TripOptions): void

  /** Lets time pass: moves the clock, does what falls due, sends metering reports; resolves when their pushes are settled. */
  tick(ms: number): Promise<void>
  /** A state push of every online, metering device each so many real ms; returns the way to stop. */
  startMetering(everyMs: number): () => void
  /** Resolves when no push is under way and no order waits for its push. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** Implemented in `sim.ts`. */
export type CreateThingbootSim = (options?: ThingbootSimOptions) => Promise<ThingbootSim>
