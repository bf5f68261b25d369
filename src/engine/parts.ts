import type { ChannelName, ChatChannel, Log } from '../channels/channel.ts'
import type { Way, WayName } from '../channels/way.ts'
import type { Alarm } from '../domain/alarm.ts'
import type { BreakerState } from '../domain/breaker.ts'
import type { Locale } from '../domain/card-text.ts'
import type { GroupRun } from '../domain/group-run.ts'
import type { Incident } from '../domain/incident.ts'
import { zoneOf } from '../domain/local-time.ts'
import type { Person } from '../domain/people.ts'
import type { BreakerConfig, ChatRef, Policy, Room } from '../domain/policy.ts'
import type { Painter } from '../pictures/painter.ts'
import type { Store, Versioned } from '../store/store.ts'
import type { Tokens } from '../text/tokens.ts'
import { type Translate, translator } from '../text/translate.ts'
import type { ThingbootClient } from '../thingboot/client.ts'
import type { Tracing } from '../tracing/trace.ts'
import type { EnergyLinks } from './energy-links.ts'
import type { Metrics } from './metrics.ts'

/** A chat platform to send through; that it is connected is the work of `connections.ts`. */
export type Channel = Omit<ChatChannel, 'start' | 'stop'>

/** What the engine works with. `app.ts` puts it together. */
export interface Parts {
  store: Store
  /** The present one: another takes its place as a whole, so it is read anew after each wait. */
  readonly policy: Policy
  channels: ReadonlyMap<ChannelName, Channel>
  cloud: ThingbootClient
  /** The ways to people and other systems that are configured. */
  ways: ReadonlyMap<WayName, Pick<Way, 'send'>>
  /** Absent: charts are sent as text. */
  painter?: Pick<Painter, 'paint'>
  /** What stands on the buttons of cards. */
  tokens: Tokens
  log: Log
  metrics: Metrics
  /** Absent: nobody collects traces. */
  tracing?: Tracing
  /** Addresses of tables of energy; absent: there are none. */
  links?: EnergyLinks
  /** ms since 1970. */
  now: () => number
  /** 12 random letters and digits. */
  newId: () => string
}

/** The policy, with its parts found quickly. Fleets have thousands of breakers. */
export interface Lookup {
  breaker(id: string): BreakerConfig | undefined
  room(name: string): Room | undefined
  roomOfChat(chat: ChatRef): Room | undefined
  /** The chat as configured: a topic of a Telegram group (`<id>/<topic>`) belongs to the room of its group. */
  configured(chat: ChatRef): ChatRef
  breakersIn(room: string): BreakerConfig[]
  person(channel: ChannelName, sender: string): Person | undefined
  locale(chat: ChatRef): Locale
  /** The time zone of a room. */
  zone(room: string): string
  /** The zone whose clock a chat is told times by. */
  timezone(chat: ChatRef): string
  /** Puts texts into the language of a chat. */
  translatorFor(chat: ChatRef): Translate
}

/** Looks things up in the policy as it is at that moment. */
export function createLookup(parts: Pick<Parts, 'policy'>): Lookup {
  let of: Policy | undefined
  let tables: Lookup
  const present = (): Lookup => {
    if (of !== parts.policy) {
      of = parts.policy
      tables = lookupIn(of)
    }
    return tables
  }
  return {
    breaker: (id) => present().breaker(id),
    room: (name) => present().room(name),
    roomOfChat: (chat) => present().roomOfChat(chat),
    configured: (chat) => present().configured(chat),
    breakersIn: (room) => present().breakersIn(room),
    person: (channel, sender) => present().person(channel, sender),
    locale: (chat) => present().locale(chat),
    zone: (room) => present().zone(room),
    timezone: (chat) => present().timezone(chat),
    translatorFor: (chat) => present().translatorFor(chat),
  }
}

function lookupIn(policy: Policy): Lookup {
  const breakers = new Map(policy.breakers.map((one) => [one.id, one]))
  const rooms = new Map(policy.rooms.map((one) => [one.name, one]))
  const chats = new Map(policy.rooms.flatMap((room) => room.chats.map((chat) => [chatKey(chat), room])))
  const byRoom = Map.groupBy(policy.breakers, (one) => one.room)
  const people = new Map(
    policy.people.flatMap((person) =>
      Object.entries(person.ids).map(([channel, id]) => [`${channel}:${id}`, person]),
    ),
  )
  const configured = (chat: ChatRef): ChatRef => {
    const group = { ...chat, chat: chat.chat.split('/')[0]! }
    return !chats.has(chatKey(chat)) && chats.has(chatKey(group)) ? group : chat
  }
  const roomOfChat = (chat: ChatRef) => chats.get(chatKey(configured(chat)))
  const timezone = (chat: ChatRef) => roomOfChat(chat)?.timezone ?? policy.timezone
  const locale = (chat: ChatRef) => roomOfChat(chat)?.locale ?? policy.locale
  return {
    configured,
    breaker: (id) => breakers.get(id),
    room: (name) => rooms.get(name),
    roomOfChat,
    breakersIn: (room) => byRoom.get(room) ?? [],
    person: (channel, sender) => people.get(`${channel}:${sender}`),
    locale,
    timezone,
    zone: (room) => zoneOf(policy, room),
    translatorFor: (chat) => translator(locale(chat), timezone(chat)),
  }
}

export const chatKey = (chat: ChatRef): string => `${chat.channel}:${chat.chat}`

export const breakerKey = (id: string): string => `breaker/${id}`
export const incidentKey = (id: string): string => `incident/${id}`
export const alarmKey = (id: string): string => `alarm/${id}`
export const siteKey = ({ room, site }: { room: string; site: string }): string => `site/${room}:${site}`
/** What is known of the cloud itself. */
export const CLOUD = 'cloud/pulse'
export const runKey = (id: string): string => `run/${id}`

/** What the audit calls a room as a whole, for what is done to groups of its breakers. */
export const roomSubject = (room: string): string => `room:${room}`

export function getBreaker(store: Store, id: string): Promise<Versioned<BreakerState> | undefined> {
  return store.get<BreakerState>(breakerKey(id))
}

export function getIncident(store: Store, id: string): Promise<Versioned<Incident> | undefined> {
  return store.get<Incident>(incidentKey(id))
}

export function getAlarm(store: Store, id: string): Promise<Versioned<Alarm> | undefined> {
  return store.get<Alarm>(alarmKey(id))
}

export function getRun(store: Store, id: string): Promise<Versioned<GroupRun> | undefined> {
  return store.get<GroupRun>(runKey(id))
}

/** The group runs that have not ended, newest first. */
export async function standingRuns(store: Store): Promise<GroupRun[]> {
  return (await store.list<GroupRun>({ kind: 'run', open: true, limit: 100 })).map((one) => one.value)
}
