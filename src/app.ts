import { randomBytes } from 'node:crypto'
import type { ChannelName, ChatChannel } from './channels/channel.ts'
import { createDingTalkChannel } from './channels/dingtalk/index.ts'
import { createTelegramChannel } from './channels/telegram/index.ts'
import { createWeComChannel } from './channels/wecom/index.ts'
import type { Config } from './config/schema.ts'
import { toPolicy } from './config/to-policy.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { createMetrics } from './engine/metrics.ts'
import type { Readiness } from './http/health-routes.ts'
import { readBody } from './http/read-body.ts'
import { closeServer, createServer, listenOn } from './http/server.ts'
import type { Webhook } from './http/webhook-routes.ts'
import type { Logger } from './log.ts'
import { openSqliteStore } from './store/sqlite/open.ts'
import type { Store } from './store/store.ts'
import { createThingbootClient } from './thingboot/client.ts'
import { createMqttInput, type MqttInput } from './thingboot/mqtt-input.ts'
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
  const store = await openSqliteStore(config.store.replace(/^sqlite:/, ''), {
    log: log.child({ part: 'store' }),
  })
  try {
    return assemble(config, store, log, timings)
  } catch (error) {
    await store.close()
    throw error
  }
}

function assemble(config: Config, store: Store, log: Logger, timings: Partial<Timings>): App {
  const metrics = createMetrics()
  const models = new Map(config.breakers.map((breaker) => [breaker.id, breaker.model]))
  const profileOf = (device: string) => profileFor(models.get(device))
  const { channels, webhooks } = createChannels(config, log)
  const cloud = createThingbootClient({
    ...config.thingboot,
    log: log.child({ part: 'thingboot' }),
    profileFor: profileOf,
  })
  const engine = createEngine({
    store,
    policy: { ...toPolicy(config), ...timings },
    channels,
    cloud,
    log: log.child({ part: 'engine' }),
    metrics,
    now: Date.now,
    newId,
    profileFor: profileOf,
    reconcileEvery: config.thingboot.reconcileEvery,
    callsPerSecond: config.thingboot.callsPerSecond,
    silentAfter: config.thingboot.silentAfter,
    ...timings,
  })
  const mqtt = createMqtt(config, log, engine)
  const server = createServer({
    log,
    metrics,
    pushes: engine.pushes,
    pushToken: config.thingboot.pushToken,
    webhooks,
    readiness: () => readiness(store, engine, channels, mqtt),
  })

  let stopped: Promise<void> | undefined
  async function shut(): Promise<void> {
    try {
      await Promise.all([closeServer(server), mqtt?.stop()])
      await engine.stop()
    } finally {
      await store.close()
    }
  }

  const stop = () => (stopped ??= shut())
  return {
    async start() {
      try {
        // First the port: where it is taken, another instance may run, whose connections ours would throw out.
        const address = await listenOn(server, config.server)
        await engine.start()
        mqtt?.start()
        return address
      } catch (error) {
        await stop()
        throw error
      }
    },
    stop,
  }
}

/** Times that tests shorten. */
export interface Timings {
  confirmWithin: number
  feedbackWithin: number
  sweepEvery: number
}

function createChannels(config: Config, log: Logger) {
  const { telegram, dingtalk, wecom } = config.channels
  const channels = new Map<ChannelName, ChatChannel>()
  const webhooks: Webhook[] = []
  if (telegram) {
    const channel = createTelegramChannel({
      ...telegram,
      ...(telegram.webhookUrl !== undefined && { webhook: { publicUrl: telegram.webhookUrl } }),
      log: log.child({ part: 'telegram' }),
    })
    channels.set('telegram', channel)
    if (channel.webhook) webhooks.push(channel.webhook)
  }
  if (dingtalk) {
    const { cardTemplateId, ...rest } = dingtalk
    const template = cardTemplateId === undefined ? {} : { templateId: cardTemplateId }
    channels.set(
      'dingtalk',
      createDingTalkChannel({ ...rest, ...template, log: log.child({ part: 'dingtalk' }) }),
    )
  }
  if (wecom) {
    const { botId, secret, wsUrl } = wecom
    channels.set('wecom', createWeComChannel({ botId, secret, wsUrl, log: log.child({ part: 'wecom' }) }))
  }
  return { channels, webhooks }
}

function createMqtt({ thingboot }: Config, log: Logger, engine: Engine): MqttInput | undefined {
  const { pushes } = engine
  if (!thingboot.mqtt) return undefined
  return createMqttInput({
    ...thingboot.mqtt,
    appId: thingboot.appId,
    appSecret: thingboot.appSecret,
    log: log.child({ part: 'mqtt' }),
    ready: () => engine.missedPushes('MQTT was not connected'),
    async take(body, topic) {
      const read = readBody(body)
      if (read.ok) await pushes.take(read.value, body, topic)
      else await pushes.keepUnreadable(body, read.why)
    },
  })
}

async function readiness(
  store: Store,
  { pushes }: Engine,
  channels: ReadonlyMap<ChannelName, ChatChannel>,
  mqtt: MqttInput | undefined,
): Promise<Readiness> {
  const health = Object.fromEntries([...channels].map(([name, channel]) => [name, channel.health()]))
  const someReady = Object.values(health).some((one) => one.state === 'ready')
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
