import { retryDelay } from '../retry.ts'
import type { JobResult, Store } from '../store.ts'
import type { Backlog } from './backlog.ts'
import type { JobTable } from './jobs.ts'
import type { Claim, TeamOrder } from './protocol.ts'
import { createSchedule, type Schedule, type WaitingJob } from './schedule.ts'

/**
 * Which jobs run, and which run next. A claim is not written to disk: a run ends with the process at the latest, and
 * the job is then found waiting. What must outlast it is: that it was begun, and the attempts that came to an end.
 */
export interface Claims {
  /** The waiting jobs in memory; whoever adds or ends a job within a transaction tells it. */
  schedule(): Schedule
  isRunning(seq: number): boolean
  start(order: TeamOrder): void
  stop(team: number): void
  /** To be called within a transaction. False when that run may not begin. */
  begin(id: string, attempt?: number): boolean
  conclude(run: number, result: JobResult, at: number): 'over' | 'unfinished'
  /** Reads the waiting jobs from disk where memory does not know them: first in every transaction. */
  catchUp(): void
  /** Gives up runs whose lease has run out and hands out what is due: last in every transaction. */
  settle(at: number): void
  /** The transaction is on disk: what it has claimed and lost. */
  committed(): { claimed: Claim[]; lost: number[]; nextAt: number }
  /** It was undone: memory that ran ahead of the disk follows. */
  undone(): void
  /** A job of the lane runs or is due. */
  isBusy(lane: string, at: number): boolean
  /** Nothing of the lane runs, is due, or holds it up. */
  isIdle(lane: string, at: number): boolean
  counts(at: number): Awaited<ReturnType<Store['counts']>>
}

interface Team extends TeamOrder {
  /** How many of its runs are not over. */
  active: number
}

interface Run {
  claim: Claim
  waiting: WaitingJob
  team: Team
  /** When its lease runs out. */
  until: number
}

/** A pause up to this priority is one of the whole lane. */
const EVERY = Number.POSITIVE_INFINITY

export function createClaims(jobs: () => JobTable, backlog: Backlog): Claims {
  const teams = new Map<number, Team>()
  const runs = new Map<number, Run>()
  const running = new Map<number, Run>()
  let schedule = createSchedule()
  let outdated = true
  let serial = 0
  /** What the open transaction has claimed, ended, and among these lost. */
  let claimed: Run[] = []
  let ended: Run[] = []
  let lost: Run[] = []

  function catchUp() {
    if (!outdated) return
    schedule = createSchedule()
    jobs().forgetFresh()
    for (const job of backlog.open()) if (!running.has(job.seq)) schedule.add(job)
    for (const { lane, until, upTo } of backlog.pauses()) schedule.pause(lane, until, upTo)
    for (const { waiting } of runs.values()) schedule.occupy(waiting.lane)
    outdated = false
  }

  function add(run: Run) {
    runs.set(run.claim.run, run)
    running.set(run.waiting.seq, run)
    run.team.active++
  }

  function remove(run: Run) {
    runs.delete(run.claim.run)
    running.delete(run.waiting.seq)
    run.team.active--
  }

  function claim(team: Team, at: number) {
    while (team.active < team.concurrency) {
      const waiting = schedule.take(team.queue)
      if (!waiting) return
      const job = jobs().read(waiting.seq)
      const claim = { run: ++serial, team: team.team, job: { ...job, attempt: job.attempt + 1 } }
      const run = { claim, waiting, team, until: at + team.lease }
      add(run)
      claimed.push(run)
    }
  }

  function end(run: Run) {
    remove(run)
    ended.push(run)
    schedule.release(run.waiting.lane)
  }

  function waitAgain({ claim, waiting }: Run, dueAt: number, why: string, attempts = claim.job.attempt) {
    if (jobs().retry(waiting.seq, attempts, dueAt, why)) schedule.add({ ...waiting, dueAt })
  }

  function pause({ waiting: { lane } }: Run, until: number, upTo: number) {
    jobs().pause(lane, until, upTo)
    schedule.pause(lane, until, upTo)
  }

  function lose(run: Run, at: number) {
    waitAgain(run, at, 'ran longer than its lease')
    end(run)
    lost.push(run)
  }

  function write(run: Run, result: Exclude<JobResult, 'committed'>, at: number) {
    const { job } = run.claim
    const { seq, priority } = run.waiting
    if (result === 'done') jobs().end(job.id, at)
    else if ('dead' in result) jobs().bury(seq, job.attempt, result.dead, at)
    else if ('waitUntil' in result) {
      waitAgain(run, result.waitUntil, result.why, job.attempt - 1)
      pause(run, result.waitUntil, priority)
    } else {
      waitAgain(run, result.retryAt, result.why)
      if (result.pauseLane) pause(run, result.retryAt, EVERY)
    }
  }

  return {
    schedule: () => schedule,
    isRunning: (seq) => running.has(seq),
    start: (order) => void teams.set(order.team, { ...order, active: 0 }),
    stop: (team) => void teams.delete(team),
    begin(id, attempt) {
      const seq = jobs().findOpen(id)
      const run = seq === undefined ? undefined : running.get(seq)
      if (!run || (attempt ?? run.claim.job.attempt) !== run.claim.job.attempt) return false
      return jobs().begin(run.waiting.seq, run.claim.job.attempt)
    },
    conclude(number, result, at) {
      const run = runs.get(number)
      if (!run) return 'over'
      const { id, attempt } = run.claim.job
      const isUnfinished = result === 'committed' && jobs().findOpen(id) === run.waiting.seq
      if (isUnfinished) {
        write(run, { retryAt: at + retryDelay(attempt), why: 'no commit has finished the job' }, at)
      } else if (result !== 'committed') write(run, result, at)
      end(run)
      return isUnfinished ? 'unfinished' : 'over'
    },
    catchUp,
    settle(at) {
      for (const run of runs.values()) if (run.until <= at) lose(run, at)
      schedule.advance(at)
      for (const team of teams.values()) claim(team, at)
    },
    committed() {
      const answer = {
        claimed: claimed.map((run) => run.claim),
        lost: lost.map((run) => run.claim.run),
        nextAt: Math.min(schedule.nextAt(), ...[...runs.values()].map((run) => run.until)),
      }
      claimed = []
      ended = []
      lost = []
      return answer
    },
    undone() {
      const since = new Set(claimed)
      for (const run of claimed) if (runs.has(run.claim.run)) remove(run)
      for (const run of ended) if (!since.has(run)) add(run)
      claimed = []
      ended = []
      lost = []
      outdated = true
    },
    isBusy(lane, at) {
      schedule.advance(at)
      return schedule.isBusy(lane)
    },
    isIdle(lane, at) {
      schedule.advance(at)
      return schedule.isIdle(lane)
    },
    counts(at) {
      const counts: ReturnType<Claims['counts']> = {}
      const of = (queue: string) => (counts[queue] ??= { waiting: 0, dead: 0, oldestDue: 0 })
      for (const { queue, dueAt } of schedule.all()) {
        const count = of(queue)
        count.waiting++
        count.oldestDue = Math.max(count.oldestDue, at - dueAt)
      }
      for (const [queue, dead] of backlog.deadCounts()) of(queue).dead = dead
      return counts
    },
  }
}
