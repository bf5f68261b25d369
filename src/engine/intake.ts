import type { NewJob, Store, Worker } from '../store/store.ts'
import type { Parts } from './parts.ts'
import type { Refusals } from './refusals.ts'

/** What is to be kept of a push. */
export interface Arrival {
  jobs: NewJob[]
  unreadable?: Unreadable
}

export interface Unreadable {
  /** A digest of the body. */
  id: string
  /** The body as it came, and what is wrong with it. */
  raw: string
  why: string
  /** When it came, ms since 1970. */
  at: number
}

/** A store of this instance's own, for pushes that come while the main one is away. */
export interface Spool {
  store: Pick<Store, 'enqueue' | 'work' | 'counts'>
  /** How many it takes. */
  most: number
}

/**
 * The way of pushes to disk: into the store, or, while that is away, into the spool if there is one. What lies in the
 * spool is brought into the store as soon as that is back, what concerns one breaker in the order it came.
 */
export interface Intake {
  /** Resolves when it is on disk. @throws when it is nowhere, and counts it as refused */
  keep(arrival: Arrival): Promise<void>
  /** How many lie in the spool; undefined where there is none. */
  spooled(): number | undefined
  start(): Promise<void>
  stop(): Promise<void>
}

const QUEUE = 'spool'
/** How often it is tried whether the store is back, ms. */
const TRY_EVERY = 500
/** The store knows the pushes that it has taken; the spool need not. ms. */
const REMEMBER = 60_000

/** @param write brings it into the main store; rejects while that is away. The same push may be brought twice */
export function createIntake(
  { metrics, log, now }: Pick<Parts, 'metrics' | 'log' | 'now'>,
  write: (arrival: Arrival) => Promise<void>,
  refusals: Refusals,
  spool: Spool | undefined,
): Intake {
  let waiting = 0
  let worker: Worker | undefined

  async function keep(arrival: Arrival): Promise<void> {
    try {
      // What lies in the spool came first.
      if (waiting === 0) return await write(arrival)
    } catch (error) {
      if (!spool) {
        refusals.note()
        throw error
      }
    }
    await putAside(arrival)
  }

  async function putAside(arrival: Arrival): Promise<void> {
    const entries = entriesOf(arrival)
    if (waiting === 0) log.warn({}, 'the store is away: pushes go into the spool')
    // Counted before it is there, so that nothing overtakes it.
    waiting += entries.length
    try {
      if (waiting > spool!.most) throw new Error('the spool is full')
      const { added } = await spool!.store.enqueue(entries)
      waiting -= entries.length - added.length
      metrics.pushes.inc({ result: 'spooled' }, added.length)
    } catch (error) {
      waiting -= entries.length
      refusals.note()
      throw error
    }
  }

  async function bring(arrival: Arrival) {
    try {
      await write(arrival)
    } catch (error) {
      return { retryAt: now() + TRY_EVERY, why: String(error), pauseLane: true }
    }
    waiting = Math.max(0, waiting - 1)
    if (waiting === 0) log.info({}, 'all that lay in the spool is in the store')
    return 'done' as const
  }

  return {
    keep,
    spooled: () => spool && waiting,
    async start() {
      if (!spool) return
      waiting = (await spool.store.counts())[QUEUE]?.waiting ?? 0
      worker = spool.store.work(QUEUE, { concurrency: 64, lease: 60_000 }, (job) =>
        bring(job.payload as Arrival),
      )
    },
    stop: async () => worker?.stop(),
  }
}

/** Each job on its own, in the lane that it will have in the store. */
function entriesOf({ jobs, unreadable }: Arrival): NewJob[] {
  const common = { queue: QUEUE, remember: REMEMBER }
  const entry = (id: string, lane: string, payload: Arrival): NewJob => ({ ...common, id, lane, payload })
  const own = jobs.map((job) => entry(job.id, job.lane, { jobs: [job] }))
  if (!unreadable) return own
  return [...own, entry(`unreadable:${unreadable.id}`, QUEUE, { jobs: [], unreadable })]
}
