import type { Job, JobHandler, WorkOptions } from '../store.ts'
import type { WaitingJob } from './schedule.ts'

/** What one call of `work` started. */
export interface Team {
  queue: string
  options: WorkOptions
  handler: JobHandler
  /** How many of its runs are not over. */
  active: number
  /** Set when it takes no more jobs; to be resolved when its last run is over. */
  stopping?: PromiseWithResolvers<void>
}

/** One call of a handler. */
export interface Run {
  job: Job
  waiting: WaitingJob
  team: Team
  lease: number
  /** Its result is written down, or it was given up for lost. */
  over: boolean
}

/** Whether its lease has run out before its result came. */
export function isLost(run: Run, at: number): boolean {
  return !run.over && run.lease <= at
}

/** What logs say of it. */
export function about({ job: { id, queue, attempt } }: Run) {
  return { job: id, queue, attempt }
}
