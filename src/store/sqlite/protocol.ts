import type { AuditEntry, Budget, Job, JobResult, Sample, Store } from '../store.ts'
import type { Unreadable } from '../unreadable.ts'
import type { WriteRow } from './documents.ts'
import type { WaitingJob } from './schedule.ts'

/** A new job with its payload as JSON text, taken down when it was handed over. */
export interface NewRow extends Omit<WaitingJob, 'seq'> {
  id: string
  payload: string
  collapse: string | null
  remember: number | null
  createdAt: number
}

/** A job with its payload as JSON text. */
export type JobText = Omit<Job, 'payload'> & { payload: string }

/** A commit as it will be written: taken down when it was handed over, so that later changes do not reach it. */
export interface CommitRows {
  writes: WriteRow[]
  jobs: NewRow[]
  cancel: string[]
  audit: AuditEntry[]
  samples: Sample[]
  done: string | undefined
  takes: Pick<NewRow, 'id' | 'lane' | 'remember'> | undefined
}

/** What the writing thread is asked for and what it answers, each with the data as plain values. */
export interface Requests {
  enqueue: { asked: { rows: NewRow[] }; answer: string[] }
  /** `before`: the job that it finishes had ended already, nothing was written. */
  commit: { asked: { rows: CommitRows }; answer: 'written' | 'before' | 'conflict' }
  begin: { asked: { id: string; attempt: number | undefined }; answer: boolean }
  /** `unfinished` when the run said `committed` and no commit has finished its job. */
  conclude: { asked: { run: number; result: JobResult }; answer: 'over' | 'unfinished' }
  lease: { asked: { name: string; holder: string; ttl: number }; answer: boolean }
  release: { asked: { name: string; holder: string }; answer: undefined }
  spend: { asked: { budgets: Budget[] }; answer: number }
  busy: { asked: { lane: string }; answer: boolean }
  counts: { asked: object; answer: Awaited<ReturnType<Store['counts']>> }
  /** One step of one kind of tidying up; how long it took, ms, whether there is more to do, what could not be read. */
  tidy: { asked: { chore: number }; answer: { took: number; more: boolean; unreadable: Unreadable[] } }
}

export type Asked<K extends keyof Requests = keyof Requests> = {
  [Each in K]: { do: Each } & Requests[Each]['asked']
}[K]

/** What a call of `work` asks for. */
export interface TeamOrder {
  team: number
  queue: string
  concurrency: number
  /** ms. */
  lease: number
}

/** All that was asked for in one turn of the event loop: one transaction. */
export interface Turn {
  /** The time by the store's clock. */
  at: number
  /** Teams that take jobs from now on, and those that take none any more; also when the transaction fails. */
  started: TeamOrder[]
  stopped: number[]
  operations: Asked[]
}

/** What became of one operation; the others of its turn are not touched by its failure. */
export type Outcome = { ok: true; answer: Requests[keyof Requests]['answer'] } | { ok: false; error: unknown }

/** A job for a team to run. */
export interface Claim {
  run: number
  team: number
  job: JobText
}

/** The answer to a turn: on disk as a whole, or not at all. */
export type TurnAnswer =
  | {
      outcomes: Outcome[]
      claimed: Claim[]
      /** Runs whose lease has run out. */
      lost: number[]
      /** When there is something to do before anybody asks; Infinity if never. */
      nextAt: number
    }
  | { failed: unknown }
