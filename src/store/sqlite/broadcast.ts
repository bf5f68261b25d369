import type { Log } from '../../domain/log.ts'
import { toJson } from '../json.ts'
import type { Store } from '../store.ts'

type Listener = Parameters<Store['hear']>[1]

/** Words to all instances, where there is only this one. */
export function createBroadcast(
  log: Pick<Log, 'error'> | undefined,
): Pick<Store, 'broadcast' | 'hear'> & { close(): void } {
  /** Each a function of its own, for one listener may hear twice. */
  const topics = new Map<string, Set<(json: string) => void>>()

  function deliver(topic: string, listener: Listener, json: string) {
    try {
      listener(JSON.parse(json))
    } catch (error) {
      log?.error({ err: error, topic }, 'a word that was told to all instances was not understood')
    }
  }

  return {
    broadcast(topic, word) {
      const json = toJson(word, `What is told on ${topic}`)
      setImmediate(() => {
        for (const hearer of topics.get(topic) ?? []) hearer(json)
      })
    },
    hear(topic, listener) {
      const hearers = topics.get(topic) ?? new Set()
      topics.set(topic, hearers)
      const hearer = (json: string) => deliver(topic, listener, json)
      hearers.add(hearer)
      return () => void hearers.delete(hearer)
    },
    close: () => topics.clear(),
  }
}
