/**
 * The store port: what the engine needs of a durable store, and no more. Drivers: `sqlite/` (embedded default, one
 * process), `redis/` (several). One conformance suite (`test/store/conformance.ts`) is run on every driver.
 */

import type { Summary } from '../domain/summary.ts'
import type { Job, JobHandler, NewJob, Worker, WorkOptions } from './job.ts'
import type { Keep } from './keep.ts'
import type { Sample } from './sample.ts'

export type { Job, JobHandler, JobResult, NewJob, Worker, WorkOptions } from './job.ts'
export type { Sample } from './sample.ts'

/** A piece of state with a version for compare-and-set. */
export interface Versioned<T = unknown> {
  key: string
  value: T
  /** 1 after the first write. */
  version: number
}

export interface Write {
  /** `kind/id`, e.g. `breaker/820720`. */
  key: string
  /** JSON; null deletes. */
  value: unknown
  /** The version that was read; 0 when the key must not exist yet. */
  version: number
  /** What {@link Store.list} finds it by; without it, it is not found. */
  index?: { at: number; open: boolean }
}

export interface AuditEntry {
  at: number
  /** A person's name, `system`, or `channel:senderId` of a stranger. */
  who: string
  /** What was done, e.g. `reclose.confirmed`. */
  what: string
  /** The breaker, incident or chat it was done to. */
  subject: string
  details?: Record<string, unknown>
}

/** A place in the audit chain; number 0 is before the first entry ever. */
export interface ChainLink {
  seq: number
  hash: string
}

/** An audit entry as kept: numbered and chained (each hash covers the one before). */
export interface AuditRow extends AuditEntry, ChainLink {}

/** Everything that follows from one event, taken as a whole or not at all. */
export interface Commit {
  writes?: Write[]
  jobs?: NewJob[]
  /** Ids of waiting jobs that must no longer run. Unknown, running and finished ones are passed over. */
  cancel?: string[]
  audit?: AuditEntry[]
  /** Two samples of one breaker at one time become one; of a value in both, the later one counts. */
  samples?: Sample[]
  /**
   * The job that this commit finishes. If it has ended already (by the commit of a run that was taken for lost), this
   * commit was taken before: nothing is written, and the answer is `ok`. Rejects when there is no such job.
   */
  done?: string
  /**
   * A job that is decided upon as it comes in, and ends with this commit: it never waits. `conflict` when its id is
   * known, or when something of its lane runs, is due, or holds the lane up; then it must wait for its turn
   * ({@link Store.enqueue}).
   */
  takes?: NewJob
}

/** At most so many in any span of so many ms: what one chat, or one bot, can take. */
export interface Budget {
  name: string
  most: number
  /** ms. */
  within: number
}

export interface UnfinishedQuery {
  queue: string
  lane: string
  priority: number
  /** Only those made after it, ms. */
  after?: number
  limit: number
}

export interface ListQuery {
  /** The part of the key before the slash. */
  kind: string
  open?: boolean
  /** Only those with index.at below. */
  before?: number
  /** Default 100. Newest first. */
  limit?: number
}

export interface Store {
  /** Resolves once the jobs are on disk. Answers which of the ids were new. */
  enqueue(jobs: NewJob[]): Promise<{ added: string[] }>
  /** Runs a handler over a queue's due jobs until stopped. */
  work(queue: string, options: WorkOptions, handler: JobHandler): Worker
  /**
   * Marks a running job as begun, durably, before something that may not happen twice. Rejects when the job is not
   * running or this run of it is begun already (by a run that was taken for lost and came back): then do not act.
   * @param attempt {@link Job.attempt} of the caller's run; a run that was taken for lost is then always refused
   */
  begin(jobId: string, attempt?: number): Promise<void>
  /** True while a job of the lane runs or is due: not all that is on disk has been acted upon. */
  busy(lane: string): Promise<boolean>
  /**
   * Jobs of a queue's lane that have not ended, those that run included, from a priority on, oldest first; `why` they were
   * tried again or had to wait. Looks through all that waits: not for often.
   */
  unfinished(query: UnfinishedQuery): Promise<{ job: Job; why?: string }[]>
  /** Jobs that were given up and why, newest first. Default limit 100. */
  deadJobs(limit?: number): Promise<{ job: Job; why: string; at: number }[]>

  get<T>(key: string): Promise<Versioned<T> | undefined>
  list<T>(query: ListQuery): Promise<Versioned<T>[]>
  /** `conflict` when a version was not the expected one: nothing was written; load and decide again. */
  commit(commit: Commit): Promise<'ok' | 'conflict'>

  /** Entries with seq above `after` (default 0), oldest first, of some subjects or of all. Default limit 100. */
  audit(query: { after?: number; limit?: number; subjects?: readonly string[] }): Promise<AuditRow[]>
  /** Where the chain that is kept begins: the last entry dropped for its age, to be checked against. */
  auditStart(): Promise<ChainLink>
  /** The last sample at or before `at`, as far back as they are kept as they were measured (`Keep.raw`). */
  sampleAt(device: string, at: number): Promise<Sample | undefined>
  /** Samples with from ≤ at < to, oldest first, as far back as they are kept so. Default: all of them. */
  samples(device: string, from: number, to: number, limit?: number): Promise<Sample[]>
  /**
   * What the samples of each minute, or hour, were, for each of the breakers, in their order: of the spans that begin
   * before `to`, from the one that holds `from` on, in order of time, without those that hold no sample. Up to the
   * latest sample. Minutes reach back `Keep.minutes`, hours `Keep.hours`.
   */
  summaries(
    devices: readonly string[],
    span: 'minute' | 'hour',
    from: number,
    to: number,
  ): Promise<Iterable<Summary>[]>

  /**
   * Takes or renews a lease, such as on a bot's connection: true while it is this holder's. It runs out `ttl` ms
   * after it was last renewed, and may then be another's.
   */
  lease(name: string, holder: string, ttl: number): Promise<boolean>
  /** Gives a lease back before its time; does nothing when it is not this holder's. */
  release(name: string, holder: string): Promise<void>
  /**
   * Takes one from each of the budgets, or from none. Answers 0 when taken, else how long to wait at least, ms. What
   * was taken stays taken across restarts, for all instances.
   */
  spend(budgets: Budget[]): Promise<number>

  /**
   * Tells all instances, this one too, something that need not last: who is away misses it. Never rejects.
   * @param word JSON
   */
  broadcast(topic: string, word: unknown): void
  /** Hears what is told; answers with what ends it. */
  hear(topic: string, listener: (word: unknown) => void): () => void

  /** Waiting and dead jobs by queue and the age (ms) of the oldest due one, for health and metrics. */
  counts(): Promise<Record<string, { waiting: number; dead: number; oldestDue: number }>>
  /** Ends all work and closes; a second call does nothing. */
  close(): Promise<void>
}

export interface StoreOptions {
  /** The clock; tests move it. */
  now?: () => number
  /** Taken in place of the defaults, one by one. */
  keep?: Partial<Keep>
  /**
   * Default true: what is older than that is let go. False for whoever only looks in, or repairs: how long things are kept
   * is the service's to say.
   */
  tidies?: boolean
}
