import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'

/** BullMQ's priorities are 1 (first) to 2,097,152; ours are any number, higher first, 0 in the middle. */
const MIDDLE = 1_000_000
const LAST = 2_097_151
/** How many are handed over at once. */
const AT_ONCE = 500
/** How long BullMQ's own list of what happened may get. */
const EVENTS = 100

/** What BullMQ is told of a job. */
export interface Token {
  id: string
  lane: string
}

/**
 * Brings ready jobs from the outbox to BullMQ, under the name that the outbox gives them, so that one that is brought
 * twice is there once. Whatever does not get through stays in the outbox.
 */
export interface Courier {
  /** Entries of the outbox, as the scripts answer them. */
  bring(entries: string[]): void
  /** Queues of which BullMQ has nothing, neither waiting nor running. */
  idle(names: Iterable<string>): Promise<string[]>
  close(): Promise<void>
}

interface Entry {
  text: string
  queue: string
  token: Token
  name: string
  priority: number
}

export function createCourier(main: Redis, queues: Redis, prefix: string): Courier {
  const open = new Map<string, Queue>()
  let waiting: string[] = []
  let working: Promise<void> | undefined

  function queue(name: string): Queue {
    let found = open.get(name)
    if (!found) {
      found = new Queue(name, {
        connection: queues,
        prefix: bullPrefix(prefix),
        streams: { events: { maxLen: EVENTS } },
      })
      found.on('error', () => {})
      open.set(name, found)
    }
    return found
  }

  async function hand(texts: string[]): Promise<void> {
    const entries = texts.map(parse)
    await Promise.all(
      [...Map.groupBy(entries, (entry) => entry.queue)].map(([name, some]) =>
        queue(name).addBulk(
          some.map((entry) => ({
            name: 'job',
            data: entry.token,
            opts: { jobId: entry.name, priority: entry.priority, removeOnComplete: true, removeOnFail: true },
          })),
        ),
      ),
    )
    await main.zrem(`${prefix}outbox`, ...texts)
  }

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const some = waiting.slice(0, AT_ONCE)
      waiting = waiting.slice(AT_ONCE)
      // What failed lies in the outbox and is asked for again.
      await hand(some).catch(() => {})
    }
    working = undefined
  }

  return {
    bring(entries) {
      if (entries.length === 0) return
      waiting.push(...entries)
      working ??= work()
    },
    async idle(names) {
      const found = await Promise.all(
        [...names].map(async (name) => {
          const counts = await queue(name).getJobCounts('wait', 'prioritized', 'active', 'delayed')
          return Object.values(counts).every((count) => count === 0) ? [name] : []
        }),
      )
      return found.flat()
    },
    async close() {
      await working
      await Promise.all([...open.values()].map((one) => one.close().catch(() => {})))
    },
  }
}

export const bullPrefix = (prefix: string): string => `${prefix}bull`

function parse(text: string): Entry {
  const [queue, id, lane, name, priority] = JSON.parse(text) as [
    string,
    string,
    string,
    string,
    string | number,
  ]
  const rank = Math.round(MIDDLE - Number(priority))
  return { text, queue, token: { id, lane }, name, priority: Math.min(LAST, Math.max(1, rank)) }
}
