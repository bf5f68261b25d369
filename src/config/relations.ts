import { CHANNELS } from '../domain/people.ts'
import { knownModels } from '../thingboot/profiles.ts'
import { limits, reclosing } from './closing-warnings.ts'
import { findEscalationFaults, findEscalationWarnings } from './escalation-faults.ts'
import type { Finding } from './faults.ts'
import { findMeteringFaults, findMeteringWarnings } from './metering.ts'
import { findNotifyFaults, findNotifyWarnings } from './notify.ts'
import { programs, rolesOfPeople, rotas, samePeople } from './people.ts'
import { findReportFaults, findReportWarnings } from './reports.ts'
import { findRobotFaults, findRobotWarnings } from './robots.ts'
import type { Config } from './schema.ts'
import { findTariffFaults, findTariffWarnings } from './to-tariffs.ts'
import { windowScopes } from './to-windows.ts'
import { isThisMachine } from './values.ts'

/** What is wrong between the parts: names that lead nowhere, things said twice. */
export function findContradictions(config: Config): Finding[] {
  return [
    ...atLeastOneWay(config),
    ...twice(config.rooms, 'rooms', 'name'),
    ...twice(config.people, 'people', 'name'),
    ...twice(config.breakers, 'breakers', 'id'),
    ...twice(config.breakers, 'breakers', 'name'),
    ...CHANNELS.flatMap((channel) => [
      ...twice(config.rooms, 'rooms', channel),
      ...twice(config.people, 'people', channel),
    ]),
    ...roomChats(config),
    ...findRobotFaults(config),
    ...breakerRooms(config),
    ...findMeteringFaults(config),
    ...rolesOfPeople(config),
    ...programs(config),
    ...windowScopes(config),
    ...twice(config.sites, 'sites', 'name'),
    ...findEscalationFaults(config),
    ...dutyRooms(config),
    ...findNotifyFaults(config),
    ...findTariffFaults(config),
    ...findReportFaults(config),
  ]
}

function atLeastOneWay({ channels, thingboot }: Config): Finding[] {
  const found: Finding[] = []
  if (CHANNELS.every((channel) => !channels[channel])) {
    found.push({ path: ['channels'], problem: `needs at least one of ${CHANNELS.join(', ')}` })
  }
  if (!thingboot.pushToken && !thingboot.mqtt) {
    found.push({
      path: ['thingboot', 'pushToken'],
      problem: 'is missing: pushes come by HTTP (pushToken) or by mqtt; set one',
    })
  }
  if (channels.telegram?.mode === 'webhook' && !channels.telegram.webhookUrl) {
    found.push({
      path: ['channels', 'telegram', 'webhookUrl'],
      problem: 'is missing: mode webhook needs the public https address of this server',
    })
  }
  return found
}

function twice<T extends object>(list: T[], name: string, key: keyof T & string): Finding[] {
  const seen = new Map<unknown, number>()
  return list.flatMap((one, index) => {
    const value = one[key]
    if (value === undefined) return []
    const first = seen.get(value)
    if (first === undefined) {
      seen.set(value, index)
      return []
    }
    return [
      {
        path: [name, index, key],
        problem: `«${String(value)}» is already at ${name}[${first}].${key}; each may stand once`,
      },
    ]
  })
}

function roomChats(config: Config): Finding[] {
  return config.rooms.flatMap((room, index) => {
    const used = CHANNELS.filter((channel) => room[channel] !== undefined)
    const missing = used.filter((channel) => !config.channels[channel])
    return missing.map((channel) => ({
      path: ['rooms', index, channel],
      problem: `names a ${channel} chat, but channels.${channel} is not configured`,
    }))
  })
}

function breakerRooms(config: Config): Finding[] {
  const rooms = config.rooms.map((room) => room.name)
  return config.breakers.flatMap((breaker, index) =>
    rooms.includes(breaker.room)
      ? []
      : [
          {
            path: ['breakers', index, 'room'],
            problem: `there is no room «${breaker.room}»; rooms are: ${rooms.join(', ')}`,
          },
        ],
  )
}

function dutyRooms({ rooms, duty = [] }: Config): Finding[] {
  const names = rooms.map((room) => room.name)
  return duty.flatMap((one, index) =>
    names.includes(one.room)
      ? []
      : [{ path: ['duty', index, 'room'], problem: `there is no room «${one.room}»` }],
  )
}

/** What is right to read but will not do what one may expect: said at `check` and at start. */
export function findWarnings(config: Config): Finding[] {
  const models = knownModels()
  return [
    ...findEscalationWarnings(config),
    ...limits(config),
    ...stores(config),
    ...rotas(config),
    ...samePeople(config),
    ...findRobotWarnings(config),
    ...findNotifyWarnings(config),
    ...findReportWarnings(config),
    ...findMeteringWarnings(config),
    ...findTariffWarnings(config),
    ...config.breakers.flatMap((breaker, index) => [
      ...reclosing(config, breaker, ['breakers', index, 'autoReclose']),
      ...(breaker.model !== undefined && !models.includes(breaker.model)
        ? [
            {
              path: ['breakers', index, 'model'],
              problem: `no profile for «${breaker.model}»: read leniently; known: ${models.join(', ')}`,
            },
          ]
        : []),
      ...(breaker.ratedCurrent === undefined
        ? [
            {
              path: ['breakers', index, 'ratedCurrent'],
              problem: 'is missing: without it no reading can be called near the rating',
            },
          ]
        : []),
    ]),
    ...config.rooms.flatMap((room, index) =>
      CHANNELS.some((channel) => room[channel] !== undefined)
        ? []
        : [
            {
              path: ['rooms', index],
              problem: `has no chat here: run «breakerbot bind --room ${room.name}» and send the code in the group; or send «绑定» or «bind» there, and enter the id that the bot answers`,
            },
          ],
    ),
    ...(config.people.some((person) => person.role === 'admin')
      ? []
      : [{ path: ['people'], problem: 'nobody is an admin: no one is told of unknown devices' }]),
  ]
}

function stores({ store, spool }: Config): Finding[] {
  if (store.startsWith('sqlite:')) {
    const problem = 'is of use with redis:// only: it lies on the same machine as the store'
    return spool ? [{ path: ['spool'], problem }] : []
  }
  const problem =
    'goes readable over the network, with its password and all that is kept: use rediss://, or a network of its own'
  return store.startsWith('redis:') && !isThisMachine(store) ? [{ path: ['store'], problem }] : []
}
