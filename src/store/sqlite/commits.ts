import type { AuditEntry, Commit, NewJob, Sample } from '../store.ts'
import { type AuditTable, toAuditEntry } from './audit.ts'
import { type DocumentTable, toWriteRow, type WriteRow } from './documents.ts'
import type { History } from './history.ts'
import { type JobTable, type NewRow, toRow } from './jobs.ts'
import type { Schedule, WaitingJob } from './schedule.ts'

/** A commit as it will be written: taken down when it was handed over, so that later changes do not reach it. */
export interface CommitRows {
  writes: WriteRow[]
  jobs: NewRow[]
  cancel: string[]
  audit: AuditEntry[]
  samples: Sample[]
  done: string | undefined
}

/** What changes more than one table; to be called within a transaction. */
export interface Commits {
  /** Returns the ids that were new. */
  addJobs(rows: NewRow[]): string[]
  /** @throws Conflict */
  apply(rows: CommitRows): void
}

/** A version was not the expected one; thrown so that the transaction takes back what came before. */
export class Conflict extends Error {}

interface Tables {
  jobs: JobTable
  documents: DocumentTable
  audit: AuditTable
  history: History
  schedule: () => Schedule
  now: () => number
}

export function toCommitRows(commit: Commit, now: number): CommitRows {
  return {
    writes: (commit.writes ?? []).map(toWriteRow),
    jobs: toRows(commit.jobs ?? [], now),
    cancel: [...(commit.cancel ?? [])],
    audit: (commit.audit ?? []).map(toAuditEntry),
    samples: (commit.samples ?? []).map((sample) => ({ ...sample })),
    done: commit.done,
  }
}

export function toRows(jobs: NewJob[], now: number): NewRow[] {
  return jobs.map((job) => toRow(job, now))
}

export function createCommits({ jobs, documents, audit, history, schedule, now }: Tables): Commits {
  /** Returns the new ones by id. */
  function insert(rows: NewRow[]): Map<string, WaitingJob> {
    const added = new Map<string, WaitingJob>()
    for (const row of rows) {
      const waiting = jobs.insert(row)
      if (waiting) added.set(row.id, waiting)
    }
    return added
  }

  function cancel(ids: string[]): number[] {
    const waiting = ids.map((id) => jobs.findWaiting(id)).filter((seq) => seq !== undefined)
    for (const seq of waiting) jobs.finish(seq, 'cancelled', now())
    return waiting
  }

  return {
    addJobs(rows) {
      const added = insert(rows)
      for (const job of added.values()) schedule().add(job)
      return [...added.keys()]
    },
    apply(rows) {
      const finished = rows.done === undefined ? undefined : jobs.find(rows.done)
      if (rows.done !== undefined && !finished)
        throw new Error(`There is no job ${rows.done} to be finished.`)
      if (finished?.ended) return
      for (const write of rows.writes) if (!documents.write(write)) throw new Conflict()
      if (finished) jobs.finish(finished.seq, 'done', now())
      const cancelled = cancel(rows.cancel)
      const added = insert(rows.jobs)
      audit.append(rows.audit)
      for (const sample of rows.samples) history.add(sample)
      // Memory last: nothing below can fail.
      for (const seq of cancelled) schedule().remove(seq)
      if (finished) schedule().remove(finished.seq)
      for (const job of added.values()) schedule().add(job)
    },
  }
}
