import type { Log } from '../channel.ts'

/** What the person who runs the service should know although the connection stands. */
export interface Notices {
  /** A new sentence is logged, once. */
  set(subject: string, sentence: string): void
  clear(subject: string): void
  /** All sentences in one; empty when all is well. */
  text(): string
}

export function createNotices(log: Log): Notices {
  const sentences = new Map<string, string>()
  return {
    set(subject, sentence) {
      if (sentences.get(subject) === sentence) return
      sentences.set(subject, sentence)
      log.warn({ detail: sentence }, `trouble with ${subject}`)
    },
    clear: (subject) => sentences.delete(subject),
    text: () => [...sentences.values()].join(' '),
  }
}
