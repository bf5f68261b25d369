import { DAY, momentOf, type Zones, zoneOf } from './local-time.ts'
import { dateTime, type Message, message } from './message.ts'

const WEEK = 7 * DAY
/** Weeks are counted from this Monday on, so that nobody's turn depends on when the service was started. */
const FIRST_MONDAY = Date.UTC(1970, 0, 5)

/** Whose turn it is to look after a room, a week each. */
export interface Duty {
  room: string
  /** Names of people, in order. */
  rota: string[]
  handover: WeeklyTime
}

/** A time of the week by the local clock. */
export interface WeeklyTime {
  /** 0 is Monday. */
  weekday: number
  hour: number
  minute: number
}

/** Somebody takes over a room's duty for a time: that one is on duty then, and nobody else. */
export interface Cover {
  room: string
  person: string
  /** ms; `until` is past it. */
  from: number
  until: number
  /** Who said so. */
  by: string
}

/** All rotas, and the zones that their hand-overs go by. */
export interface Rotas extends Zones {
  duty?: Duty[]
  covers?: Cover[]
}

const coversAt = ({ covers = [] }: Rotas, room: string, at: number): Cover[] =>
  covers.filter((one) => one.room === room && one.from <= at && at < one.until)

/** One turn of a rota; `from` and `until` in ms since 1970. */
export interface Turn {
  person: string
  from: number
  until: number
  next: string
}

/**
 * The week that a moment lies in, where weeks begin when the local clock first shows a time. Where that time is skipped
 * by summer time, as late after midnight as it would have been.
 */
export function weekAt(
  { weekday, hour, minute }: WeeklyTime,
  at: number,
  timezone: string,
): { week: number; from: number; until: number } {
  const first = FIRST_MONDAY + weekday * DAY + (hour * 60 + minute) * 60_000
  const begins = (week: number) => momentOf(first + week * WEEK, timezone)
  // No zone is further than a day from UTC.
  let week = Math.floor((at - first) / WEEK) + 1
  while (begins(week) > at) week--
  return { week, from: begins(week), until: begins(week + 1) }
}

/** Whose turn it is at a moment; undefined for an empty rota. Turns change with the week of the hand-over. */
export function turnAt({ rota, handover }: Duty, at: number, timezone: string): Turn | undefined {
  const { week, from, until } = weekAt(handover, at, timezone)
  const personIn = (one: number) => rota[((one % rota.length) + rota.length) % rota.length]
  const [person, next] = [personIn(week), personIn(week + 1)]
  return person === undefined || next === undefined ? undefined : { person, next, from, until }
}

/** The names of those on duty in a room. */
export function onDuty(rotas: Rotas, room: string, at: number): string[] {
  const covering = coversAt(rotas, room, at).map((one) => one.person)
  return [...new Set(covering.length > 0 ? covering : turnsAt(rotas, room, at).map((one) => one.person))]
}

const turnsAt = (rotas: Rotas, room: string, at: number): Turn[] =>
  (rotas.duty ?? [])
    .filter((one) => one.room === room)
    .flatMap((one) => turnAt(one, at, zoneOf(rotas, room)) ?? [])

/** `值班`: who is on duty, until when, and who is next. */
export function dutyLines(rotas: Rotas, rooms: readonly string[], at: number): Message[] {
  return rooms.flatMap((room) => {
    const turns = turnsAt(rotas, room, at).map((turn) => lineOf(room, turn))
    const covers = (rotas.covers ?? []).filter((one) => one.room === room && one.until > at)
    const lines = [...covers.map((one) => coverLine(one, at)), ...turns]
    return lines.length > 0 ? lines : [message('duty.none', { room })]
  })
}

function coverLine({ room, person, from, until, by }: Cover, at: number): Message {
  const values = { room, person, by, from: dateTime(from), until: dateTime(until) }
  return message(from > at ? 'duty.cover-later' : 'duty.cover', values)
}

function lineOf(room: string, { person, until, next }: Turn): Message {
  return next === person
    ? message('duty.always', { room, person })
    : message('duty.line', { room, person, until: dateTime(until), next })
}
