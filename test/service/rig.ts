import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, createApp, type Timings } from '../../src/app.ts'
import { parseConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'
import { createLog } from '../../src/log.ts'
import { createDingTalkSim, type DingTalkSim } from '../../src/simulator/dingtalk/index.ts'
import { createTelegramSim, type TelegramSim } from '../../src/simulator/telegram/index.ts'
import type { ThingbootSim } from '../../src/simulator/thingboot/api.ts'
import { createThingbootSim } from '../../src/simulator/thingboot/sim.ts'
import { createWeComSim, type WeComSim } from '../../src/simulator/wecom/index.ts'
import { openSqliteReader } from '../../src/store/sqlite/reader.ts'
import type { AuditRow } from '../../src/store/store.ts'
import { leaksIn } from '../support/secrets.ts'
import { until } from '../support/until.ts'
import { type Chat, dingtalkChat, GROUP, PEOPLE, telegramChat, wecomChat } from './chats.ts'

export type Platform = 'telegram' | 'dingtalk' | 'wecom'
export const PLATFORMS: readonly Platform[] = ['telegram', 'dingtalk', 'wecom']

export const TOKEN = '123456:TEST-token_of-the-bot'
export const PUSH_TOKEN = 'push-token-of-the-tests'
const APP = { appId: 'demoapp', appSecret: 'demo-app-secret-0001' }
const DINGTALK = { clientId: 'dingTESTCLIENT', clientSecret: 'ding-client-secret-0001' }
const WECOM = { botId: 'aibTESTBOT', secret: 'wecom-bot-secret-0001' }

/** The four far ends with the people, groups and breakers of the tests. */
export interface World {
  cloud: ThingbootSim
  telegram: TelegramSim
  dingtalk: DingTalkSim
  wecom: WeComSim
  chats: Record<Platform, Chat>
  close(): Promise<void>
}

export async function createWorld(): Promise<World> {
  const [cloud, telegram, dingtalk, wecom] = await Promise.all([
    createThingbootSim({
      apps: [APP],
      devices: [
        { id: 820720, name: '3号增氧机', load: 12.4 },
        { id: 820721, name: '投饵机', load: 3 },
        { id: 820730, name: '双泵箱', circuits: ['power1', 'power2'], load: 5 },
      ],
    }),
    createTelegramSim(),
    createDingTalkSim(),
    createWeComSim(),
  ])
  const people = Object.entries(PEOPLE)
  telegram.addBot({ token: TOKEN, username: 'breaker_bot', canReadAllGroupMessages: true })
  for (const [name, { telegram: id }] of people) telegram.addUser({ id, name })
  telegram.addChat({
    id: GROUP.telegram,
    type: 'supergroup',
    title: '夜班',
    members: people.map(([, one]) => one.telegram),
  })
  dingtalk.addApp(DINGTALK)
  for (const [name, { id }] of people) dingtalk.addUser({ userId: id, name })
  dingtalk.addGroup({
    conversationId: GROUP.dingtalk,
    title: '夜班',
    members: people.map(([, one]) => one.id),
    robots: [DINGTALK.clientId],
  })
  wecom.addBot(WECOM)
  for (const [, { id }] of people) wecom.addUser({ userid: id, interacted: true })
  wecom.addChat({ chatid: GROUP.wecom, members: people.map(([, one]) => one.id), interacted: true })
  return {
    cloud,
    telegram,
    dingtalk,
    wecom,
    chats: { telegram: telegramChat(telegram), dingtalk: dingtalkChat(dingtalk), wecom: wecomChat(wecom) },
    async close() {
      await Promise.all([cloud.close(), telegram.close(), dingtalk.close(), wecom.close()])
    },
  }
}

/** What no test may find in a log. */
export const SECRETS = {
  'the bot’s token': TOKEN,
  'the push token': PUSH_TOKEN,
  'the app’s secret': APP.appSecret,
  'DingTalk’s secret': DINGTALK.clientSecret,
  'WeCom’s secret': WECOM.secret,
}

/** @throws Error where a log tells a secret */
export function checkLog(log: string): void {
  const leaks = leaksIn(log, SECRETS)
  if (leaks.length > 0) throw new Error(`the log tells secrets:\n${leaks.join('\n')}`)
}

export interface ConfigOptions {
  platforms?: readonly Platform[]
  locale?: 'zh-CN' | 'en'
  store?: string
  actuation?: boolean
  /** Pushes come by MQTT instead of HTTP. */
  mqtt?: boolean
  /** Telegram calls us at this address instead of being polled. */
  telegramWebhook?: string
  port?: number
  /** Default: never. */
  reconcileEvery?: string
  /** What the closing gate measures by; default: nothing to wait for. */
  closing?: string
  /** Automatic reclosing of 3号增氧机. */
  autoReclose?: string
  /** More YAML of a person, by name, with a comma before it. */
  people?: Record<string, string>
  /** The address for browsers. */
  publicUrl?: string
  /** Draws the load before each trip; default: not, for drawing takes the processor from what tests wait for. */
  tripPictures?: boolean
  /** More top-level YAML. */
  more?: string
}

/** A configuration file for a world, as a user would write it. */
export function configText(world: World, options: ConfigOptions = {}): string {
  const {
    platforms = PLATFORMS,
    locale = 'zh-CN',
    store = 'sqlite:./data/breakerbot.db',
    actuation = true,
    mqtt = false,
    telegramWebhook,
    port = 0,
    publicUrl,
    tripPictures = false,
    reconcileEvery = '0s',
    closing = '{ coolDown: 0s, coolDownHot: 0s, betweenCloses: 0s, perHour: 1000, perDay: 1000, inrush: 0s }',
    autoReclose,
    people: ofPeople = {},
    more = '',
  } = options
  const has = (platform: Platform) => platforms.includes(platform)
  const people = Object.entries(PEOPLE).filter(([name]) => name !== '生人')
  const roles: Record<string, string> = { 场长: 'admin', 看客: 'viewer' }
  return `
locale: ${locale}
timezone: Asia/Shanghai
server: { host: 127.0.0.1, port: ${port}${publicUrl ? `, publicUrl: "${publicUrl}"` : ''} }
store: "${store}"
actuation: ${actuation}
closing: ${closing}
energy: { tripPictures: ${tripPictures} }
thingboot:
  appId: ${APP.appId}
  appSecret: ${APP.appSecret}
  baseUrl: ${world.cloud.url}
  ${mqtt ? `mqtt: { url: "${world.cloud.mqttUrl}", clientId: tests }` : `pushToken: ${PUSH_TOKEN}`}
  reconcileEvery: ${reconcileEvery}
channels:
${has('telegram') ? `  telegram: { perMinute: 60000, token: "${TOKEN}", apiRoot: "${world.telegram.url}"${telegramWebhook ? `, mode: webhook, webhookUrl: "${telegramWebhook}"` : ''} }` : ''}
${has('dingtalk') ? `  dingtalk: { perMinute: 60000, clientId: ${DINGTALK.clientId}, clientSecret: ${DINGTALK.clientSecret}, apiBase: "${world.dingtalk.url}", oapiBase: "${world.dingtalk.url}" }` : ''}
${has('wecom') ? `  wecom: { perMinute: 60000, botId: ${WECOM.botId}, secret: ${WECOM.secret}, wsUrl: "${world.wecom.wsUrl}" }` : ''}
rooms:
  - name: night-shift
${platforms.map((platform) => `    ${platform}: "${GROUP[platform]}"`).join('\n')}
people:
${people.map(([name, one]) => `  - { name: ${name}, role: ${roles[name] ?? 'operator'}, telegram: ${one.telegram}, dingtalk: ${one.id}, wecom: ${one.id}${ofPeople[name] ?? ''} }`).join('\n')}
breakers:
  - { id: 820720, name: 3号增氧机, site: 一号鱼塘, room: night-shift, model: UNI-DLQ-M-60A-P, ratedCurrent: 60, groups: [增氧]${autoReclose ? `, autoReclose: ${autoReclose}` : ''} }
  - { id: 820721, name: 投饵机, site: 一号鱼塘, room: night-shift, ratedCurrent: 16 }
  - { id: 820730, name: 双泵箱, site: 二号大棚, room: night-shift, model: generic-2, circuits: { power1: 左泵, power2: 右泵 } }
${more}`
}

export function readConfig(text: string): Config {
  const loaded = parseConfig(text, {})
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
  return loaded.config
}

/** The whole service against a world, in this process. */
export interface Rig extends World {
  app: App
  url: string
  /** Everything logged, one JSON line each. */
  log: string[]
  /** What the audit says, oldest first. */
  audit(): AuditRow[]
  /** Takes another configuration, as at a SIGHUP. */
  adopt(change: (text: string) => string): void
  /** Posts a body as the cloud would. */
  push(body: unknown): Promise<Response>
}

export async function startRig(options: ConfigOptions & { timings?: Partial<Timings> } = {}): Promise<Rig> {
  const world = await createWorld()
  if (options.mqtt) await world.cloud.addApp({ ...APP, mqtt: true })
  const folder = mkdtempSync(join(tmpdir(), 'breakerbot-test-'))
  const file = `${folder}/breakerbot.db`
  const text = configText(world, { store: `sqlite:${file}`, ...options })
  const config = readConfig(text)
  const log: string[] = []
  const app = await createApp(
    config,
    createLog({ level: 'debug', write: (line) => log.push(line) }),
    options.timings,
  )
  const url = await app.start()
  if (!options.mqtt) world.cloud.setPushUrl(`${url}/api/device/callback/${PUSH_TOKEN}`)
  await untilReady(url, options.platforms ?? PLATFORMS)
  return {
    ...world,
    app,
    url,
    log,
    push: (body) => pushTo(url, body),
    adopt: (change) => void app.adopt(readConfig(change(text))),
    audit() {
      const reader = openSqliteReader(file)
      const rows = reader.audit({ limit: 1000 })
      reader.close()
      return rows
    },
    async close() {
      await app.stop()
      await world.close()
      rmSync(folder, { recursive: true, force: true })
      checkLog(log.join(''))
    },
  }
}

export function pushTo(url: string, body: unknown, token = PUSH_TOKEN): Promise<Response> {
  return fetch(`${url}/api/device/callback/${token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

export function untilReady(url: string, platforms: readonly Platform[]): Promise<unknown> {
  return until(async () => {
    const state = (await (await fetch(`${url}/readyz`)).json()) as {
      channels: Record<string, { state: string }>
    }
    return platforms.every((platform) => state.channels[platform]?.state === 'ready')
  }, 'all channels to be ready')
}
