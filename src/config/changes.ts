import { isDeepStrictEqual } from 'node:util'
import { groupRobots } from './robots.ts'
import type { Config } from './schema.ts'

/** What is set up at the start and not again. */
const AT_START = ['server', 'console', 'store', 'spool', 'notify', 'heartbeat', 'tracing'] as const

/** The keys whose change a running service cannot take: connections, and what they log in with. */
export function needRestart(running: Config, next: Config): string[] {
  return [
    ...AT_START.filter((key) => !isDeepStrictEqual(running[key], next[key])),
    ...(isDeepStrictEqual(running.energy.keep, next.energy.keep) ? [] : ['energy.keep']),
    ...changed('thingboot', running.thingboot, next.thingboot),
    ...changed('channels', running.channels, next.channels),
    // Also where a room has got another group: the robot still posts into the one before.
    ...(isDeepStrictEqual(groupRobots(running).keys, groupRobots(next).keys)
      ? []
      : ['rooms[].wecomGroupRobot']),
  ]
}

function changed<T extends object>(name: string, before: T, after: T): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof T & string)[]
  return keys.filter((key) => !isDeepStrictEqual(before[key], after[key])).map((key) => `${name}.${key}`)
}
