import { randomBytes } from 'node:crypto'
import { createBots } from './app/bots.ts'
import { createHolder, type Holder } from './app/holder.ts'
import { createMqtt, type MqttSource } from './app/mqtt.ts'
import type { Config } from './config/schema.ts'
import { toPolicy } from './config/to-policy.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import type { HoldOptions } from './engine/hold.ts'
import { createMetrics } from './engine/metrics.ts'
import type { Readiness } from './http/health-routes.ts'
import { closeServer, createServer, listenOn } from './http/server.ts'
import type { Logger } from './log.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/store.ts'
import { createThingbootClient } from './thingboot/client.ts'
import { createPacer, GAP } from './thingboot/pacer.ts'
import { profileFor } from './thingboot/profiles.ts'

export interface App {
  /**
   * Starts everything; resolves with the address once pushes are taken.
   * @throws Error with a sentence, and with nothing left running
   */
  start(): Promise<string>
  /** Stops taking, finishes what runs, keeps the rest on disk. */
  stop(): Promise<void>
}

/** Puts the parts together: the only file that knows them all. Opens the store; nothing else runs until `start`. */
export async function createApp(config: Config, log: Logger, timings: Partial<Timings> = {}): Promise<App> {
  const holder = await createHolder(`${config.server.host}:${config.server.port}`)
  let store: Store | undefined
  try {
    store = await openStore(config.store, { holder: holder.id, log: log.child({ part: 'store' }) })
    return assemble(config, store, holder, log, timings)
  } catch (error) {
    await store?.close()
    holder.release()
    throw error
  }
}

function assemble(config: Config, store: Store, holder: Holder, log: Logger, timings: Partial<Timings>): App {
  const metrics = createMetrics()
  const models = new Map(config.breakers.map((breaker) => [breaker.id, breaker.model]))
  const profileOf = (device: string) => profileFor(models.get(device))
  const { bots, webhooks } = createBots(config, log)
  const held = holdingFor(config, store, holder, log)
  const cloud = createThingbootClient({
    ...config.thingboot,
    log: log.child({ part: 'thingboot' }),
    profileFor: profileOf,
    pacer: createPacer({
      take: (device) => store.spend([{ name: `command:${device}`, most: 1, within: GAP }]),
    }),
  })
  const engine = createEngine({
    store,
    policy: { ...toPolicy(config), ...timings },
    bots,
    holder: held.holder,
    ...(held.timing && { holdTiming: held.timing }),
    cloud,
    log: held.log,
    metrics,
    now: Date.now,
    newId,
    profileFor: profileOf,
    reconcileEvery: config.thingboot.reconcileEvery,
  })
  const mqtt = createMqtt(config, log, engine.pushes, held)
  const server = createServer({
    log,
    metrics,
    pushes: engine.pushes,
    pushToken: config.thingboot.pushToken,
    webhooks,
    readiness: () => readiness(store, engine, mqtt),
  })

  let stopped: Promise<void> | undefined
  async function shut(): Promise<void> {
    try {
      await Promise.all([closeServer(server), mqtt?.stop()])
      await engine.stop()
    } finally {
      await store.close()
      holder.release()
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
        return address
      } catch (error) {
        await stop()
        throw error
      }
    },
    stop,
  }
}

/**
 * How this instance holds what only one may have. A file is one process's alone: whoever has it open is the holder,
 * however its predecessor ended, and need not write that down all the time.
 */
function holdingFor(
  { store: url }: Config,
  store: Store,
  { id }: Holder,
  log: Logger,
): Omit<HoldOptions, 'name' | 'begin' | 'end'> {
  const common = { store, log: log.child({ part: 'engine' }), now: Date.now }
  if (!url.startsWith('sqlite:')) return { ...common, holder: id }
  return { ...common, holder: 'this file', timing: { lasts: 3_600_000, renewEvery: 600_000 } }
}

/** Times that tests shorten. */
export interface Timings {
  confirmWithin: number
  feedbackWithin: number
}

async function readiness(
  store: Store,
  { pushes, channels }: Engine,
  mqtt: MqttSource | undefined,
): Promise<Readiness> {
  const health = Object.fromEntries([...channels].map(([name, channel]) => [name, channel.health()]))
  const someReady = Object.values(health).some(({ state }) => state === 'ready' || state === 'standby')
  const rest = { channels: health, unreadable: pushes.unreadable(), ...(mqtt && { mqtt: mqtt.health() }) }
  try {
    const jobs = await store.counts()
    return { ready: someReady, store: { ok: true }, ...rest, jobs }
  } catch (error) {
    return { ready: false, store: { ok: false, detail: String(error) }, ...rest, jobs: {} }
  }
}

const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz'

/** 12 random letters and digits without those that look alike: 59 bits. */
function newId(): string {
  return Array.from(randomBytes(12), (byte) => LETTERS[byte % LETTERS.length]).join('')
}
