import { createClock } from '../kit/clock.ts'
import type { CreateThingbootSim, ThingbootSim } from './api.ts'
import { createDeeds } from './deeds.ts'
import { createGate } from './gate.ts'
import { createHttp } from './http.ts'
import { createInterfaces } from './interfaces.ts'
import { createMetering } from './metering.ts'
import { type Broker, startBroker } from './mqtt.ts'
import { DEFAULT_SETTINGS } from './settings.ts'
import { addTestApi } from './test-api.ts'
import type { DeviceId } from './types.ts'
import { createWorld } from './world.ts'

/** Starts the simulated cloud on loopback. */
export const createThingbootSim: CreateThingbootSim = async (options = {}) => {
  const host = options.host ?? '127.0.0.1'
  let broker: Broker | undefined
  const world = createWorld({
    clock: options.clock ?? createClock(),
    settings: { ...DEFAULT_SETTINGS, ...options.settings },
    seed: options.seed ?? 1,
    publish: (record) => broker?.publishMessage(record) ?? false,
  })
  const deeds = createDeeds(world)
  const gate = createGate(world, createInterfaces(world, deeds))
  const metering = createMetering(world, deeds)
  const server = createHttp(world, gate)
  const { outbox } = world
  const of = (id: DeviceId) => world.device(id)

  const sim: ThingbootSim = {
    get url() {
      return server.listeningOrigin
    },
    get mqttUrl() {
      return broker?.url
    },
    clock: world.clock,
    settings: world.settings,
    faults: gate.faults,
    pushFaults: outbox.faults,
    calls: gate.records,
    get commands() {
      return gate.records.filter((call) => call.path === 'device/control')
    },
    pushes: outbox.records,

    async addApp(app) {
      world.apps.set(app.appId, { ...app })
      if (app.mqtt) broker ??= await startBroker(world, gate, host)
    },
    setPushUrl(url, appId) {
      const { pushUrl: _old, ...app } = world.app(appId)
      world.apps.set(app.appId, { ...app, ...(url !== undefined && { pushUrl: url }) })
    },
    addDevice: (spec) => metering.watch(world.addDevice(spec)),
    setLoad: (id, amps, circuit) => of(id).setLoad(amps, circuit),
    device: (id) => of(id).view(),
    deviceIds: () => [...world.devices.keys()],

    trip: (id, options) => deeds.trip(of(id), options),
    switchByHand: (id, position, circuit) => deeds.switchByHand(of(id), position, circuit),
    switchByOtherClient: (id, position, options) => deeds.switchByOtherClient(of(id), position, options),
    goOffline: (id) => deeds.goOffline(of(id)),
    goOnline: (id) => deeds.goOnline(of(id)),
    boot: (id) => deeds.boot(of(id)),
    report: (id) => deeds.report(of(id)),
    jam(id, answer = 'silent') {
      of(id).jam = answer
    },
    unjam(id) {
      of(id).jam = undefined
    },
    retripAfter: (id, ms, options) => deeds.retripAfter(of(id), ms, options),

    async tick(ms) {
      metering.pass(ms)
      await outbox.settled()
    },
    startMetering: metering.start,
    settled: outbox.settled,
    async close() {
      metering.stop()
      world.schedule.stop()
      outbox.close()
      await broker?.close()
      await server.close()
    },
  }

  for (const app of options.apps ?? []) await sim.addApp(app)
  for (const device of options.devices ?? []) sim.addDevice(device)
  addTestApi(server, sim)
  await server.listen({ host, port: options.port ?? 0 })
  return sim
}
