import { createDingTalkSim, type DingTalkSim } from '../src/simulator/dingtalk/index.ts'
import { createTelegramSim, type TelegramSim } from '../src/simulator/telegram/index.ts'
import type { ThingbootSim } from '../src/simulator/thingboot/api.ts'
import { createThingbootSim } from '../src/simulator/thingboot/sim.ts'
import { createWeComSim, type WeComSim } from '../src/simulator/wecom/index.ts'
import type { Tokens } from '../src/text/tokens.ts'

export type Platform = 'telegram' | 'dingtalk' | 'wecom'

export interface Member {
  name: string
  /** Absent: in the chats, but not in the configuration. */
  role?: 'viewer' | 'operator' | 'admin'
  telegram: number
  /** On the other two platforms. */
  id: string
}

export const PEOPLE: readonly Member[] = [
  { name: '甲', role: 'operator', telegram: 101, id: 'jia' },
  { name: '乙', role: 'operator', telegram: 102, id: 'yi' },
  { name: '丙', role: 'operator', telegram: 103, id: 'bing' },
  { name: '场长', role: 'admin', telegram: 104, id: 'boss' },
  { name: '看客', role: 'viewer', telegram: 105, id: 'viewer' },
  { name: '生人', telegram: 106, id: 'stranger' },
]
/** Is in all chats and never does a thing: sees what all see. */
export const WATCHER: Member = { name: '旁观', telegram: 199, id: 'watcher' }
export const OPERATORS = PEOPLE.filter((one) => one.role === 'operator' || one.role === 'admin')

/** One team's chats. */
export interface Room {
  name: string
  telegram: number
  dingtalk?: string
  wecom?: string
}

export interface Breaker {
  id: string
  name: string
  site: string
  room: Room
}

/** The four far ends, with everything that the configuration names. They outlive every kill. */
export interface Fleet {
  cloud: ThingbootSim
  telegram: TelegramSim
  dingtalk: DingTalkSim
  wecom: WeComSim
  rooms: readonly Room[]
  breakers: readonly Breaker[]
  /** The platforms' limits hold. */
  real: boolean
  /** Reads what stands on buttons, as no person could. */
  tokens: Pick<Tokens, 'open'>
  close(): Promise<void>
}

const CLOUD_APP = { appId: 'chaosapp', appSecret: 'chaos-app-secret-0001' }
export const TELEGRAM_TOKEN = '123456:CHAOS-token'
export const DINGTALK = { clientId: 'dingCHAOS', clientSecret: 'ding-chaos-secret-0001' }
export const WECOM = { botId: 'aibCHAOS', secret: 'wecom-chaos-secret-0001' }
const PUSH_TOKEN = 'push-token-of-the-chaos'
/** None of them may appear in what the service prints. */
export const SECRETS = [
  ...[CLOUD_APP.appSecret, TELEGRAM_TOKEN, DINGTALK.clientSecret, WECOM.secret, PUSH_TOKEN],
]

const FIRST_BREAKER = 800_100

export interface FleetOptions {
  breakers: number
  seed: number
  tokens: Fleet['tokens']
  /** Of how many rooms; default 10. */
  rooms?: number
  /** Each room has a site of its own and a chat on every platform, and the platforms' limits hold. Default false. */
  real?: boolean
}

export async function createFleet(options: FleetOptions): Promise<Fleet> {
  const { seed, tokens, rooms: count = 10, real = false } = options
  const rooms = Array.from({ length: count }, (_, index) => roomNumber(index, real))
  const breakers = Array.from({ length: options.breakers }, (_, index) => ({
    id: String(FIRST_BREAKER + index),
    name: `机${100 + index}`,
    site: real ? `${(index % count) + 1}号鱼塘` : '一号鱼塘',
    room: rooms[index % count]!,
  }))
  const [cloud, telegram, dingtalk, wecom] = await Promise.all([
    createThingbootSim({
      apps: [CLOUD_APP],
      seed,
      devices: breakers.map(({ id, name }) => ({ id, name, load: 12 })),
    }),
    createTelegramSim(real ? { limits: TELEGRAM_LIMITS } : {}),
    // A month's quota is not for minutes in which a month's faults happen.
    createDingTalkSim({ seed, behaviour: { callsPerMonth: Infinity, pushesPerMonth: Infinity } }),
    // Where they prove nothing, limits would only slow the run down.
    createWeComSim({ settings: real ? {} : UNLIMITED }),
  ])
  const fleet: Fleet = {
    ...{ cloud, telegram, dingtalk, wecom, rooms, breakers, tokens, real },
    async close() {
      await Promise.all([cloud.close(), telegram.close(), dingtalk.close(), wecom.close()])
    },
  }
  settle(fleet)
  return fleet
}

