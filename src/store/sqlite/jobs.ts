import type { DatabaseSync } from 'node:sqlite'
import { rememberNewest } from '../../domain/newest.ts'
import { toJson } from '../json.ts'
import type { NewJob } from '../store.ts'
import type { JobText, NewRow } from './protocol.ts'
import { number, type Row, text } from './rows.ts'
import type { WaitingJob } from './schedule.ts'

/**
 * The jobs on disk that have not ended, and the ids of those that have. Every function runs inside a transaction of
 * the caller's.
 */
export interface JobTable {
  /** Adds it; undefined when its id is known, or one with its collapse key is there and does not run. */
  insert(row: NewRow): WaitingJob | undefined
  /** As on disk: `attempt` is that of the last run whose end, or whose begin, was written down. */
  read(seq: number): JobText
  /** Ends a job: takes it out and keeps its id. Undefined when there is no such job, or it has ended already. */
  end(id: string, now: number): number | undefined
  /** Keeps the id of a job that ends as it comes in; false when it is known. */
  takeIn(job: Pick<NewRow, 'id' | 'remember'>, now: number): boolean
  hasEnded(id: string): boolean
  /** The number of a job that has neither ended nor died. */
  findOpen(id: string): number | undefined
  /** False when it was begun in this attempt already, or has ended. */
  begin(seq: number, attempt: number): boolean
  /** Lets a job that ran wait again; false if it has ended meanwhile. */
  retry(seq: number, attempt: number, dueAt: number, why: string): boolean
  bury(seq: number, attempt: number, why: string, now: number): void
  /** Nothing of the lane with a priority up to this one runs before. */
  pause(lane: string, until: number, upTo: number): void
  /** Forgets what it has in memory: a transaction was undone. */
  forgetFresh(): void
}

/** How many of the jobs just added are kept in memory, since most are claimed at once. */
const FRESH = 1000

export function toRow(job: NewJob, now: number): NewRow {
  return {
    id: job.id,
    queue: job.queue,
    lane: job.lane,
    payload: toJson(job.payload ?? null, `The payload of job ${job.id}`),
    priority: job.priority ?? 0,
    collapse: job.collapse ?? null,
    remember: job.remember ?? null,
    dueAt: job.dueAt ?? now,
    createdAt: now,
  }
}

/** A row of `jobs` as a job. */
export function toJobText(row: Row): JobText {
  return {
    id: text(row, 'id'),
    queue: text(row, 'queue'),
    lane: text(row, 'lane'),
    payload: text(row, 'payload'),
    priority: number(row, 'priority'),
    attempt: number(row, 'attempt'),
    begun: row.begun !== null,
    createdAt: number(row, 'created_at'),
  }
}

/**
 * @param remember how long ids are kept whose job does not say, ms
 * @param isRunning whether a job that has not ended runs just now: only memory knows
 */
export function createJobTable(
  db: DatabaseSync,
  { remember: usual, isRunning }: { remember: number; isRunning: (seq: number) => boolean },
): JobTable {
  const last = db.prepare('SELECT max(seq) AS seq FROM jobs')
  const insert = db.prepare(
    `INSERT INTO jobs (seq, id, queue, lane, payload, priority, collapse, remember, due_at, created_at)
     SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM ended WHERE id = ?2)
     ON CONFLICT (id) DO NOTHING`,
  )
  const alike = db.prepare('SELECT seq FROM jobs WHERE collapse = ? AND died_at IS NULL')
  const read = db.prepare('SELECT * FROM jobs WHERE seq = ?')
  const take = db.prepare('DELETE FROM jobs WHERE id = ? RETURNING seq, remember')
  const keepId = db.prepare('INSERT OR REPLACE INTO ended VALUES (?, ?)')
  const keepNewId = db.prepare(
    `INSERT INTO ended SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE id = ?1)
     ON CONFLICT DO NOTHING`,
  )
  const ended = db.prepare('SELECT 1 FROM ended WHERE id = ?')
  const open = db.prepare('SELECT seq FROM jobs WHERE id = ? AND died_at IS NULL')
  const begin = db.prepare('UPDATE jobs SET attempt = ?2, begun = ?2 WHERE seq = ?1 AND begun IS NOT ?2')
  const retry = db.prepare('UPDATE jobs SET attempt = ?, due_at = ?, why = ? WHERE seq = ?')
  const bury = db.prepare('UPDATE jobs SET attempt = ?, why = ?, died_at = ? WHERE seq = ?')
  const pause = db.prepare(
    `INSERT INTO pauses VALUES (?, ?, ?)
     ON CONFLICT (lane, up_to) DO UPDATE SET until = max(until, excluded.until)`,
  )
  const fresh = new Map<number, JobText>()
  // Numbers are given here, so that none is given twice while a run of the one before may still go on.
  const newest = last.get()?.seq
  let next = typeof newest === 'number' ? newest + 1 : 1

  function remember(seq: number, { collapse: _, remember: __, dueAt: ___, ...job }: NewRow) {
    rememberNewest(fresh, seq, { ...job, attempt: 0, begun: false }, FRESH)
  }

  return {
    insert(row) {
      const { id, queue, lane, payload, priority, collapse, dueAt, createdAt } = row
      if (collapse !== null && alike.all(collapse).some((one) => !isRunning(number(one, 'seq'))))
        return undefined
      const seq = next
      const { changes } = insert.run(
        seq,
        id,
        queue,
        lane,
        payload,
        priority,
        collapse,
        row.remember,
        dueAt,
        createdAt,
      )
      if (changes === 0) return undefined
      next++
      remember(seq, row)
      return { seq, queue, lane, priority, dueAt }
    },
    read(seq) {
      const known = fresh.get(seq)
      fresh.delete(seq)
      if (known) return known
      const row = read.get(seq)
      if (!row) throw new Error(`Job ${seq} is gone from the store.`)
      return toJobText(row)
    },
    end(id, now) {
      const row = take.get(id)
      if (!row) return undefined
      keepId.run(id, now + (row.remember === null ? usual : number(row, 'remember')))
      return number(row, 'seq')
    },
    takeIn: ({ id, remember }, now) => keepNewId.run(id, now + (remember ?? usual)).changes === 1,
    hasEnded: (id) => ended.get(id) !== undefined,
    findOpen(id) {
      const row = open.get(id)
      return row && number(row, 'seq')
    },
    begin: (seq, attempt) => begin.run(seq, attempt).changes === 1,
    retry: (seq, attempt, dueAt, why) => retry.run(attempt, dueAt, why, seq).changes === 1,
    bury: (seq, attempt, why, now) => void bury.run(attempt, why, now, seq),
    pause: (lane, until, upTo) => void pause.run(lane, upTo, until),
    forgetFresh: () => fresh.clear(),
  }
}
