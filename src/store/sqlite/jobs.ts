import type { DatabaseSync } from 'node:sqlite'
import type { Job, NewJob } from '../store.ts'
import { number, type Row, text, toJson } from './rows.ts'
import type { WaitingJob } from './schedule.ts'

/** A new job with its payload as JSON text, taken down when it was handed over. */
export interface NewRow extends Omit<WaitingJob, 'seq'> {
  id: string
  payload: string
  collapse: string | null
  remember: number | null
  createdAt: number
}

/** The jobs on disk. Every function runs inside a transaction of the caller's. */
export interface JobTable {
  /** Adds it; undefined when its id is known or a job like it waits. */
  insert(row: NewRow): WaitingJob | undefined
  /** Takes down one more attempt, running until `lease`. */
  claim(seq: number, lease: number): Job
  /** False when the job is not running in that attempt (default: any), or was begun in it already. */
  begin(id: string, attempt?: number): boolean
  find(id: string): { seq: number; ended: boolean } | undefined
  /** The number of the job if it waits. */
  findWaiting(id: string): number | undefined
  finish(seq: number, outcome: 'done' | 'cancelled', now: number): void
  /** Lets a running job wait again; false if it has ended meanwhile. */
  retry(seq: number, dueAt: number, why: string): boolean
  bury(seq: number, why: string, now: number): void
  isOpen(seq: number): boolean
  pause(lane: string, until: number): void
}

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
export function toJob(row: Row): Job {
  return {
    id: text(row, 'id'),
    queue: text(row, 'queue'),
    lane: text(row, 'lane'),
    payload: JSON.parse(text(row, 'payload')),
    priority: number(row, 'priority'),
    attempt: number(row, 'attempt'),
    begun: row.begun !== null,
    createdAt: number(row, 'created_at'),
  }
}

export function createJobTable(db: DatabaseSync): JobTable {
  const insert = db.prepare(
    `INSERT INTO jobs (id, queue, lane, payload, priority, collapse, remember, due_at, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  )
  const alike = db.prepare(
    'SELECT 1 FROM jobs WHERE collapse = ? AND outcome IS NULL AND lease IS NULL LIMIT 1',
  )
  const claim = db.prepare('UPDATE jobs SET attempt = attempt + 1, lease = ? WHERE seq = ? RETURNING *')
  const begin = db.prepare(
    `UPDATE jobs SET begun = attempt
     WHERE id = ? AND lease IS NOT NULL AND attempt = coalesce(?, attempt) AND begun IS NOT attempt`,
  )
  const find = db.prepare('SELECT seq, lease, outcome FROM jobs WHERE id = ?')
  const finish = db.prepare(
    `UPDATE jobs SET outcome = ?, ended_at = ?, lease = NULL, payload = NULL, why = NULL
     WHERE seq = ? AND outcome IS NOT 'done'`,
  )
  const retry = db.prepare(
    'UPDATE jobs SET lease = NULL, due_at = ?, why = ? WHERE seq = ? AND outcome IS NULL',
  )
  const bury = db.prepare(
    "UPDATE jobs SET outcome = 'dead', ended_at = ?, lease = NULL, why = ? WHERE seq = ? AND outcome IS NULL",
  )
  const open = db.prepare('SELECT 1 FROM jobs WHERE seq = ? AND outcome IS NULL')
  const pause = db.prepare(
    'INSERT INTO pauses VALUES (?, ?) ON CONFLICT (lane) DO UPDATE SET until = max(until, excluded.until)',
  )

  return {
    insert({ id, queue, lane, payload, priority, collapse, remember, dueAt, createdAt }) {
      if (collapse !== null && alike.get(collapse)) return undefined
      const added = insert.run(id, queue, lane, payload, priority, collapse, remember, dueAt, createdAt)
      if (added.changes === 0) return undefined
      return { seq: Number(added.lastInsertRowid), queue, lane, priority, dueAt }
    },
    claim(seq, lease) {
      const row = claim.get(lease, seq)
      if (!row) throw new Error(`Job ${seq} is gone from the store.`)
      return toJob(row)
    },
    begin: (id, attempt) => begin.run(id, attempt ?? null).changes === 1,
    find(id) {
      const row = find.get(id)
      if (!row) return undefined
      return { seq: number(row, 'seq'), ended: row.outcome === 'done' || row.outcome === 'cancelled' }
    },
    findWaiting(id) {
      const row = find.get(id)
      return row && row.outcome === null && row.lease === null ? number(row, 'seq') : undefined
    },
    finish: (seq, outcome, now) => void finish.run(outcome, now, seq),
    retry: (seq, dueAt, why) => retry.run(dueAt, why, seq).changes === 1,
    bury: (seq, why, now) => void bury.run(now, why, seq),
    isOpen: (seq) => open.get(seq) !== undefined,
    pause: (lane, until) => void pause.run(lane, until),
  }
}
