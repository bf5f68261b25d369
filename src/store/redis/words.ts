import type { Redis } from 'ioredis'

/** Words to all instances, by Redis's publish and subscribe: who is away misses them. */
export interface Words {
  start(): Promise<void>
  broadcast(topic: string, word: unknown): void
  hear(topic: string, listener: (word: unknown) => void): () => void
}

export function createWords(main: Redis, words: Redis, prefix: string): Words {
  const listeners = new Map<string, Set<(word: unknown) => void>>()
  const channel = `${prefix}words`

  words.on('message', (_channel: string, text: string) => {
    const { topic } = parse(text)
    for (const listener of listeners.get(topic) ?? []) {
      try {
        // Each gets its own, to do with as it likes; one that fails keeps no other from hearing it.
        listener(parse(text).word)
      } catch {}
    }
  })

  return {
    async start() {
      await words.subscribe(channel)
    },
    broadcast(topic, word) {
      main.publish(channel, JSON.stringify({ topic, word })).catch(() => {})
    },
    hear(topic, listener) {
      const known = listeners.get(topic) ?? new Set()
      listeners.set(topic, known)
      known.add(listener)
      return () => void known.delete(listener)
    },
  }
}

function parse(text: string): { topic: string; word: unknown } {
  return JSON.parse(text)
}
