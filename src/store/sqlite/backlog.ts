import type { DatabaseSync } from 'node:sqlite'
import type { Store } from '../store.ts'
import { toJob } from './jobs.ts'
import { number, text } from './rows.ts'
import type { WaitingJob } from './schedule.ts'

/** What lies in the store: for starting, for health, for tidying up. */
export interface Backlog {
  /** Takes back all leases: the runs ended with the process that held them. */
  takeBackLeases(): void
  waiting(): WaitingJob[]
  pauses(): { lane: string; until: number }[]
  /** A job of the lane runs or is due. */
  busy(lane: string, now: number): boolean
  dead(limit: number): Awaited<ReturnType<Store['deadJobs']>>
  counts(now: number): Awaited<ReturnType<Store['counts']>>
  /**
   * Forgets jobs with an outcome once they have been remembered for as long as they asked for, or else for `age` ms;
   * `limit` at most; how many.
   */
  forget(outcome: 'done' | 'cancelled' | 'dead', now: number, age: number, limit: number): number
  /** Forgets pauses that are over. */
  forgetPauses(now: number): void
}

export function createBacklog(db: DatabaseSync): Backlog {
  const takeBack = db.prepare('UPDATE jobs SET lease = NULL WHERE outcome IS NULL AND lease IS NOT NULL')
  const waiting = db.prepare(
    'SELECT seq, queue, lane, priority, due_at FROM jobs WHERE outcome IS NULL AND lease IS NULL ORDER BY seq',
  )
  const pauses = db.prepare('SELECT lane, until FROM pauses')
  const dead = db.prepare(
    "SELECT * FROM jobs WHERE outcome = 'dead' ORDER BY ended_at DESC, seq DESC LIMIT ?",
  )
  const busy = db.prepare(
    'SELECT 1 FROM jobs WHERE outcome IS NULL AND lane = ? AND (lease IS NOT NULL OR due_at <= ?) LIMIT 1',
  )
  const openCounts = db.prepare(
    // Named, since SQLite would choose an index without the due times and look at every row.
    `SELECT queue, count(*) AS waiting, min(due_at) AS due FROM jobs INDEXED BY jobs_waiting
     WHERE outcome IS NULL AND lease IS NULL GROUP BY queue`,
  )
  const deadCounts = db.prepare(
    "SELECT queue, count(*) AS dead FROM jobs WHERE outcome = 'dead' GROUP BY queue",
  )
  // The newest row stays, so that SQLite never gives its number to another job.
  const forget = db.prepare(
    `DELETE FROM jobs WHERE seq IN (
       SELECT seq FROM jobs WHERE outcome = ? AND ended_at + coalesce(remember, ?) < ?
       AND seq < (SELECT max(seq) FROM jobs) LIMIT ?)`,
  )
  const unpause = db.prepare('DELETE FROM pauses WHERE until <= ?')

  return {
    takeBackLeases: () => void takeBack.run(),
    waiting: () =>
      waiting.all().map((row) => ({
        seq: number(row, 'seq'),
        queue: text(row, 'queue'),
        lane: text(row, 'lane'),
        priority: number(row, 'priority'),
        dueAt: number(row, 'due_at'),
      })),
    pauses: () => pauses.all().map((row) => ({ lane: text(row, 'lane'), until: number(row, 'until') })),
    busy: (lane, now) => busy.get(lane, now) !== undefined,
    dead: (limit) =>
      dead.all(limit).map((row) => ({ job: toJob(row), why: text(row, 'why'), at: number(row, 'ended_at') })),
    counts(now) {
      const counts: ReturnType<Backlog['counts']> = {}
      for (const row of openCounts.all()) {
        const oldestDue = Math.max(0, now - number(row, 'due'))
        counts[text(row, 'queue')] = { waiting: number(row, 'waiting'), dead: 0, oldestDue }
      }
      for (const row of deadCounts.all()) {
        const count = counts[text(row, 'queue')] ?? { waiting: 0, dead: 0, oldestDue: 0 }
        counts[text(row, 'queue')] = { ...count, dead: number(row, 'dead') }
      }
      return counts
    },
    forget: (outcome, now, age, limit) => Number(forget.run(outcome, age, now, limit).changes),
    forgetPauses: (now) => void unpause.run(now),
  }
}
