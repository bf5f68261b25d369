import { hash } from 'node:crypto'
import { VOLTAGE_CAUSES } from '../domain/fault-class.ts'
import { CHANNELS, type Person } from '../domain/people.ts'
import type { BreakerConfig, Policy, Room } from '../domain/policy.ts'
import type { Cause } from '../domain/report.ts'
import { type ProductProfile, withUnits } from '../thingboot/profile.ts'
import { profileFor } from '../thingboot/profiles.ts'
import { type Quantity, READING_OF } from '../thingboot/units.ts'
import { toReports } from './reports.ts'
import type { Config } from './schema.ts'
import { toDraw, toUnwatched } from './to-draw.ts'
import { toEscalations } from './to-escalations.ts'
import { tariffOf } from './to-tariffs.ts'
import { toWindows } from './to-windows.ts'

/** The configuration in the form that decisions use. */
export function toPolicy(config: Config): Policy {
  return {
    locale: config.locale,
    timezone: config.timezone,
    actuation: config.actuation,
    rooms: config.rooms.map((room) => toRoom(config, room)),
    people: config.people.map(toPerson),
    programs: config.api.tokens.map(toProgram),
    breakers: config.breakers.map((one) => ({ ...toBreaker(one), ...tariffOf(config, one) })),
    duty: config.duty ?? [],
    ...toEscalations(config),
    closing: config.closing,
    confirmWithin: 60_000,
    feedbackWithin: 10_000,
    groupCloseEvery: config.groupCloseEvery,
    storm: config.storm,
    severity: config.severity,
    windows: toWindows(config),
    ...(config.drill && { drill: config.drill }),
    offline: config.offline,
    draw: toDraw(config),
    pictures: config.energy.pictures,
    tripPictures: config.energy.tripPictures,
    reports: toReports(config),
  }
}

function toRoom(config: Config, room: Config['rooms'][number]): Room {
  return {
    name: room.name,
    locale: room.locale ?? config.locale,
    ...(room.timezone !== undefined && { timezone: room.timezone }),
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
  const { name, role, roles, phone, mail, ways } = person
  return {
    name,
    ...(role && { role }),
    ...(roles && { roles }),
    ids: Object.fromEntries(ids),
    ...(phone !== undefined && { phone }),
    ...(mail !== undefined && { mail }),
    ...(ways && { ways }),
  }
}

/** Only the token's hash is kept. */
function toProgram({ name, role, sites, groups, token, mayClose }: Config['api']['tokens'][number]): Person {
  const isEverywhere = sites.length + groups.length === 0
  return {
    name,
    ...(isEverywhere ? { role } : { roles: [{ role, sites, groups }] }),
    ids: {},
    program: { mayClose, tokenHash: hash('sha256', token) },
  }
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
    ...(breaker.nominalVoltage !== undefined && { nominalVoltage: breaker.nominalVoltage }),
    ...(breaker.phases !== undefined && { phases: breaker.phases }),
    ...(breaker.queryEvery !== undefined && { queryEvery: breaker.queryEvery }),
    ...(breaker.severity && { severity: breaker.severity }),
    ...toAutoReclose(breaker),
    ...toUnwatched(breaker),
  }
}

/** How the values of each breaker are to be read, by id: by its model's profile, and its own units. */
export function profilesOf({ breakers }: Config): Map<string, ProductProfile> {
  return new Map(
    breakers.map(({ id, model, units = {} }) => [id, withUnits(profileFor(model), named(units))]),
  )
}

function named(units: NonNullable<Config['breakers'][number]['units']>): Partial<ProductProfile['units']> {
  const entries = Object.entries(units) as [Quantity, number][]
  return Object.fromEntries(entries.map(([quantity, factor]) => [READING_OF[quantity], factor]))
}

/** Nothing where it is not turned on. */
function toAutoReclose({ autoReclose }: Config['breakers'][number]): Pick<BreakerConfig, 'autoReclose'> {
  if (!autoReclose?.enabled) return {}
  const { causes, deadTime, shots, reclaim, perDay } = autoReclose
  const named = causes.flatMap((cause) => (cause === 'voltage' ? VOLTAGE_CAUSES : [cause as Cause]))
  return { autoReclose: { causes: [...new Set(named)], deadTime, shots, reclaim, perDay } }
}

/** `power2` → `2`; the only circuit of a breaker needs no name. */
function nameOf(key: string): string {
  return key.replace(/^power/, '')
}
