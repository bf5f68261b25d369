import { type Message, message } from '../domain/message.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { AuditEntry, Job, NewJob, Store } from '../store/store.ts'
import { chatKey, type Lookup, type Parts } from './parts.ts'
import type { SendWork } from './work.ts'

/** What is known of a chat that messages did not get to. Of most chats there is nothing. */
export interface ChatState {
  /** It takes nothing now. */
  broken?: Broken
  /** When the room was last told that it is broken, ms. */
  toldAt?: number
  /** Alarms made up to then that it had not taken have been told elsewhere, ms. */
  passedOn?: number
  /** Alarms that it refused for good, or that were given up, still to be told elsewhere. */
  refused?: RefusedAlarm[]
  /** Texts that came to their turn too late to be sent, and when the first of them was made, ms. */
  late?: { count: number; since: number }
}

export interface Broken {
  /** ms. */
  since: number
  why: string
  /** The room knows. */
  isTold: boolean
}

export interface RefusedAlarm extends Pick<Job, 'id' | 'createdAt'> {
  work: SendWork
  why: string
  /** It was given up, and may be there. */
  isUnsure?: true
}

export interface ChatChange {
  state: ChatState
  jobs?: NewJob[]
  audit?: AuditEntry[]
  /** The job that ends with the change. */
  done?: string
}

export async function getChat(store: Store, chat: ChatRef): Promise<ChatState> {
  return (await store.get<ChatState>(chatStateKey(chat)))?.value ?? {}
}

/**
 * Changes what is known of a chat, and decides again where another was faster.
 * @param decide what it is to become; undefined: it stays
 */
export async function changeChat(
  { store, now }: Pick<Parts, 'store' | 'now'>,
  chat: ChatRef,
  decide: (state: ChatState) => Promise<ChatChange | undefined> | ChatChange | undefined,
): Promise<void> {
  const key = chatStateKey(chat)
  for (;;) {
    const known = await store.get<ChatState>(key)
    const change = await decide(known?.value ?? {})
    if (!change) return
    const { state: value, ...rest } = change
    const index = { at: now(), open: value.broken !== undefined }
    const write = { key, value, version: known?.version ?? 0, index }
    if ((await store.commit({ writes: [write], ...rest })) === 'ok') return
  }
}

const chatStateKey = (chat: ChatRef): string => `chat/${chatKey(chat)}`

/** The other chats of its room that work: where to tell what it does not take. */
export async function othersOf(
  { store }: Pick<Parts, 'store'>,
  lookup: Lookup,
  chat: ChatRef,
): Promise<ChatRef[]> {
  const here = chatKey(lookup.configured(chat))
  const others = (lookup.roomOfChat(chat)?.chats ?? []).filter((one) => chatKey(one) !== here)
  const states = await Promise.all(others.map((one) => getChat(store, one)))
  return others.filter((_, index) => !states[index]?.broken)
}

/** What people call a chat: in its room the platform is enough, mostly. */
export function chatName(lookup: Lookup, chat: ChatRef, isInRoom: boolean): Message {
  const channel = message(`channel.${chat.channel}`)
  const room = lookup.roomOfChat(chat)
  if (!room) return message('chat.single', { channel, id: chat.chat })
  const isOnly = room.chats.filter((one) => one.channel === chat.channel).length === 1
  if (!isOnly) return message('chat.by-id', { channel, id: chat.chat })
  return isInRoom ? message('chat.named', { channel }) : message('chat.of-room', { channel, room: room.name })
}
