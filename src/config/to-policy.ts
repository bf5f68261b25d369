import type { ChannelName, Person } from '../domain/people.ts'
import type { BreakerConfig, Policy, Room } from '../domain/policy.ts'
import { profileFor } from '../thingboot/profiles.ts'
import type { Config } from './schema.ts'

const CHANNELS: readonly ChannelName[] = ['telegram', 'dingtalk', 'wecom']

/** The configuration in the form that decisions use. */
export function toPolicy(config: Config): Policy {
  return {
    locale: config.locale,
    timezone: config.timezone,
    actuation: config.actuation,
    rooms: config.rooms.map((room) => toRoom(config, room)),
    people: config.people.map(toPerson),
    breakers: config.breakers.map(toBreaker),
    confirmWithin: 60_000,
    feedbackWithin: 10_000,
    groupCloseEvery: config.groupCloseEvery,
  }
}

function toRoom(config: Config, room: Config['rooms'][number]): Room {
  return {
    name: room.name,
    locale: room.locale ?? config.locale,
    chats: CHANNELS.flatMap((channel) => {
      const chat = room[channel]
      return chat === undefined ? [] : [{ channel, chat }]
    }),
  }
}

function toPerson(person: Config['people'][number]): Person {
  const ids = CHANNELS.flatMap((channel) =>
    person[channel] === undefined ? [] : [[channel, person[channel]]],
  )
  return { name: person.name, role: person.role, ids: Object.fromEntries(ids) }
}

function toBreaker(breaker: Config['breakers'][number]): BreakerConfig {
  const profile = profileFor(breaker.model)
  const circuits = breaker.circuits ?? Object.fromEntries(profile.circuits.map((key) => [key, nameOf(key)]))
  return {
    id: breaker.id,
    name: breaker.name,
    site: breaker.site,
    room: breaker.room,
    circuits,
    groups: breaker.groups,
    remoteClose: profile.remoteClose,
    ...(breaker.reportEvery !== undefined && { reportEvery: breaker.reportEvery }),
    ...(breaker.ratedCurrent !== undefined && { ratedCurrent: breaker.ratedCurrent }),
  }
}

/** `power2` → `2`; the only circuit of a breaker needs no name. */
function nameOf(key: string): string {
  return key.replace(/^power/, '')
}
