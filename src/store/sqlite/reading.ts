import type { DatabaseSync } from 'node:sqlite'
import type { AuditRow, ChainLink, ListQuery, Sample, Store, UnfinishedQuery, Versioned } from '../store.ts'
import type { SummaryRows } from '../summary-row.ts'
import type { Unreadable } from '../unreadable.ts'
import { createAuditTable } from './audit.ts'
import { createBacklog, type DeadJob, type UnfinishedJob } from './backlog.ts'
import { createDocumentTable } from './documents.ts'
import { createHistory } from './history.ts'

/** What the reading thread is asked for; each answers with rows. */
export interface Readings {
  list(query: ListQuery): Versioned[]
  audit(query: Parameters<Store['audit']>[0]): AuditRow[]
  auditStart(): ChainLink[]
  sampleAt(device: string, at: number): Sample[]
  samples(device: string, from: number, to: number, limit?: number): Sample[]
  summaries(...given: Parameters<Store['summaries']>): SummaryRows[]
  deadJobs(limit: number): DeadJob[]
  unfinished(query: UnfinishedQuery): UnfinishedJob[]
}

/** For something, or for more of what was asked for before. */
export type Ask =
  | { [K in keyof Readings]: { read: K; given: Parameters<Readings[K]> } }[keyof Readings]
  | { more: number }

/** Some of the rows; with `more` there are others, to be asked for by that number. */
export type Page = { rows: unknown[]; more?: number; unreadable?: Unreadable[] } | { failed: unknown }

/** Where the rows of summaries of a page lie. */
export function memoryOf(page: Page): ArrayBuffer[] {
  const rows = 'rows' in page ? (page.rows as Partial<SummaryRows>[]) : []
  return rows.flatMap(({ rows: summaries }) => (summaries ? [summaries.buffer as ArrayBuffer] : []))
}

/** So few that taking them over is a matter of a millisecond or two. */
const PAGE = 200
/** Of the database, bytes: what is asked of many breakers at once lies on many pages. */
const CACHE = 32 * 1024 * 1024

/** Reads, and hands out what was found page by page. */
export function createReading(db: DatabaseSync): (ask: Ask) => Page {
  db.exec(`PRAGMA cache_size = -${CACHE / 1024}`)
  const [audit, backlog] = [createAuditTable(db), createBacklog(db)]
  let unreadable: Unreadable[] = []
  const [documents, history] = [createDocumentTable(db), createHistory(db, (block) => unreadable.push(block))]
  const readings: Readings = {
    list: documents.list,
    audit: audit.read,
    auditStart: () => [audit.start()],
    sampleAt: (device, at) => [history.at(device, at)].filter((one) => one !== undefined),
    samples: history.range,
    summaries: history.summaries,
    deadJobs: backlog.dead,
    unfinished: backlog.unfinished,
  }
  const left = new Map<number, unknown[]>()
  let serial = 0

  function page(number: number, rows: unknown[]): Page {
    if (rows.length <= PAGE) return { rows }
    left.set(number, rows.slice(PAGE))
    return { rows: rows.slice(0, PAGE), more: number }
  }

  /** What is written meanwhile, such as what moves from one table to another, is not seen. */
  function atOnce(ask: Exclude<Ask, { more: number }>): unknown[] {
    const read = readings[ask.read] as (...given: unknown[]) => unknown[]
    db.exec('BEGIN')
    try {
      return read(...ask.given)
    } finally {
      db.exec('COMMIT')
    }
  }

  return (ask) => {
    try {
      if ('more' in ask) {
        const rows = left.get(ask.more) ?? []
        left.delete(ask.more)
        return page(ask.more, rows)
      }
      unreadable = []
      const rows = atOnce(ask)
      return { ...page(++serial, rows), ...(unreadable.length > 0 && { unreadable }) }
    } catch (error) {
      return { failed: error }
    }
  }
}
