import type { ChatRef } from '../domain/policy.ts'
import type { Store } from '../store/store.ts'
import { hearAndLook } from './hearing.ts'
import { chatKey } from './parts.ts'

/**
 * Chats that got a new id (a Telegram group became a supergroup): the configuration goes on naming the old one.
 * Kept in the store, and in memory because every message asks; all instances are told of a new one.
 */
export interface Aliases {
  load(): Promise<void>
  /** Hears what other instances learn; answers with what ends it. */
  hear(): () => void
  /** The id to send to. */
  newest(chat: ChatRef): ChatRef
  /** The id that the configuration knows: the old one, until the file is brought up to date. */
  original(chat: ChatRef): ChatRef
  moved(chat: ChatRef, to: string): Promise<void>
}

const TOPIC = 'aliases'
interface Move {
  from: ChatRef
  to: ChatRef
}

/** @param isConfigured does a room name the chat by this id? */
export function createAliases(store: Store, isConfigured: (chat: ChatRef) => boolean): Aliases {
  const forward = new Map<string, ChatRef>()
  const back = new Map<string, ChatRef>()
  const learn = ({ from, to }: Move) => {
    forward.set(chatKey(from), to)
    back.set(chatKey(to), from)
  }
  const original = (chat: ChatRef) => (isConfigured(chat) ? chat : (back.get(chatKey(chat)) ?? chat))
  const aliases: Aliases = {
    async load() {
      const all = await store.list<Move>({ kind: 'alias', limit: 10_000 })
      for (const { value } of all) learn(value)
    },
    hear: () =>
      hearAndLook(
        store,
        TOPIC,
        (word) => learn(word as Move),
        () => void aliases.load().catch(() => {}),
      ),
    newest: (chat) => forward.get(chatKey(chat)) ?? chat,
    original,
    async moved(chat, to) {
      const from = original(chat)
      const move: Move = { from, to: { ...from, chat: to } }
      const key = `alias/${chatKey(from)}`
      const version = (await store.get(key))?.version ?? 0
      const write = { key, value: move, version, index: { at: 0, open: true } }
      // Told twice at once (both groups say it): the other one has written it.
      if ((await store.commit({ writes: [write] })) === 'conflict') return aliases.moved(chat, to)
      learn(move)
      store.broadcast(TOPIC, move)
    },
  }
  return aliases
}
