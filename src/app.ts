import { randomFillSync } from 'node:crypto'
import { createBots } from './app/bots.ts'
import { createLiveness } from './app/liveness.ts'
import { createMqtt } from './app/mqtt.ts'
import { createObserving, type Observing } from './app/observing.ts'
import { readiness } from './app/readiness.ts'
import { holdingFor, isAlone, openStores, type Stores } from './app/stores.ts'
import { createWays } from './app/ways.ts'
import { needRestart } from './config/changes.ts'
import type { Config } from './config/schema.ts'
import { profilesOf, toPolicy } from './config/to-policy.ts'
import { createBindCodes } from './engine/bind-codes.ts'
import { createEnergyLinks } from './engine/energy-links.ts'
import { createEngine } from './engine/engine.ts'
import { createHeartbeat } from './engine/heartbeat.ts'
import { buttonSecret } from './engine/secret.ts'
import { closeServer, createServer, listenOn } from './http/server.ts'
import type { Logger } from './log.ts'
import { createPainter } from './pictures/painting.ts'
import type { Store } from './store/store.ts'
import { createTokens } from './text/tokens.ts'
import { createThingbootClient } from './thingboot/client.ts'
import { createPacer, GAP } from './thingboot/pacer.ts'
import { GENERIC } from './thingboot/profiles.ts'

export interface App {
  /**
   * Starts everything; resolves with the address once pushes are taken.
   * @throws Error with a sentence, and with nothing left running
   */
  start(): Promise<string>
  /**
   * Takes another configuration as a whole, at once. Answers with the keys whose changes need a restart: of those the old
   * values hold.
   */
  adopt(config: Config): string[]
  /** Why this process is of no use any more and should be started anew, in a sentence; undefined while it is. */
  ailment(): Promise<string | undefined>
  /** Stops taking, finishes what runs, keeps the rest on disk. */
  stop(): Promise<void>
}

/**
 * Puts the parts together: the only file that knows them all. Opens the store; nothing else runs until `start`.
 * @param seen the store as somebody watches it
 */
export async function createApp(
  config: Config,
  log: Logger,
  timings: Partial<Timings> = {},
  seen: (store: Store) => Store = (store) => store,
): Promise<App> {
  const stores = await openStores(config, log.child({ part: 'store' }))
  try {
    const secret = await buttonSecret(stores.store)
    const store = seen(stores.store)
    const observing = await createObserving(config, store, stores.holder, log.child({ part: 'watching' }))
    return await assemble(config, { ...stores, store }, secret, observing, log, timings)
  } catch (error) {
    await stores.close()
    throw error
  }
}

async function assemble(
  config: Config,
  stores: Stores,
  secret: Uint8Array,
  observing: Observing,
  log: Logger,
  timings: Partial<Timings>,
): Promise<App> {
  const { store, ailment } = createLiveness(stores.store, isAlone(config.store))
  const { spool } = stores
  const links = createEnergyLinks(secret, config.server.publicUrl)
  const { metrics, heard, tracing } = observing
  const { enabled, session } = config.console
  const { publicUrl } = config.server
  let profiles = profilesOf(config)
  const profileOf = (device: string) => profiles.get(device) ?? GENERIC
  const { bots, webhooks } = await createBots(config, log)
  const ways = await createWays(config, log, (...use) => engine.used('dingtalk', ...use))
  const held = holdingFor(config, stores, log)
  const cloud = createThingbootClient({
    ...config.thingboot,
    log: log.child({ part: 'thingboot' }),
    profileFor: profileOf,
    heard,
    pacer: createPacer({
      take: (device) => store.spend([{ name: `command:${device}`, most: 1, within: GAP }]),
    }),
  })
  const painter = createPainter({ log: log.child({ part: 'pictures' }) })
  const engine = createEngine({
    store,
    policy: { ...toPolicy(config), ...timings },
    bots,
    spool,
    holder: held.holder,
    ...(held.timing && { holdTiming: held.timing }),
    cloud,
    tokens: createTokens(secret),
    links,
    ways,
    painter,
    codes: createBindCodes(config.thingboot.appSecret),
    log: held.log,
    metrics,
    ...(tracing && { tracing }),
    now: Date.now,
    newId,
    profileFor: profileOf,
    ...(enabled && { console: { publicUrl, lasts: session } }),
    reconcileEvery: config.thingboot.reconcileEvery,
    callsPerSecond: config.thingboot.callsPerSecond,
    silentAfter: config.thingboot.silentAfter,
    ...timings,
  })
  const mqtt = await createMqtt(config, log, engine, held)
  const { channels } = engine
  const beaten = { store, metrics, channels, log: held.log, now: Date.now }
  const heartbeat = config.heartbeat && createHeartbeat(beaten, held.holder, config.heartbeat)
  const server = createServer({
    log,
    metrics,
    pushes: engine.pushes,
    pushToken: config.thingboot.pushToken,
    ...(enabled && { api: { console: engine.console, publicUrl } }),
    trustProxy: config.server.trustProxy,
    webhooks,
    energyTable: (query) => engine.energyTable(query),
    readiness: () => readiness(store, engine, mqtt, heartbeat),
    lookAtDisks: observing.lookAtDisks,
  })

  let stopped: Promise<void> | undefined
  async function shut(): Promise<void> {
    try {
      await Promise.all([closeServer(server), mqtt?.stop(), heartbeat?.stop()])
      await engine.stop()
      await Promise.all([ways.stop(), painter.stop(), observing.stop()])
    } finally {
      await stores.close()
    }
  }

  const stop = () => (stopped ??= shut())
  return {
    async start() {
      try {
        // First the port: where it is taken, another instance may run, whose connections ours would throw out.
        const address = await listenOn(server, config.server)
        await engine.start()
        await mqtt?.start()
        heartbeat?.start()
        observing.start()
        return address
      } catch (error) {
        await stop()
        throw error
      }
    },
    adopt(next) {
      profiles = profilesOf(next)
      engine.adopt({ ...toPolicy(next), ...timings })
      return needRestart(config, next)
    },
    ailment,
    stop,
  }
}

/** Times that tests shorten. */
export interface Timings {
  confirmWithin: number
  feedbackWithin: number
  sweepEvery: number
}

const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz'

/** Fetched for many ids at once: each asking of the system costs more than an id. */
const random = { bytes: Buffer.alloc(12 * 256), used: 12 * 256 }

/** 12 random letters and digits without those that look alike: 59 bits. */
function newId(): string {
  const { bytes } = random
  if (random.used === bytes.length) {
    randomFillSync(bytes)
    random.used = 0
  }
  let id = ''
  for (const end = random.used + 12; random.used < end; random.used++)
    id += LETTERS[bytes[random.used]! % LETTERS.length]
  return id
}
