import type { DingTalkSim } from '../simulator/dingtalk/api.ts'
import { createDingTalkSim } from '../simulator/dingtalk/index.ts'
import type { TelegramSim } from '../simulator/telegram/api.ts'
import { createTelegramSim } from '../simulator/telegram/index.ts'
import type { ThingbootSim } from '../simulator/thingboot/api.ts'
import { createThingbootSim } from '../simulator/thingboot/sim.ts'
import type { WeComSim } from '../simulator/wecom/api.ts'
import { createWeComSim } from '../simulator/wecom/index.ts'
import { BREAKERS, PLAYERS, ROOM } from './cast.ts'
import type { Credentials } from './credentials.ts'
import { loadAt } from './loads.ts'

export interface Sims {
  thingboot: ThingbootSim
  telegram: TelegramSim
  dingtalk: DingTalkSim
  wecom: WeComSim
}

export const BOT_NAME = 'BreakerBot'
export const ROBOT_NAME = '群机器人'

/** How often the breakers report their readings, ms. */
const METERING = 4000
/** How often what they draw changes, ms. */
const FOLLOWS = 15_000

/** @param counters what they show, kWh by device */
export async function startThingboot(
  { thingboot }: Credentials,
  counters: Record<string, number>,
): Promise<ThingbootSim> {
  const devices = BREAKERS.map(({ id, name, ratedCurrent, circuits }) => ({
    id,
    name,
    ratedCurrent,
    circuits: circuits.map(({ key }) => key),
    energy: counters[id] ?? 0,
    load: Object.fromEntries(circuits.map(({ key, load }) => [key, load])),
  }))
  return createThingbootSim({ apps: [thingboot], devices })
}

/** The machines draw more and less, as their day goes; returns the way to stop. */
export function followDay(thingboot: ThingbootSim, started: number): () => void {
  const follow = () => {
    for (const breaker of BREAKERS)
      for (const { key } of breaker.circuits)
        thingboot.setLoad(breaker.id, loadAt(breaker, key, Date.now(), started), key)
  }
  follow()
  const timer = setInterval(follow, FOLLOWS)
  return () => clearInterval(timer)
}

/** From now on pushes go to the service. All breakers report at once, so that there are readings to ask for. */
export async function pushTo(
  service: string,
  thingboot: ThingbootSim,
  { pushToken }: Credentials,
): Promise<void> {
  thingboot.setPushUrl(`${service}/api/device/callback/${pushToken}`)
  await Promise.all(thingboot.deviceIds().map(thingboot.report))
  thingboot.startMetering(METERING)
}

export async function startTelegram({ telegram }: Credentials): Promise<TelegramSim> {
  const sim = await createTelegramSim()
  sim.addBot({ ...telegram, username: 'demo_breaker_bot', name: BOT_NAME, canReadAllGroupMessages: true })
  for (const { telegram: id, name, greeted: started } of PLAYERS)
    sim.addUser({ id, name, languageCode: 'zh-hans', started })
  const members = PLAYERS.map((player) => player.telegram)
  sim.addChat({ id: ROOM.telegram, type: 'supergroup', title: ROOM.name, members })
  return sim
}

export async function startDingTalk({ dingtalk }: Credentials): Promise<DingTalkSim> {
  const sim = await createDingTalkSim()
  sim.addApp(dingtalk)
  for (const { dingtalk: userId, name } of PLAYERS) sim.addUser({ userId, name })
  const members = PLAYERS.map((player) => player.dingtalk)
  const robots = [dingtalk.clientId]
  sim.addGroup({ conversationId: ROOM.dingtalk, title: ROOM.name, members, robots })
  return sim
}

/** Somebody has spoken to the bot in the group before: there, too, WeCom lets no bot speak first. */
export async function startWeCom({ wecom, wecomGroupRobot }: Credentials): Promise<WeComSim> {
  const sim = await createWeComSim()
  sim.addBot({ ...wecom, name: BOT_NAME })
  for (const { wecom: userid, greeted: interacted } of PLAYERS) sim.addUser({ userid, interacted })
  sim.addChat({ chatid: ROOM.wecom, members: PLAYERS.map((player) => player.wecom), interacted: true })
  sim.addGroupRobot({ key: wecomGroupRobot, chatid: ROOM.wecom })
  return sim
}
