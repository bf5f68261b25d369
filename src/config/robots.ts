import { ROBOT_URL } from './channels.ts'
import type { Finding } from './faults.ts'
import type { Config } from './schema.ts'

/** The group robots of WeCom by the chat of their group. The keys are secrets. */
export interface GroupRobots {
  baseUrl: string
  keys: Map<string, string>
}

/** A robot posts into one group: a room's own into the room's, the channel's into that of the only room there is. */
export function groupRobots({ rooms, channels }: Pick<Config, 'channels' | 'rooms'>): GroupRobots {
  const only = onlyWecomRoom(rooms)
  const { key: common, baseUrl = ROBOT_URL } = channels.wecom?.groupRobot ?? {}
  const keys = rooms.flatMap((room): [string, string][] => {
    const key = room.wecomGroupRobot ?? (room === only ? common : undefined)
    return room.wecom === undefined || key === undefined ? [] : [[room.wecom, key]]
  })
  return { baseUrl, keys: new Map(keys) }
}

function onlyWecomRoom(rooms: Config['rooms']) {
  const [first, ...others] = rooms.filter((room) => room.wecom !== undefined)
  return others.length === 0 ? first : undefined
}

/** Keys without a group, or in two. No key is told. */
export function findRobotFaults({ rooms }: Config): Finding[] {
  return rooms.flatMap((room, index) => {
    const { wecom, wecomGroupRobot: key } = room
    if (key === undefined) return []
    const path = ['rooms', index, 'wecomGroupRobot']
    if (wecom === undefined) {
      return [{ path, problem: 'needs wecom beside it: the id of the group that the robot is in' }]
    }
    const first = rooms.findIndex((other) => other.wecomGroupRobot === key)
    if (first === index) return []
    return [{ path, problem: `is the key of rooms[${first}], too: a robot posts into one group only` }]
  })
}

/** A key that is used for no room. */
export function findRobotWarnings({ rooms, channels }: Config): Finding[] {
  if (channels.wecom?.groupRobot?.key === undefined) return []
  const path = ['channels', 'wecom', 'groupRobot', 'key']
  const only = onlyWecomRoom(rooms)
  if (!only) {
    const problem =
      'is not used: a robot posts into the one group that it was added to, and it is not known which room has it; put the key at wecomGroupRobot of that room'
    return [{ path, problem }]
  }
  return only.wecomGroupRobot === undefined
    ? []
    : [{ path, problem: `is not used: the room «${only.name}» names a robot of its own` }]
}
