import { stringify } from 'yaml'
import { faultText } from '../config/fault-text.ts'
import { parseConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { BREAKERS, PLAYERS, ROOM } from './cast.ts'
import type { Credentials } from './credentials.ts'
import { named } from './names.ts'
import type { Sims } from './sims.ts'

/** The demo's configuration, written and read like anybody's file. `folder` is where the store goes, `port` where the service listens. */
export function demoConfig(
  sims: Sims,
  credentials: Credentials,
  folder: string,
  port: number,
  locale: Config['locale'] = 'zh-CN',
): Config {
  const file = named({ locale, ...content(sims, credentials, folder, port) }, locale)
  const loaded = parseConfig(stringify(file), {})
  if (loaded.ok) return loaded.config
  const faults = loaded.faults.map((fault) => faultText('the demo', fault))
  throw new Error(`the configuration of the demo is wrong: ${faults.join('; ')}`)
}

function content(
  { thingboot, telegram, dingtalk, wecom }: Sims,
  credentials: Credentials,
  folder: string,
  port: number,
) {
  return {
    timezone: 'Asia/Shanghai',
    server: { host: '127.0.0.1', port, publicUrl: `http://127.0.0.1:${port}` },
    store: `sqlite:${folder}/breakerbot.db`,
    thingboot: {
      ...credentials.thingboot,
      baseUrl: thingboot.url,
      pushToken: credentials.pushToken,
      reconcileEvery: '30s',
    },
    // So that nobody who tries it out has to wait.
    closing: {
      coolDown: '0s',
      coolDownHot: '10s',
      betweenCloses: '2s',
      voltageStable: '10s',
      inrush: '1s',
      reclaim: '6s',
    },
    offline: { grace: '5s', siteGrace: '3s', cloudGrace: '20s' },
    // A site has three circuits: all of them must be enough for a card that incidents share.
    storm: { more: 1, within: '3s' },
    channels: {
      // Whoever tries it clicks faster than a group lives.
      telegram: { ...credentials.telegram, apiRoot: telegram.url, perMinute: 600 },
      dingtalk: { ...credentials.dingtalk, apiBase: dingtalk.url, oapiBase: dingtalk.url, perMinute: 600 },
      wecom: {
        ...{ ...credentials.wecom, wsUrl: wecom.wsUrl, perMinute: 600 },
        groupRobot: { baseUrl: wecom.url },
      },
    },
    tariffs: {
      farm: {
        ...{ currency: 'CNY', peak: 1.05, flat: 0.62, valley: 0.32 },
        times: { peak: ['08:00-11:00', '17:00-22:00'], valley: ['23:00-07:00'] },
      },
    },
    tariff: 'farm',
    reports: [
      { room: ROOM.name, every: 'day', at: '07:30' },
      { room: ROOM.name, every: 'week', at: '07:40' },
    ],
    rooms: [{ ...ROOM, wecomGroupRobot: credentials.wecomGroupRobot }],
    people: PLAYERS.filter(({ role }) => role !== 'stranger').map(
      ({ key: _, greeted: __, ...person }) => person,
    ),
    breakers: BREAKERS.map(({ circuits, ...breaker }) => ({
      ...{ ...breaker, room: ROOM.name },
      ...(circuits.length > 1 && {
        circuits: Object.fromEntries(circuits.map(({ key, name }) => [key, name])),
      }),
    })),
  }
}
