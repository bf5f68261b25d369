import { type Message, message } from './message.ts'
import { PERSONAL_WAYS } from './way.ts'

/** The chat platforms that people press and type on. */
export const CHANNELS = ['telegram', 'dingtalk', 'wecom'] as const
export type ChannelName = (typeof CHANNELS)[number]

export type Role = 'viewer' | 'operator' | 'admin'

/**
 * What a person may do; each needs at least the role it names. Opening is the safe direction, yet still an
 * act.
 */
const NEEDED_ROLE = {
  view: 'viewer',
  acknowledge: 'operator',
  open: 'operator',
  close: 'operator',
  /** The confirming step of a close. */
  confirm: 'operator',
  hold: 'operator',
  unlock: 'admin',
  administer: 'admin',
} as const satisfies Record<string, Role>
export type Right = keyof typeof NEEDED_ROLE

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 }

/** A role that somebody has at some sites or groups only. */
export interface LocalRole {
  role: Role
  sites: string[]
  groups: string[]
}

/** What a program may do at most, by its role: none confirms a close, and none lifts what keeps one from it. */
const PROGRAM_RIGHTS: readonly Right[] = ['view', 'acknowledge', 'open', 'hold']

/** Where a breaker is, as far as roles go by it. */
export interface Place {
  site: string
  groups: string[]
}

/** Somebody listed in the configuration. Membership of a chat grants nothing; only being listed does. */
export interface Person {
  name: string
  /** Everywhere. Absent: there are only the ones of {@link roles}. */
  role?: Role
  roles?: LocalRole[]
  /** The platforms' own sender ids. */
  ids: Partial<Record<ChannelName, string>>
  phone?: string
  mail?: string
  /** How they want to be called, in order; absent: {@link CALLED_BY}, as far as each can reach them. */
  ways?: CallWay[]
  /** It is no person but a program with a token. `mayClose`: it may ask for closes, which a person confirms. */
  program?: { mayClose: boolean; tokenHash: string }
}

/** Ways to call one person, in the order in which they are tried. `chat`: one-to-one by the bot. */
export const CALLED_BY = [...PERSONAL_WAYS, 'chat'] as const
export type CallWay = (typeof CALLED_BY)[number]

/** Who asked for something, as kept in state and audit. */
export interface Actor {
  person: string
  /** Absent for {@link AUTOMATIC}. */
  channel?: ChannelName
  /** Where no chat was used: a person by the console, or a program by the API. */
  via?: Via
  automatic?: true
}

/** By what, where by no chat. */
export const VIAS = ['console', 'api'] as const
export type Via = (typeof VIAS)[number]

/** Automatic reclosing, where a person would stand. */
export const AUTOMATIC: Actor = { person: 'automatic', automatic: true }

/** The actor's name, for texts. */
export const called = ({ person, automatic }: Actor): string | Message =>
  automatic ? message('actor.automatic') : person

/** A line of the story of what somebody did by which chat. */
export function storyLine(
  key: 'story.acknowledged' | 'story.unacknowledged' | 'story.asked' | 'story.confirmed',
  { person, channel = 'telegram', via }: Actor,
): Message {
  return message(key, { person, channel: message(`channel.${via ?? channel}`) })
}

/** The listed person behind a platform's sender id, if any. */
export function personOf(
  people: readonly Person[],
  channel: ChannelName,
  senderId: string,
): Person | undefined {
  return people.find((person) => person.ids[channel] === senderId)
}

/** Who asks for something, as it can be told who it is. */
export interface Asking {
  /** Absent for a program. */
  channel?: ChannelName
  /** The platform's own id of the one who asks; of a program its name. */
  sender: string
  /** The platform could not say who it was. */
  anonymous: boolean
}

/** The listed person, or the program, who asks for something. */
export function askerOf(
  { people, programs = [] }: { people: readonly Person[]; programs?: readonly Person[] },
  { channel, sender, anonymous }: Asking,
): Person | undefined {
  if (anonymous) return undefined
  return channel ? personOf(people, channel, sender) : programs.find((one) => one.name === sender)
}

/** The person or program who asked for something before, as configured now. */
export function actorIn(
  { people, programs = [] }: Parameters<typeof askerOf>[0],
  actor: Actor,
): Person | undefined {
  return (actor.via === 'api' ? programs : people).find((one) => one.name === actor.person)
}

/** What the audit calls somebody who is not listed. */
export const nameless = ({ channel, sender }: Asking): string => `${channel ?? 'program'}:${sender}`

/** May this person do it at this place; without a place: anywhere. */
export function may(person: Person | undefined, right: Right, place?: Place): boolean {
  if (person?.program && !mayBeAProgram(person.program, right)) return false
  const role = person && roleAt(person, place)
  return role !== undefined && RANK[role] >= RANK[NEEDED_ROLE[right]]
}

const mayBeAProgram = ({ mayClose }: NonNullable<Person['program']>, right: Right): boolean =>
  PROGRAM_RIGHTS.includes(right) || (right === 'close' && mayClose)

/** May this person do what concerns all sites at once: a role at some of them is not enough. */
export function mayEverywhere({ roles: _, ...person }: Person, right: Right): boolean {
  return may(person, right)
}

/** The highest role that somebody has at a place, or without one anywhere. */
export function roleAt({ role, roles = [] }: Person, place?: Place): Role | undefined {
  const here = roles.filter((one) => !place || isAt(one, place)).map((one) => one.role)
  return [...(role ? [role] : []), ...here].sort((a, b) => RANK[b] - RANK[a])[0]
}

const isAt = ({ sites, groups }: LocalRole, place: Place): boolean =>
  sites.includes(place.site) || groups.some((group) => place.groups.includes(group))
