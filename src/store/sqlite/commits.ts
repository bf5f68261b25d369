import type { Commit, NewJob } from '../store.ts'
import { type AuditTable, toAuditEntry } from './audit.ts'
import type { Claims } from './claims.ts'
import { type DocumentTable, toWriteRow } from './documents.ts'
import { type JobTable, toRow } from './jobs.ts'
import type { CommitRows, NewRow } from './protocol.ts'
import type { SampleTable } from './samples.ts'
import type { WaitingJob } from './schedule.ts'

/** What changes more than one table; to be called within a transaction. */
export interface Commits {
  /** Returns the ids that were new. */
  addJobs(rows: NewRow[]): string[]
  /** @throws Conflict */
  apply(rows: CommitRows, now: number): 'written' | 'before'
}

/** A version was not the expected one; thrown so that the transaction takes back what came before. */
export class Conflict extends Error {}

interface Tables {
  jobs: JobTable
  documents: DocumentTable
  audit: AuditTable
  samples: SampleTable
  claims: Claims
}

export function toCommitRows(commit: Commit, now: number): CommitRows {
  return {
    writes: (commit.writes ?? []).map(toWriteRow),
    jobs: toRows(commit.jobs ?? [], now),
    cancel: [...(commit.cancel ?? [])],
    audit: (commit.audit ?? []).map(toAuditEntry),
    samples: (commit.samples ?? []).map((sample) => ({ ...sample })),
    done: commit.done,
    takes: commit.takes && toTaken(commit.takes),
  }
}

const toTaken = ({ id, lane, remember }: NewJob) => ({ id, lane, remember: remember ?? null })

export function toRows(jobs: NewJob[], now: number): NewRow[] {
  return jobs.map((job) => toRow(job, now))
}

export function createCommits({ jobs, documents, audit, samples, claims }: Tables): Commits {
  function insert(rows: NewRow[]): { id: string; waiting: WaitingJob }[] {
    return rows.flatMap((row) => {
      const waiting = jobs.insert(row)
      return waiting ? [{ id: row.id, waiting }] : []
    })
  }

  /** The number of the job, taken out of the table. Undefined when that was done before. */
  function finish(id: string, now: number): number | undefined {
    const seq = jobs.end(id, now)
    if (seq === undefined && !jobs.hasEnded(id)) throw new Error(`There is no job ${id} to be finished.`)
    return seq
  }

  /** False when it is known, or must wait for its turn. */
  function takeIn(job: NonNullable<CommitRows['takes']>, now: number): boolean {
    return claims.isIdle(job.lane, now) && jobs.takeIn(job, now)
  }

  function cancel(id: string, now: number): number[] {
    const seq = jobs.findOpen(id)
    if (seq === undefined || claims.isRunning(seq)) return []
    jobs.end(id, now)
    return [seq]
  }

  return {
    addJobs(rows) {
      const added = insert(rows)
      for (const { waiting } of added) claims.schedule().add(waiting)
      return added.map(({ id }) => id)
    },
    apply(rows, now) {
      const finished = rows.done === undefined ? undefined : finish(rows.done, now)
      if (rows.done !== undefined && finished === undefined) return 'before'
      if (rows.takes && !takeIn(rows.takes, now)) throw new Conflict()
      for (const write of rows.writes) if (!documents.write(write)) throw new Conflict()
      const cancelled = rows.cancel.flatMap((id) => cancel(id, now))
      const added = insert(rows.jobs)
      audit.append(rows.audit)
      for (const sample of rows.samples) samples.add(sample)
      // Memory last: nothing below can fail.
      for (const seq of cancelled) claims.schedule().remove(seq)
      if (finished !== undefined) claims.schedule().remove(finished)
      for (const { waiting } of added) claims.schedule().add(waiting)
      return 'written'
    },
  }
}
