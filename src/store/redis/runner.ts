import { setTimeout as sleep } from 'node:timers/promises'
import { type Job as BullJob, Worker as BullWorker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Log } from '../../domain/log.ts'
import { traceOfJob } from '../../tracing/trace.ts'
import { StoreError } from '../errors.ts'
import { retryDelay } from '../retry.ts'
import type { Job, JobHandler, JobResult, Worker, WorkOptions } from '../store.ts'
import type { Caller } from './caller.ts'
import { BLOCK } from './connection.ts'
import { bullPrefix, type Token } from './courier.ts'
import { toJob } from './jobs.ts'

/** How long to wait before something is tried again that Redis did not take, ms. */
const TRY_AGAIN = 200
/**
 * BullMQ's lock on what it has handed out, and how often it looks for locks that ran out, ms. Short, because an answer
 * of Redis may get lost with its connection, and with it what was handed out; handed out twice does no harm, for
 * the claim is what counts.
 */
const LOCK = { duration: 2000, look: 1000 }

interface Parts {
  caller: Caller
  queues: Redis
  prefix: string
  instance: string
  /** How long ids of finished jobs are kept, ms. */
  keep: number
  now: () => number
  log: Pick<Log, 'warn' | 'error'> | undefined
  /** Hands out again the job of a lane that this instance will not run. */
  giveBack: (lane: string) => void
}

/** One call of a handler. */
interface Run {
  job: Job
  /** What it was claimed as: no other run has it. */
  name: string
  /** End of its lease. */
  till: number
  lost: PromiseWithResolvers<void>
}

/** Runs handlers over the jobs that BullMQ hands out. */
export interface Runner {
  work(queue: string, options: WorkOptions, handler: JobHandler): Worker
  /** Queues that are worked here. */
  queues(): Iterable<string>
  /** Gives up runs whose lease has run out: their jobs are run again. */
  look(): void
  /** Stops all workers, for good. */
  close(): Promise<void>
}

export function createRunner(parts: Parts): Runner {
  const { caller, instance, now, log } = parts
  const teams = new Map<BullWorker, { queue: string; stop: () => Promise<void> }>()
  const runs = new Set<Run>()
  const isAway = () => parts.queues.status !== 'ready'
  let closing = false
  let claims = 0

  /** Does it again until Redis takes it; undefined when the store is closed or gives up. */
  async function persist(ask: () => Promise<Record<string, unknown>>, mayGiveUp: () => boolean) {
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (caller.isClosed() || mayGiveUp()) return undefined
        log?.warn({ err: error }, 'the store did not take something; trying again')
        await sleep(TRY_AGAIN)
      }
    }
  }

  async function process(token: Token, options: WorkOptions, handler: JobHandler, stopping: () => boolean) {
    if (stopping()) return parts.giveBack(token.lane)
    const name = `${instance}-${++claims}`
    const ask = { id: token.id, instance, run: name, lease: options.lease }
    const word = await persist(() => caller.call('claim', ask), stopping)
    if (!word?.job) return
    const run: Run = {
      job: toJob(token.id, word.job as Record<string, string>),
      name,
      till: Number(word.till),
      lost: Promise.withResolvers(),
    }
    runs.add(run)
    const result = await Promise.race([outcome(run, handler), run.lost.promise])
    runs.delete(run)
    if (result !== undefined) await settle(run, result, stopping)
  }

  async function outcome(run: Run, handler: JobHandler): Promise<JobResult> {
    try {
      return await handler(run.job)
    } catch (error) {
      log?.warn({ ...about(run), err: error }, 'a job failed and will be tried again')
      const why = error instanceof Error ? error.message : String(error)
      // Not the job's fault: it waits no longer than the store is away, and nothing of its lane overtakes it meanwhile.
      if (error instanceof StoreError) return { retryAt: now() + retryDelay(1), why, pauseLane: true }
      return { retryAt: now() + retryDelay(run.job.attempt), why }
    }
  }

  async function settle({ job, name }: Run, result: JobResult, stopping: () => boolean): Promise<void> {
    const { id, lane, attempt } = job
    const failDue = now() + retryDelay(attempt)
    const ask = { id, lane, run: name, keep: parts.keep, failDue, ...told(result) }
    // At the end of the worker or program it may be left: the run is taken back when the instance is gone.
    await persist(
      () => caller.call('settle', ask),
      () => closing || (stopping() && isAway()),
    )
  }

  /** BullMQ's own way to end waits for Redis, for as long as that is away: then only what runs here is waited for. */
  async function end(worker: BullWorker, active: ReadonlySet<Promise<void>>): Promise<void> {
    const away = Promise.withResolvers<void>()
    parts.queues.once('close', away.resolve)
    await Promise.race([worker.close(isAway()), away.promise])
    parts.queues.off('close', away.resolve)
    await Promise.all(active)
  }

  function work(queue: string, options: WorkOptions, handler: JobHandler): Worker {
    let stopping: Promise<void> | undefined
    const isStopping = () => stopping !== undefined
    const active = new Set<Promise<void>>()
    const worker = new BullWorker<Token>(
      queue,
      async ({ data }: BullJob<Token>) => {
        const running = process(data, options, handler, isStopping)
        active.add(running)
        await running.finally(() => active.delete(running))
      },
      {
        connection: parts.queues,
        prefix: bullPrefix(parts.prefix),
        concurrency: options.concurrency,
        drainDelay: BLOCK,
        runRetryDelay: TRY_AGAIN,
        lockDuration: LOCK.duration,
        stalledInterval: LOCK.look,
        maxStalledCount: Number.MAX_SAFE_INTEGER,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      },
    )
    // Its connection's faults are those of the store, which are told once; the rest it tries again by itself.
    worker.on('error', () => {})
    const stop = () => (stopping ??= end(worker, active).finally(() => teams.delete(worker)))
    teams.set(worker, { queue, stop })
    return { stop }
  }

  return {
    work,
    queues: () => new Set([...teams.values()].map((team) => team.queue)),
    look() {
      const at = now()
      for (const run of runs) {
        if (run.till > at) continue
        log?.warn(about(run), 'a job ran longer than its lease and is run again')
        run.lost.resolve()
      }
    },
    async close() {
      closing = true
      await Promise.all([...teams.values()].map((team) => team.stop()))
    },
  }
}

/** A result as the script takes it. */
function told(result: JobResult): object {
  if (typeof result === 'string') return { result }
  if ('dead' in result) return { result: 'dead', why: result.dead }
  if ('waitUntil' in result) return { result: 'wait', due: result.waitUntil, why: result.why }
  const { retryAt, why, pauseLane } = result
  return { result: 'retry', due: retryAt, why, ...(pauseLane && { pause: true }) }
}

function about({ job: { id, queue, attempt, payload } }: Run) {
  return { job: id, queue, attempt, trace: traceOfJob(id, payload) }
}