/** What Telegram takes of a bot. */
const TELEGRAM_LIMITS = { groupPerMinute: 20, chatPerSecond: 1, burst: 3, overallPerSecond: 30 }
const UNLIMITED = {
  subscribesPerMinute: Infinity,
  messagesPerMinute: Infinity,
  messagesPerHour: Infinity,
}

/** Every room has Telegram; two of three have a second platform beside it, or each has all. */
function roomNumber(index: number, all: boolean): Room {
  return {
    name: `room-${index}`,
    telegram: -1001000000000 - index,
    ...((all || index % 3 === 1) && { dingtalk: `cidROOM${index}==` }),
    ...((all || index % 3 === 2) && { wecom: `wrROOM${index}` }),
  }
}

/** Moves people and bots into the chats. */
function settle({ telegram, dingtalk, wecom, rooms }: Fleet): void {
  telegram.addBot({ token: TELEGRAM_TOKEN, username: 'breaker_bot', canReadAllGroupMessages: true })
  dingtalk.addApp(DINGTALK)
  wecom.addBot(WECOM)
  const all = [...PEOPLE, WATCHER]
  for (const { name, telegram: id, id: userId } of all) {
    telegram.addUser({ id, name })
    dingtalk.addUser({ userId, name })
    wecom.addUser({ userid: userId, interacted: true })
  }
  for (const room of rooms) {
    const group = { id: room.telegram, type: 'supergroup', title: room.name } as const
    telegram.addChat({ ...group, members: all.map((one) => one.telegram) })
    if (room.dingtalk !== undefined) dingtalk.addGroup(dingtalkGroup(room))
    if (room.wecom !== undefined) wecom.addChat(wecomGroup(room))
  }
}

const MEMBERS = [...PEOPLE, WATCHER].map((one) => one.id)

/** A room's group as DingTalk knows it, the robot in it. */
export const dingtalkGroup = ({ name: title, dingtalk }: Room) => ({
  ...{ conversationId: dingtalk!, title, members: MEMBERS, robots: [DINGTALK.clientId] },
})

/** A room's group as WeCom knows it, the bot in it and spoken to. */
export const wecomGroup = ({ wecom }: Room) => ({
  ...{ chatid: wecom!, members: MEMBERS, botMember: true, interacted: true },
})

/** The chats of a room, by platform. */
export function chatsOf(room: Room): Platform[] {
  return [
    'telegram',
    ...(room.dingtalk === undefined ? [] : ['dingtalk' as const]),
    ...(room.wecom === undefined ? [] : ['wecom' as const]),
  ]
}

/** Tells the cloud where pushes are taken. */
export function pushTo(fleet: Fleet, url: string): void {
  fleet.cloud.setPushUrl(`${url}/api/device/callback/${PUSH_TOKEN}`)
}

/** The configuration as JSON, which is YAML too. */
export function configText(
  { cloud, telegram, dingtalk, wecom, rooms, breakers, real }: Fleet,
  port: number,
  store: string,
): string {
  // Where no platform limits anything, more happens in a minute than a group could be told of.
  const budget = real ? {} : { perMinute: 60_000 }
  return JSON.stringify({
    server: { host: '127.0.0.1', port },
    store,
    thingboot: { ...CLOUD_APP, baseUrl: cloud.url, pushToken: PUSH_TOKEN, reconcileEvery: '5s' },
    channels: {
      telegram: { token: TELEGRAM_TOKEN, apiRoot: telegram.url, ...budget },
      dingtalk: { ...budget, ...DINGTALK, apiBase: dingtalk.url, oapiBase: dingtalk.url },
      wecom: { ...budget, ...WECOM, wsUrl: wecom.wsUrl },
    },
    // Breakers trip and are closed far more often here than anywhere else.
    closing: {
      coolDown: '0s',
      coolDownHot: '0s',
      betweenCloses: '0s',
      perHour: 100_000,
      perDay: 100_000,
      inrush: '0s',
      reclaim: '0s',
    },
    rooms: rooms.map(({ telegram: chat, ...rest }) => ({ ...rest, telegram: String(chat) })),
    people: PEOPLE.filter((one) => one.role).map(({ name, role, telegram: number, id }) => ({
      ...{ name, role, telegram: String(number), dingtalk: id, wecom: id },
    })),
    breakers: breakers.map(({ id, name, site, room }) => ({
      id,
      name,
      site,
      room: room.name,
      ratedCurrent: 60,
    })),
  })
}
