import { whyControlForbids } from '../domain/control.ts'
import { isSwitching, nextQuery } from '../domain/meter-query.ts'
import type { Job, JobResult, NewJob } from '../store/store.ts'
import { queryRef } from '../thingboot/order.ts'
import { getControl } from './control.ts'
import { getBreaker, type Lookup, type Parts } from './parts.ts'
import { QUEUE } from './queues.ts'
import { createRounds } from './rounds.ts'
import type { Turn } from './turns.ts'
import type { QueryWork } from './work.ts'

/** How often it is looked whom to ask, and how far ahead, ms. */
const LOOK_EVERY = 20_000
const AHEAD = 60_000
/** How long it waits where a command is under way, ms. */
const AGAIN = 10_000
/** A question that cannot leave within this is left out: the next one comes, ms. */
const WITHIN = 60_000

export interface MeterQueriesOptions {
  turn: Turn
  /** How often it is looked whom to ask, ms; tests shorten it. */
  every?: number | undefined
}

/**
 * Asks breakers that report nothing of their own accord for their counters, each so often as its configuration says.
 * Each question is a job of its own, so that of several instances one asks; it leaves at most once, and one that came to
 * nothing is not repeated: the next one is due soon. The answers are pushes like any others.
 */
export function createMeterQueries(parts: Parts, lookup: Lookup, options: MeterQueriesOptions) {
  const { store, cloud, log, metrics, now } = parts
  const { turn, every = LOOK_EVERY } = options
  const cut = new AbortController()
  /** The last question that was put on disk, by breaker. */
  const planned = new Map<string, string>()

  /** Puts on disk what is to be asked soon. The same question is taken once, whoever plans it. */
  async function plan(): Promise<void> {
    const until = now() + Math.max(AHEAD, 2 * every)
    const jobs = parts.policy.breakers.flatMap(({ id, queryEvery }): NewJob[] => {
      if (queryEvery === undefined) return []
      const at = nextQuery(id, queryEvery, now())
      const job = queryJob(id, at, queryEvery)
      if (at > until || planned.get(id) === job.id) return []
      planned.set(id, job.id)
      return [job]
    })
    if (jobs.length > 0) await store.enqueue(jobs)
  }

  async function run(job: Job): Promise<JobResult> {
    const work = job.payload as QueryWork
    // It may have left before this process died.
    if (job.begun) return ended('unknown')
    if (now() >= work.until || !(await mayAsk(work))) return ended('left-out')
    if (await isInTheWay(work)) return { waitUntil: now() + AGAIN, why: 'a command is under way' }
    const signal = AbortSignal.any([cut.signal, AbortSignal.timeout(WITHIN)])
    if (!(await turn(signal))) return { waitUntil: now() + AGAIN, why: 'other calls went first' }
    await store.begin(job.id, job.attempt)
    // Asked last of all, for all that came before took time.
    const isWanted = async () => (await mayAsk(work)) && !(await isInTheWay(work))
    const outcome = await cloud.query(work.breaker, 'total', queryRef(parts.newId()), { signal, isWanted })
    if (outcome.ok) return ended('taken')
    // Without a code of the cloud's it was this program that thought better of it.
    const isOwn = outcome.kind === 'refused' && outcome.code === undefined
    if (!isOwn) log.warn({ breaker: work.breaker, why: outcome.why }, 'a counter could not be asked for')
    return ended(isOwn ? 'left-out' : outcome.kind)
  }

  function ended(outcome: string): JobResult {
    metrics.queries.inc({ outcome })
    return 'done'
  }

  /** Not where no order may leave at all: neither by the configuration, nor by an admin's word. */
  async function mayAsk({ breaker, until }: QueryWork): Promise<boolean> {
    if (lookup.breaker(breaker)?.queryEvery === undefined || !parts.policy.actuation) return false
    if (whyControlForbids(await getControl(store), now())) return false
    const known = (await getBreaker(store, breaker))?.value
    return known?.online !== false && now() < until
  }

  async function isInTheWay({ breaker }: QueryWork): Promise<boolean> {
    const known = (await getBreaker(store, breaker))?.value
    return known !== undefined && isSwitching(known, now())
  }

  const rounds = createRounds(parts, { name: 'meter-queries', every }, plan)

  return {
    run,
    start: rounds.start,
    async stop(): Promise<void> {
      cut.abort()
      await rounds.stop()
    },
  }
}

function queryJob(breaker: string, at: number, every: number): NewJob {
  const payload: QueryWork = { breaker, until: at + every }
  return {
    id: `query:${breaker}:${at}`,
    queue: QUEUE.queries,
    lane: `query:${breaker}`,
    payload,
    dueAt: at,
    remember: every + AHEAD,
  }
}
