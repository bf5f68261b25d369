import type { SimClock } from '../kit/clock.ts'
import { createDevice, type Device } from './device.ts'
import { createOutbox, type Outbox, type PublishMessage } from './outbox.ts'
import { createRandom, type Random } from './random.ts'
import { createSchedule, type Schedule } from './schedule.ts'
import type { SimSettings } from './settings.ts'
import type { AppSpec, DeviceId, DeviceSpec } from './types.ts'

/** What all parts of the simulated cloud share. */
export interface World {
  readonly clock: SimClock
  readonly settings: SimSettings
  readonly random: Random
  readonly schedule: Schedule
  readonly apps: Map<string, AppSpec>
  readonly devices: ReadonlyMap<string, Device>
  readonly outbox: Outbox
  /** Throws if there is none. */
  app(appId?: string): AppSpec
  device(id: DeviceId): Device
  addDevice(spec: DeviceSpec): Device
}

export function createWorld(options: {
  clock: SimClock
  settings: SimSettings
  seed: number
  publish: PublishMessage
}): World {
  const { clock, settings, publish } = options
  const random = createRandom(options.seed)
  const schedule = createSchedule({ realTime: true })
  const apps = new Map<string, AppSpec>()
  const devices = new Map<string, Device>()
  const now = clock.now

  const world: World = {
    clock,
    settings,
    random,
    schedule,
    apps,
    devices,
    outbox: createOutbox({ apps, settings, random, schedule, now, publish }),
    app(appId) {
      const found = appId === undefined ? [...apps.values()][0] : apps.get(appId)
      if (!found) throw new Error(appId === undefined ? 'no app was added' : `no app ${appId}`)
      return found
    },
    device(id) {
      const found = devices.get(String(id))
      if (!found) throw new Error(`no device ${id}`)
      return found
    },
    addDevice(spec) {
      const device = createDevice({ ...spec, appId: world.app(spec.appId).appId }, { now, random })
      if (devices.has(device.id)) throw new Error(`device ${device.id} is there already`)
      devices.set(device.id, device)
      return device
    },
  }
  return world
}
