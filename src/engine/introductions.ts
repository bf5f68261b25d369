import type { TextInput } from '../channels/channel.ts'
import { type Message, message } from '../domain/message.ts'
import { type Person, type Role, roleAt } from '../domain/people.ts'
import type { Place } from './place.ts'

/** `我是谁`: the sender's id, what the roles are and what they allow here, or what an admin has to enter. */
export function whoami({ sender }: TextInput, place: Place): Message[] {
  if (sender.anonymous) return [message('whoami.anonymous')]
  const channel = message(`channel.${place.channel}`)
  if (!place.person)
    return [message('whoami.stranger', { channel, id: sender.id }), peopleLine(undefined, place, sender.id)]
  const known = { name: place.person.name, role: rolesOf(place.person), channel, id: sender.id }
  return [message('whoami.known', known), message(`whoami.here-${roleHere(place) ?? 'none'}`)]
}

/** `绑定`: which chat this is, whose, and the lines of the configuration that say so. */
export function whereami({ chat: id, group, sender }: TextInput, place: Place): Message[] {
  const { room, person } = place
  const channel = message(`channel.${place.channel}`)
  const where = room
    ? message('bind.known', { room: room.name, channel, id })
    : message('bind.unknown', { channel, id })
  const ofRoom = group || room ? [where, roomsLine(room?.name, place, id)] : [message('bind.direct')]
  const ofSender = person || sender.anonymous ? [] : [peopleLine(undefined, place, sender.id)]
  return [...ofRoom, ...ofSender, ...(room && person ? [] : [message('bind.by-code')])]
}

/** The line for `rooms`. On one line, for chats take indentation and a leading dash for mark-up. */
export function roomsLine(
  room: string | undefined,
  { channel }: Pick<Place, 'channel'>,
  id: string,
): Message {
  return message('bind.rooms', { line: `- { name: ${quoted(room)}, ${channel}: ${idText(id)} }` })
}

/** The line for `people`; for somebody unknown the role that can do least. */
export function peopleLine(
  person: Person | undefined,
  { channel }: Pick<Place, 'channel'>,
  id: string,
): Message {
  const role = person ? person.role && `role: ${person.role}, ` : 'role: viewer, '
  return message('bind.people', {
    line: `- { name: ${quoted(person?.name)}, ${role ?? ''}${channel}: ${idText(id)} }`,
  })
}

/** JSON's quotes are YAML's too, so that no name is read as anything else. */
const quoted = (text: string | undefined): string => (text === undefined ? '…' : JSON.stringify(text))
/** The reader of the configuration leaves ids of digits as they are written. */
const idText = (id: string): string => (/^-?\d+$/.test(id) ? id : JSON.stringify(id))

export function rolesOf({ role, roles = [] }: Person): Message[] {
  return [
    ...(role ? [message(`role.${role}`)] : []),
    ...roles.map((one) =>
      message('role.at', {
        role: message(`role.${one.role}`),
        places: [...one.sites, ...one.groups].join(' / '),
      }),
    ),
  ]
}

/** The highest that somebody has over any breaker that can be spoken of here. */
function roleHere({ person, breakers }: Place): Role | undefined {
  const roles = person ? breakers.map((one) => roleAt(person, one)) : []
  return (['admin', 'operator', 'viewer'] as const).find((one) => roles.includes(one))
}
