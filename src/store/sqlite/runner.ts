import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../domain/log.ts'
import { traceOfJob } from '../../tracing/trace.ts'
import { StoreError } from '../errors.ts'
import { retryDelay } from '../retry.ts'
import type { Job, JobHandler, JobResult, Worker, WorkOptions } from '../store.ts'
import type { Claim } from './protocol.ts'
import type { Settled, Writer } from './writer.ts'

/** How long a result waits to be written again after the disk refused it, ms. */
const WRITE_AGAIN = 1000

/** Runs handlers over the jobs that the writing thread claims for them. */
export interface Runner {
  work(queue: string, options: WorkOptions, handler: JobHandler): Worker
  settled(turn: Settled): void
  /** Stops all workers, for good. */
  close(): Promise<void>
}

/** What one call of `work` started. */
interface Team {
  handler: JobHandler
  runs: Set<Run>
  /** Set when it takes no more jobs; resolved when its last run is over. */
  stopping?: Promise<void>
  idle: PromiseWithResolvers<void>
}

/** One call of a handler. */
interface Run {
  number: number
  job: Job
  team: Team
}

interface Parts {
  writer: () => Pick<Writer, 'run' | 'start' | 'stop'>
  now: () => number
  log: Pick<Log, 'warn' | 'error'> | undefined
}

export function createRunner({ writer, now, log }: Parts): Runner {
  const teams = new Map<number, Team>()
  /** Those whose result is not written down. */
  const runs = new Map<number, Run>()
  let serial = 0
  let closing = false

  function failure({ job }: Run, error: unknown): JobResult {
    log?.warn({ ...about(job), err: error }, 'a job failed and will be tried again')
    const why = error instanceof Error ? error.message : String(error)
    return { retryAt: now() + retryDelay(job.attempt), why }
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
    while (runs.has(run.number)) {
      try {
        const answer = await writer().run({ do: 'conclude', run: run.number, result })
        if (answer === 'unfinished') failure(run, new Error('no commit has finished the job'))
        retire(run)
      } catch (error) {
        log?.error({ ...about(run.job), err: error }, 'the result of a job could not be stored')
        // Without its result, the job is found waiting and run again when the store is opened next.
        if (closing || error instanceof StoreError) retire(run)
        else await sleep(WRITE_AGAIN)
      }
    }
  }

  function retire(run: Run) {
    runs.delete(run.number)
    run.team.runs.delete(run)
    if (run.team.runs.size === 0 && run.team.stopping) run.team.idle.resolve()
  }

  function begin({ run: number, team: teamNumber, job }: Claim) {
    const team = teams.get(teamNumber)!
    const run = { number, job: { ...job, payload: JSON.parse(job.payload) }, team }
    runs.set(number, run)
    team.runs.add(run)
    void carryOut(run)
  }

  async function end(number: number, team: Team) {
    await writer().stop(number)
    if (team.runs.size > 0) await team.idle.promise
    teams.delete(number)
  }

  function stop(number: number, team: Team): Promise<void> {
    team.stopping ??= end(number, team)
    return team.stopping
  }

  return {
    work(queue, { concurrency, lease }, handler) {
      const number = ++serial
      const team: Team = { handler, runs: new Set(), idle: Promise.withResolvers() }
      teams.set(number, team)
      writer().start({ team: number, queue, concurrency, lease })
      return { stop: () => stop(number, team) }
    },
    settled({ claimed, lost }) {
      for (const number of lost) {
        const run = runs.get(number)
        if (!run) continue
        log?.warn(about(run.job), 'a job ran longer than its lease and is run again')
        retire(run)
      }
      for (const claim of claimed) begin(claim)
    },
    async close() {
      closing = true
      await Promise.all([...teams].map(([number, team]) => stop(number, team)))
    },
  }
}

/** What logs say of a job. */
function about({ id, queue, attempt, payload }: Job) {
  return { job: id, queue, attempt, trace: traceOfJob(id, payload) }
}
