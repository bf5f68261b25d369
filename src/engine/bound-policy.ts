import type { ChannelName } from '../domain/people.ts'
import type { Policy, Room } from '../domain/policy.ts'
import type { BindTarget } from './bind-codes.ts'

/** An id of a platform that was bound in the chat, by a code, to a room or a person of the configuration. */
export interface Binding extends BindTarget {
  channel: ChannelName
  /** The chat's id, or the person's. */
  id: string
  /** Who did it: a person's name, or `channel:id` of somebody who was not listed. */
  by: string
  /** ms since 1970. */
  at: number
}

export const bindingKey = ({ kind, name, channel }: Pick<Binding, 'kind' | 'name' | 'channel'>): string =>
  `binding/${kind}:${name}:${channel}`

/** Why a file has no use for a binding: does not know the name, gives the name an id itself, gives the id away itself. */
export type WhyStale = 'name-not-in-file' | 'name-has-id-in-file' | 'id-in-file'

/**
 * Lays bindings over what the file says. The file wins: a stale binding does not count. Of two bindings for one id the
 * older one counts.
 */
export function withBindings(file: Policy, bindings: readonly Binding[]): Policy {
  if (bindings.length === 0) return file
  const rooms = new Map(file.rooms.map((one) => [one.name, one]))
  const people = new Map(file.people.map((one) => [one.name, one]))
  const whyStale = staleIn(file)
  const bound = new Set<string>()
  for (const binding of bindings) {
    const { kind, name, channel, id } = binding
    if (whyStale(binding) || bound.has(idKey(binding))) continue
    bound.add(idKey(binding))
    const room = kind === 'room' && rooms.get(name)
    const person = kind === 'person' && people.get(name)
    if (room) rooms.set(name, { ...room, chats: [...room.chats, { channel, chat: id }] })
    if (person) people.set(name, { ...person, ids: { ...person.ids, [channel]: id } })
  }
  return { ...file, rooms: [...rooms.values()], people: [...people.values()] }
}

/** Tells of any binding why a file has no use for it; undefined where it has. */
export function staleIn(file: Policy): (binding: Binding) => WhyStale | undefined {
  const filed = idsIn(file)
  const names = new Set(targetsOf(file).map(nameKey))
  const [named, ids] = [new Set(filed.map(bindingKey)), new Set(filed.map(idKey))]
  return (binding) => {
    if (!names.has(nameKey(binding))) return 'name-not-in-file'
    if (named.has(bindingKey(binding))) return 'name-has-id-in-file'
    return ids.has(idKey(binding)) ? 'id-in-file' : undefined
  }
}

type Given = Pick<Binding, 'kind' | 'name' | 'channel' | 'id'>

function idsIn({ rooms, people }: Policy): Given[] {
  return [
    ...rooms.flatMap(({ name, chats }) =>
      chats.map(({ channel, chat }): Given => ({ kind: 'room', name, channel, id: chat })),
    ),
    ...people.flatMap(({ name, ids }) =>
      Object.entries(ids).map(
        ([channel, id]): Given => ({ kind: 'person', name, channel: channel as ChannelName, id }),
      ),
    ),
  ]
}

const nameKey = ({ kind, name }: BindTarget) => `${kind}:${name}`
const idKey = ({ kind, channel, id }: Given) => `${kind}:${channel}:${id}`

/** A room's chat on a platform. */
export function chatOf(room: Room | undefined, channel: ChannelName): string | undefined {
  return room?.chats.find((one) => one.channel === channel)?.chat
}

/** The id that a policy gives a room or person on a platform. */
export function idOf(policy: Policy, { kind, name }: BindTarget, channel: ChannelName): string | undefined {
  return kind === 'room'
    ? chatOf(
        policy.rooms.find((one) => one.name === name),
        channel,
      )
    : policy.people.find((one) => one.name === name)?.ids[channel]
}

/** Everything that a code may be for. */
export function targetsOf({
  rooms,
  people,
}: Record<'rooms' | 'people', readonly { name: string }[]>): BindTarget[] {
  return [
    ...rooms.map(({ name }): BindTarget => ({ kind: 'room', name })),
    ...people.map(({ name }): BindTarget => ({ kind: 'person', name })),
  ]
}
