import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../domain/log.ts'
import { retryDelay } from '../retry.ts'
import type { JobHandler, JobResult, Worker, WorkOptions } from '../store.ts'
import type { Backlog } from './backlog.ts'
import type { Batch, BatchHooks } from './batch.ts'
import type { JobTable } from './jobs.ts'
import { about, isLost, type Run, type Team } from './run.ts'
import { createSchedule, type Schedule } from './schedule.ts'

/** How long a result waits to be written again after the disk refused it, ms. */
const WRITE_AGAIN = 1000

/** Runs handlers over due jobs. Claims are made by its hooks, at the end of each transaction. */
export interface Runner extends BatchHooks {
  /** The waiting jobs in memory; whoever adds or ends a job within a transaction tells it. */
  schedule(): Schedule
  /** Whether there is something to do before anybody asks: a job fell due, a lease ran out, memory must follow the disk. */
  isDue(at: number): boolean
  work(queue: string, options: WorkOptions, handler: JobHandler): Worker
  /** Stops all workers, for good. */
  close(): Promise<void>
}

interface Parts {
  batch: () => Batch
  jobs: JobTable
  backlog: Backlog
  now: () => number
  log: Pick<Log, 'warn' | 'error'> | undefined
}

/**
 * A job that has just come, or whose lane has just become free, is claimed by the very same sync to disk that says so.
 * Memory is changed within the transaction, too; if that fails, memory is read again from the disk.
 */
export function createRunner({ batch, jobs, backlog, now, log }: Parts): Runner {
  const teams = new Set<Team>()
  const runs = new Set<Run>()
  let schedule = createSchedule()
  let outdated = true
  let closing = false
  /** What the open transaction has claimed and ended. */
  let claimed: Run[] = []
  let ended: Run[] = []

  function reload() {
    schedule = createSchedule()
    for (const job of backlog.waiting()) schedule.add(job)
    for (const { lane, until } of backlog.pauses()) schedule.pause(lane, until)
    for (const run of runs) if (!run.over) schedule.occupy(run.job.lane)
    outdated = false
  }

  function claim(team: Team, at: number) {
    while (!team.stopping && team.active < team.options.concurrency) {
      const waiting = schedule.take(team.queue)
      if (!waiting) return
      const lease = at + team.options.lease
      const run = { job: jobs.claim(waiting.seq, lease), waiting, team, lease, over: false }
      team.active++
      runs.add(run)
      claimed.push(run)
    }
  }

  function end(run: Run) {
    run.over = true
    run.team.active--
    ended.push(run)
    schedule.release(run.job.lane)
  }

  function waitAgain(run: Run, dueAt: number, why: string) {
    if (jobs.retry(run.waiting.seq, dueAt, why)) schedule.add({ ...run.waiting, dueAt })
  }

  function lose(run: Run, at: number) {
    log?.warn(about(run), 'a job ran longer than its lease and is run again')
    waitAgain(run, at, 'ran longer than its lease')
    end(run)
  }

  function conclude(run: Run, result: JobResult) {
    const { seq, lane } = run.waiting
    if (result === 'done') jobs.finish(seq, 'done', now())
    else if (result === 'committed') {
      if (jobs.isOpen(seq)) return conclude(run, failure(run, new Error('no commit has finished the job')))
    } else if ('dead' in result) jobs.bury(seq, result.dead, now())
    else {
      if (result.pauseLane) jobs.pause(lane, result.retryAt)
      waitAgain(run, result.retryAt, result.why)
      if (result.pauseLane) schedule.pause(lane, result.retryAt)
    }
    end(run)
  }

  function failure(run: Run, error: unknown): JobResult {
    log?.warn({ ...about(run), err: error }, 'a job failed and will be tried again')
    const why = error instanceof Error ? error.message : String(error)
    return { retryAt: now() + retryDelay(run.job.attempt), why }
  }

  async function outcome(run: Run): Promise<JobResult> {
    try {
      return await run.team.handler(run.job)
    } catch (error) {
      return failure(run, error)
    }
  }

  async function carryOut(run: Run) {
    const result = await outcome(run)
    while (!run.over) {
      try {
        await batch().run(() => conclude(run, result))
      } catch (error) {
        log?.error({ ...about(run), err: error }, 'the result of a job could not be stored')
        // Without its result, the job is found leased and run again when the store is opened next.
        if (closing) forget(run)
        else await sleep(WRITE_AGAIN)
      }
    }
  }

  function forget(run: Run) {
    run.over = true
    run.team.active--
    retire(run)
  }

  function retire(run: Run) {
    runs.delete(run)
    if (run.team.active === 0) run.team.stopping?.resolve()
  }

  function stop(team: Team): Promise<void> {
    team.stopping ??= Promise.withResolvers()
    if (team.active === 0) team.stopping.resolve()
    return team.stopping.promise.finally(() => teams.delete(team))
  }

  return {
    schedule: () => schedule,
    isDue: (at) => outdated || schedule.nextAt() <= at || [...runs].some((run) => isLost(run, at)),
    beforeCommit() {
      if (outdated) reload()
      const at = now()
      for (const run of runs) if (isLost(run, at)) lose(run, at)
      schedule.advance(at)
      for (const team of teams) claim(team, at)
    },
    afterCommit() {
      const [starting, retiring] = [claimed, ended]
      claimed = []
      ended = []
      for (const run of retiring) retire(run)
      for (const run of starting) void carryOut(run)
    },
    afterRollback(error) {
      log?.error({ err: error }, 'a transaction of the store failed')
      for (const run of claimed) forget(run)
      for (const run of ended) {
        run.over = false
        run.team.active++
      }
      claimed = []
      ended = []
      outdated = true
    },
    work(queue, options, handler) {
      const team: Team = { queue, options, handler, active: 0 }
      teams.add(team)
      batch().poke()
      return { stop: () => stop(team) }
    },
    async close() {
      closing = true
      await Promise.all([...teams].map(stop))
    },
  }
}
