import type { ChannelName } from '../domain/people.ts'
import type { Policy, Room } from '../domain/policy.ts'
import type { Store, Versioned } from '../store/store.ts'
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

/** What was bound in chats, laid over what the configuration says. Kept in the store; all instances are told. */
export interface Bindings {
  /** The configuration with the bindings; the same object until one of the two changes. */
  readonly policy: Policy
  /** The configuration alone. */
  readonly file: Policy
  /** Takes another configuration. */
  adopt(file: Policy): void
  /** Learns what is in the store. */
  load(): Promise<void>
  /** Hears of changes by other instances; answers with what ends it. */
  hear(): () => void
  /** One has been written: learns it, and tells the other instances. */
  changed(): Promise<void>
}

const TOPIC = 'bindings'
/** A word may be missed: how often the store is asked as well, ms. */
const LOOK_EVERY = 60_000

export const bindingKey = ({ kind, name, channel }: Pick<Binding, 'kind' | 'name' | 'channel'>): string =>
  `binding/${kind}:${name}:${channel}`

/** All bindings, oldest first. */
export async function listBindings(store: Pick<Store, 'list'>): Promise<Versioned<Binding>[]> {
  return (await store.list<Binding>({ kind: 'binding', limit: 10_000 })).toReversed()
}

export function createBindings(store: Store, configured: Policy): Bindings {
  let file = configured
  let known: Binding[] = []
  let policy = file
  const bindings: Bindings = {
    get policy() {
      return policy
    },
    get file() {
      return file
    },
    adopt(next) {
      file = next
      policy = withBindings(file, known)
    },
    async load() {
      const found = (await listBindings(store)).map((one) => one.value)
      if (JSON.stringify(found) === JSON.stringify(known)) return
      known = found
      policy = withBindings(file, known)
    },
    hear() {
      const look = () => bindings.load().catch(() => {})
      const deafen = store.hear(TOPIC, look)
      const looking = setInterval(look, LOOK_EVERY)
      return () => {
        clearInterval(looking)
        deafen()
      }
    },
    async changed() {
      await bindings.load()
      store.broadcast(TOPIC, {})
    },
  }
  return bindings
}

/**
 * Lays bindings over what the file says. The file wins: a room or person that it gives an id on a platform keeps that
 * one, and an id that it names somewhere is bound nowhere else. Of two bindings for one id the older one counts.
 */
export function withBindings(file: Policy, bindings: readonly Binding[]): Policy {
  if (bindings.length === 0) return file
  const rooms = new Map(file.rooms.map((one) => [one.name, one]))
  const people = new Map(file.people.map((one) => [one.name, one]))
  const taken = new Set([
    ...file.rooms.flatMap(({ chats }) => chats.map((one) => idKey('room', one.channel, one.chat))),
    ...file.people.flatMap(({ ids }) =>
      Object.entries(ids).map(([channel, id]) => idKey('person', channel, id)),
    ),
  ])
  for (const binding of bindings) {
    const { kind, name, channel, id } = binding
    const key = idKey(kind, channel, id)
    const room = kind === 'room' && rooms.get(name)
    const person = kind === 'person' && people.get(name)
    if (taken.has(key)) continue
    if (room && !chatOf(room, channel))
      rooms.set(name, { ...room, chats: [...room.chats, { channel, chat: id }] })
    else if (person && !person.ids[channel])
      people.set(name, { ...person, ids: { ...person.ids, [channel]: id } })
    else continue
    taken.add(key)
  }
  return { ...file, rooms: [...rooms.values()], people: [...people.values()] }
}

const idKey = (kind: BindTarget['kind'], channel: string, id: string) => `${kind}:${channel}:${id}`

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
