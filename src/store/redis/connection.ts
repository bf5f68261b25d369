import { Redis, type RedisOptions } from 'ioredis'
import type { Log } from '../../domain/log.ts'
import { StoreError } from '../errors.ts'
import { explained, placeOf } from './errors.ts'
import { defineScripts } from './scripts.ts'

/** After this a command that got no answer counts as failed, ms. It may have been carried out all the same. */
const PATIENCE = 3000
/** Longest pause before connecting again, ms: the service is to recover within 5 s of Redis's return. */
const LONGEST_PAUSE = 500
/** How long BullMQ waits for a job at a time, s; and how long it may take until the answer is overdue, ms. */
export const BLOCK = 2
const OVERDUE = BLOCK * 1000 + 5000

export interface Connections {
  /** For our scripts and reads: fails at once while Redis is away. */
  main: Redis
  /** For BullMQ, which waits for as long as Redis is away. */
  queues: Redis
  /** For hearing what is broadcast. */
  words: Redis
  /** Since when the main connection stands, ms of `performance.now()`; undefined while it does not. */
  since(): number | undefined
  close(): void
}

/**
 * Connects.
 * @throws StoreError when Redis is not there or refuses the login
 */
export async function connect(url: string, log?: Pick<Log, 'warn' | 'info'>): Promise<Connections> {
  const shared: Omit<RedisOptions, 'replyMapping'> = {
    lazyConnect: true,
    connectTimeout: PATIENCE,
    retryStrategy: (times) => Math.min(50 * times, LONGEST_PAUSE),
    // The server has become a replica of another: the address may lead to the new one by now.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  }
  const main = new Redis(url, {
    ...shared,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: PATIENCE,
    socketTimeout: PATIENCE,
    enableAutoPipelining: true,
  })
  defineScripts(main)
  const queues = new Redis(url, { ...shared, maxRetriesPerRequest: null, socketTimeout: OVERDUE })
  const words = new Redis(url, shared)
  // Faults of the others are those of the first, told once; BullMQ makes one more for each worker.
  for (const one of [queues, words]) one.on('error', () => {})
  const copies = new Set<Redis>()
  const duplicate = queues.duplicate.bind(queues)
  queues.duplicate = (override) => {
    const copy = duplicate(override).on('error', () => {})
    copies.add(copy)
    return copy.once('end', () => copies.delete(copy))
  }
  const all = [main, queues, words]
  const close = () => {
    for (const one of [...all, ...copies]) one.disconnect()
  }
  let since: number | undefined
  watch(main, placeOf(url), log, (now) => {
    since = now
  })
  try {
    await Promise.all(all.map(begin))
  } catch (error) {
    close()
    throw refused(url, error)
  }
  return { main, queues, words, since: () => since, close }
}

/** The first connecting, which is to fail at once when nothing is there. */
async function begin(redis: Redis): Promise<void> {
  const problem = new Promise<never>((_, reject) => redis.once('error', reject))
  // Whoever loses the race is of no interest.
  problem.catch(() => {})
  await Promise.race([redis.connect(), problem])
}

function refused(url: string, error: unknown): unknown {
  const explanation = explained(url, error)
  if (!(explanation instanceof StoreError) || explanation.code !== 'away') return explanation
  return new StoreError('unreachable', `${explanation.message} Is Redis running, and is store right?`, error)
}

function watch(
  redis: Redis,
  place: string,
  log: Pick<Log, 'warn' | 'info'> | undefined,
  stands: (since: number | undefined) => void,
): void {
  let wasAway = false
  redis.on('error', () => {})
  redis.on('ready', () => {
    stands(performance.now())
    if (wasAway) log?.info({ store: place }, 'the store is back')
    wasAway = false
  })
  redis.on('close', () => {
    stands(undefined)
    if (!wasAway && redis.status !== 'end') log?.warn({ store: place }, 'the store is away; trying again')
    wasAway = true
  })
}
