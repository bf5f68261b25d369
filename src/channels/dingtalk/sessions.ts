import { isTrusted } from './hosts.ts'

/** Addresses for replies that came with messages: secrets, kept in memory only and not longer than they are good. */
export interface Sessions {
  /** @param until ms since 1970, as the message says. */
  remember(chat: string, url: string, until: number): void
  /** The newest address for the chat, if it is still good. */
  fresh(chat: string): string | undefined
  forget(chat: string): void
}

/** A reply must arrive before the address ends. */
const MARGIN = 60_000

/** @param oapiBase its host is trusted besides DingTalk's own ones: the address comes from outside. */
export function createSessions(oapiBase: string, now: () => number): Sessions {
  const kept = new Map<string, { url: string; until: number }>()

  return {
    remember(chat, url, until) {
      for (const [other, session] of kept) if (session.until <= now()) kept.delete(other)
      if (isTrusted(url, oapiBase, { port: 'same' })) kept.set(chat, { url, until: until - MARGIN })
    },
    fresh(chat) {
      const session = kept.get(chat)
      return session && session.until > now() ? session.url : undefined
    },
    forget: (chat) => kept.delete(chat),
  }
}
