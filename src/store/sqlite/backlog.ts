import type { DatabaseSync } from 'node:sqlite'
import type { Store, UnfinishedQuery } from '../store.ts'
import { toJobText } from './jobs.ts'
import type { JobText } from './protocol.ts'
import { number, text } from './rows.ts'
import type { WaitingJob } from './schedule.ts'

/** What lies in the store: for starting, for health, for tidying up. */
export interface Backlog {
  /** All jobs that have neither ended nor died, those that run included. */
  open(): WaitingJob[]
  pauses(): { lane: string; until: number; upTo: number }[]
  unfinished(query: UnfinishedQuery): UnfinishedJob[]
  dead(limit: number): DeadJob[]
  /** Dead jobs by queue. */
  deadCounts(): Map<string, number>
  /** Forgets jobs that died before a time, `limit` at most; how many. */
  forgetDead(before: number, limit: number): number
  /**
   * Looks at the next ids of ended jobs, in their order, and forgets those whose time is over.
   * @param after where it was left; '' at the beginning
   * @returns where to go on; undefined at the end
   */
  forgetEnded(now: number, after: string, limit: number): string | undefined
  /** Forgets pauses that are over. */
  forgetPauses(now: number): void
}

export interface UnfinishedJob {
  job: JobText
  why?: string
}

export type DeadJob = { job: JobText } & Pick<Awaited<ReturnType<Store['deadJobs']>>[number], 'why' | 'at'>

export function createBacklog(db: DatabaseSync): Backlog {
  const open = db.prepare(
    'SELECT seq, queue, lane, priority, due_at FROM jobs WHERE died_at IS NULL ORDER BY seq',
  )
  const pauses = db.prepare('SELECT lane, up_to, until FROM pauses')
  const unfinished = db.prepare(
    `SELECT * FROM jobs WHERE queue = ? AND lane = ? AND priority >= ? AND created_at > ? AND died_at IS NULL
     ORDER BY created_at, seq LIMIT ?`,
  )
  const dead = db.prepare(
    'SELECT * FROM jobs WHERE died_at IS NOT NULL ORDER BY died_at DESC, seq DESC LIMIT ?',
  )
  const deadCounts = db.prepare(
    'SELECT queue, count(*) AS dead FROM jobs WHERE died_at IS NOT NULL GROUP BY queue',
  )
  const forgetDead = db.prepare(
    'DELETE FROM jobs WHERE seq IN (SELECT seq FROM jobs WHERE died_at < ? LIMIT ?)',
  )
  // In the order of their ids: each page of the file is changed once, however many leave it, and needs no index.
  const upTo = db.prepare('SELECT id FROM ended WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?')
  const forgetSome = db.prepare('DELETE FROM ended WHERE id > ? AND id <= ? AND until <= ?')
  const forgetRest = db.prepare('DELETE FROM ended WHERE id > ? AND until <= ?')
  const unpause = db.prepare('DELETE FROM pauses WHERE until <= ?')

  return {
    open: () =>
      open.all().map((row) => ({
        seq: number(row, 'seq'),
        queue: text(row, 'queue'),
        lane: text(row, 'lane'),
        priority: number(row, 'priority'),
        dueAt: number(row, 'due_at'),
      })),
    pauses: () =>
      pauses.all().map((row) => ({
        lane: text(row, 'lane'),
        until: number(row, 'until'),
        upTo: number(row, 'up_to'),
      })),
    unfinished: ({ queue, lane, priority, after = 0, limit }) =>
      unfinished.all(queue, lane, priority, after, limit).map((row) => ({
        job: toJobText(row),
        ...(row.why !== null && { why: text(row, 'why') }),
      })),
    dead: (limit) =>
      dead
        .all(limit)
        .map((row) => ({ job: toJobText(row), why: text(row, 'why'), at: number(row, 'died_at') })),
    deadCounts: () => new Map(deadCounts.all().map((row) => [text(row, 'queue'), number(row, 'dead')])),
    forgetDead: (before, limit) => Number(forgetDead.run(before, limit).changes),
    forgetEnded(now, after, limit) {
      const end = upTo.get(after, limit - 1)
      if (!end) {
        forgetRest.run(after, now)
        return undefined
      }
      forgetSome.run(after, text(end, 'id'), now)
      return text(end, 'id')
    },
    forgetPauses: (now) => void unpause.run(now),
  }
}
