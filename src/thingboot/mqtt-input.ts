import mqtt, { type MqttClient } from 'mqtt'
import type { Log } from '../domain/log.ts'

export interface MqttInputOptions {
  /** `mqtt://mapi.thingboot.com:1883` (documented; its secret then goes in clear), or `mqtts://…`. */
  url: string
  appId: string
  appSecret: string
  /** As shown in the console; one that ends in `test` gets nothing (documented). Two programs with the same one throw each other out. */
  clientId: string
  log: Log
  /** Stores a message. Only when this has resolved is the broker told that it was taken. */
  take: (body: string, topic: string) => Promise<void>
  /** Called each time that messages come, the first time and after each break. */
  ready?: () => void
  /** Shortest and longest pause before connecting again, ms; default 1 s and 60 s. */
  pause?: { min: number; max: number }
  /** 0–1, for the spread of the pauses. */
  random?: () => number
  now?: () => number
}

export interface MqttInputHealth {
  state: 'starting' | 'ready' | 'waiting' | 'stopped'
  /** Since when, ms since 1970. */
  since: number
  /** One sentence for the person who runs the service. */
  detail?: string
}

export interface MqttInput {
  /** Connects, and goes on trying for ever. Throws only for a URL that is none. */
  start(): void
  health(): MqttInputHealth
  /** Lets a message that is being stored finish, and leaves. */
  stop(): Promise<void>
}

/**
 * Messages by MQTT 3.1.1, instead of HTTP pushes. Subscribes with QoS 1 and keeps its session, so that a broker which
 * publishes with QoS 1 (not documented) repeats what was not taken. Messages are taken one after another.
 */
export function createMqttInput(options: MqttInputOptions): MqttInput {
  const { log, take, pause = { min: 1_000, max: 60_000 }, random = Math.random, now = Date.now } = options
  const topic = `api/${options.appId}/message/#`
  let health: MqttInputHealth = { state: 'stopped', since: now() }
  let client: MqttClient | undefined
  let timer: NodeJS.Timeout | undefined
  const inHand = new Set<Promise<void>>()
  let failures = 0

  function become(state: MqttInputHealth['state'], detail?: string): void {
    health = { state, since: now(), ...(detail !== undefined && { detail }) }
  }

  function connect(): void {
    const connection = mqtt.connect(options.url, {
      protocolVersion: 4,
      clean: false,
      clientId: options.clientId,
      username: options.appId,
      password: options.appSecret,
      connectTimeout: 15_000,
      keepalive: 60,
      // A fresh client for each connection: mqtt.js has no jitter, and gives up when it is refused.
      reconnectPeriod: 0,
    })
    client = connection
    let problem: string | undefined
    const giveUp = (why: string) => {
      problem ??= why
      connection.end(true)
    }
    connection.handleMessage = (packet, done) => {
      const work = receive(packet.topic, packet.payload.toString())
        .then(() => done())
        // Not acknowledged: the broker repeats it to the next connection.
        .catch(() => giveUp('a message could not be stored'))
        .finally(() => inHand.delete(work))
      inHand.add(work)
    }
    connection.on('connect', () => subscribe(connection, giveUp))
    connection.on('error', (error) => {
      problem ??= describe(error)
    })
    connection.once('close', () => {
      connection.end(true)
      if (connection === client) reconnect(problem ?? 'the broker closed the connection')
    })
  }

  async function receive(topic: string, body: string): Promise<void> {
    try {
      await take(body, topic)
    } catch (error) {
      log.error({ topic, why: error instanceof Error ? error.message : 'error' }, 'MQTT message not stored')
      throw error
    }
  }

  function subscribe(connection: MqttClient, giveUp: (why: string) => void): void {
    connection.subscribe(topic, { qos: 1 }, (error, granted) => {
      if (connection !== client) return
      const qos = granted?.[0]?.qos
      if (qos === 128) return giveUp('the broker refuses the subscription: check thingboot.appId')
      if (error || qos === undefined) return giveUp('the subscription got no answer')
      if (qos === 0) log.warn({ topic }, 'the broker grants QoS 0 only: messages may get lost')
      become('ready')
      log.info({ topic }, 'MQTT ready')
      options.ready?.()
    })
  }

  function reconnect(why: string): void {
    client = undefined
    // A connection that held out long was a good one; one that breaks soon after counts as another failure.
    if (health.state === 'ready' && now() - health.since >= pause.max) failures = 0
    const longest = Math.min(pause.max, pause.min * 2 ** failures++)
    const wait = longest * (0.5 + random() / 2)
    become('waiting', why)
    log.warn({ why, wait: Math.round(wait) }, 'MQTT connection lost')
    timer = setTimeout(connect, wait)
  }

  return {
    start() {
      if (health.state !== 'stopped') return
      become('starting')
      connect()
    },
    health: () => health,
    async stop() {
      clearTimeout(timer)
      const last = client
      client = undefined
      become('stopped')
      await Promise.all(inHand)
      if (last) await leave(last)
    },
  }
}

/** Says good-bye, or just leaves when that takes too long. */
async function leave(client: MqttClient): Promise<void> {
  const patience = setTimeout(() => client.stream.destroy(), 500)
  if (client.connected) await client.endAsync()
  else client.end(true)
  clearTimeout(patience)
}

/** MQTT 3.1.1's return codes, in words that tell what to do. */
function describe(error: Error & { code?: unknown }): string {
  if (error.code === 4 || error.code === 5) {
    return 'the broker refuses the login: check thingboot.appId, appSecret and mqtt.clientId'
  }
  const code = typeof error.code === 'string' ? ` (${error.code})` : ''
  return `the broker cannot be reached${code}: check thingboot.mqtt.url and the network`
}
