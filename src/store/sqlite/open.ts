import type { DatabaseSync } from 'node:sqlite'
import type { Log } from '../../domain/log.ts'
import { StoreError } from '../errors.ts'
import { completeKeep } from '../keep.ts'
import type { Store, StoreOptions } from '../store.ts'
import { createAuditTable } from './audit.ts'
import { createBacklog } from './backlog.ts'
import { type Batch, createBatch } from './batch.ts'
import { createChores } from './chores.ts'
import { Conflict, createCommits, toCommitRows, toRows } from './commits.ts'
import { openDatabase } from './database.ts'
import { createDocumentTable } from './documents.ts'
import { createHistory } from './history.ts'
import { createJobTable } from './jobs.ts'
import { createRunner } from './runner.ts'
import { createTicker } from './ticker.ts'
import { createTidying } from './tidying.ts'

/** How long a clock that was set can go unnoticed, ms; a clock of the caller's own is one that tests move. */
const LOOK_AGAIN = 1000
const LOOK_AGAIN_MOVED = 20

export interface SqliteStoreOptions extends StoreOptions {
  log?: Pick<Log, 'warn' | 'error'>
}

/**
 * The embedded store: one SQLite file (and its journal and lock next to it), used by one process.
 * Makes the file and its folder if need be.
 * @throws StoreError with a plain sentence when the file is in use, damaged, too new, of another program, or out of reach
 */
export async function openSqliteStore(path: string, options: SqliteStoreOptions = {}): Promise<Store> {
  const { db, close } = openDatabase(path)
  try {
    return createStore(db, close, options)
  } catch (error) {
    close()
    throw error
  }
}

function createStore(db: DatabaseSync, close: () => void, options: SqliteStoreOptions): Store {
  const { now = Date.now, log } = options
  const jobs = createJobTable(db)
  const backlog = createBacklog(db)
  const documents = createDocumentTable(db)
  const audit = createAuditTable(db)
  const history = createHistory(db)
  backlog.takeBackLeases()
  const runner = createRunner({ batch: () => batch, jobs, backlog, now, log })
  const commits = createCommits({ jobs, documents, audit, history, schedule: runner.schedule, now })
  const batch: Batch = createBatch(db, {
    ...runner,
    afterCommit() {
      runner.afterCommit()
      ticker.expect(runner.schedule().nextAt())
    },
  })
  const keep = completeKeep(options.keep)
  const tidy = createTidying({
    batch,
    chores: createChores({ backlog, documents, audit, history, keep }),
    log,
  })
  const ticker = createTicker(now, options.now ? LOOK_AGAIN_MOVED : LOOK_AGAIN, () => {
    const at = now()
    if (runner.isDue(at)) batch.poke()
    tidy(at)
    ticker.expect(runner.schedule().nextAt())
  })
  let closing: Promise<void> | undefined

  async function shut() {
    await runner.close()
    batch.close()
    ticker.stop()
    close()
  }

  function whileOpen<T>(read: () => T): T {
    if (!db.isOpen) throw new StoreError('closed', 'The store is closed.')
    return read()
  }

  batch.poke()
  return {
    async enqueue(newJobs) {
      const rows = toRows(newJobs, now())
      return { added: await batch.run(() => commits.addJobs(rows)) }
    },
    work: (queue, workOptions, handler) => whileOpen(() => runner.work(queue, workOptions, handler)),
    async begin(jobId, attempt) {
      const begun = await batch.run(() => jobs.begin(jobId, attempt))
      if (!begun)
        throw new Error(`Job ${jobId} may not be begun: it is not running, or this run is begun already.`)
    },
    deadJobs: async (limit = 100) => whileOpen(() => backlog.dead(limit)),
    get: async <T>(key: string) => whileOpen(() => documents.get<T>(key)),
    list: async (query) => whileOpen(() => documents.list(query)),
    async commit(commit) {
      const rows = toCommitRows(commit, now())
      try {
        await batch.run(() => commits.apply(rows))
        return 'ok'
      } catch (error) {
        if (error instanceof Conflict) return 'conflict'
        throw error
      }
    },
    audit: async (query) => whileOpen(() => audit.read(query)),
    auditStart: async () => whileOpen(() => audit.start()),
    sampleAt: async (device, at) => whileOpen(() => history.at(device, at)),
    samples: async (device, from, to, limit) => whileOpen(() => history.range(device, from, to, limit)),
    counts: async () => whileOpen(() => backlog.counts(now())),
    close: () => (closing ??= shut()),
  }
}
