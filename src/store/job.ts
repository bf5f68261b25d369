/** Work to be done at least once. */
export interface NewJob {
  /** The same id is taken once; ids of finished jobs are remembered for `Keep.finishedJobs`. */
  id: string
  /** Which handler runs it. */
  queue: string
  /** Jobs of one lane run one at a time, whichever their queues: by priority, then in the order they came. */
  lane: string
  /** JSON. */
  payload: unknown
  /** ms since 1970; default: at once. */
  dueAt?: number
  /** Higher first; default 0. */
  priority?: number
  /** While a job with this key waits (not running, not finished), another one with it is not added. */
  collapse?: string
  /** How long its id is remembered once it has finished, ms; default `Keep.finishedJobs`. */
  remember?: number
}

export interface Job {
  id: string
  queue: string
  lane: string
  payload: unknown
  priority: number
  /** 1 at the first run. */
  attempt: number
  /** `Store.begin` was called for it in an earlier run: what it does may already have happened. */
  begun: boolean
  createdAt: number
}

/**
 * What became of a run.
 * - `done`: finished; `committed`: finished by `Commit.done` in the handler's own commit (if it was not, the
 *   run counts as one that threw).
 * - `retryAt`: again at that time; with `pauseLane` nothing else of the lane runs before.
 * - `waitUntil`: it could not be tried yet: again at that time, and the run does not count as an attempt. Before, only
 *   jobs of the lane with a higher priority run. Not for a job that was begun in this run.
 * - `dead`: given up for good; kept with its reason.
 */
export type JobResult =
  | 'done'
  | 'committed'
  | { retryAt: number; why: string; pauseLane?: boolean }
  | { waitUntil: number; why: string }
  | { dead: string }

/** A handler that throws is retried with back-off (1 s doubling to 5 min). */
export type JobHandler = (job: Job) => Promise<JobResult>

export interface WorkOptions {
  /** How many jobs (of different lanes) run at once. */
  concurrency: number
  /** ms after which a run counts as lost and the job is run again. */
  lease: number
}

export interface Worker {
  /** Takes no more jobs; resolves when the running ones have ended. */
  stop(): Promise<void>
}
