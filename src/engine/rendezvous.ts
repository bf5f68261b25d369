import type { Store } from '../store/store.ts'

/** How long something is waited for, and kept for who asks again, ms. */
const REMEMBERED = 60_000

/** Where those who wait for what comes of a job meet it. Only in memory: after a restart nobody waits any more. */
export interface Rendezvous<T> {
  /** Resolves with what came of it, however long it takes, up to a minute; then never. */
  wait(job: string): Promise<T>
  /** To whoever waits for it, here or at another instance. @param outcome JSON */
  give(job: string, outcome: T): void
  /** Hears what other instances give; answers with what ends it. */
  hear(): () => void
}

/** @param topic what the instances tell one another by */
export function createRendezvous<T>(store: Pick<Store, 'broadcast' | 'hear'>, topic: string): Rendezvous<T> {
  const pending = new Map<string, PromiseWithResolvers<T>>()

  function begin(job: string): Promise<T> {
    const waiting = Promise.withResolvers<T>()
    pending.set(job, waiting)
    setTimeout(() => pending.delete(job), REMEMBERED).unref()
    return waiting.promise
  }

  return {
    wait: (job) => pending.get(job)?.promise ?? begin(job),
    give(job, given) {
      const waiting = pending.get(job)
      if (waiting) waiting.resolve(given)
      else store.broadcast(topic, { job, given })
    },
    hear: () =>
      store.hear(topic, (word) => {
        const { job, given } = word as { job: string; given: T }
        pending.get(job)?.resolve(given)
      }),
  }
}
