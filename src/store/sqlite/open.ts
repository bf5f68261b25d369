import type { DatabaseSync } from 'node:sqlite'
import type { Log } from '../../domain/log.ts'
import { StoreError } from '../errors.ts'
import { completeKeep } from '../keep.ts'
import type { Store, StoreOptions } from '../store.ts'
import { createAuditTable } from './audit.ts'
import { createBacklog } from './backlog.ts'
import { type Batch, createBatch } from './batch.ts'
import { createBroadcast } from './broadcast.ts'
import { createChores } from './chores.ts'
import { Conflict, createCommits, toCommitRows, toRows } from './commits.ts'
import { openDatabase } from './database.ts'
import { createDocumentTable } from './documents.ts'
import { createHistory } from './history.ts'
import { createJobTable } from './jobs.ts'
import { createLeaseTable } from './leases.ts'
import { createRunner } from './runner.ts'
import { createSpendTable } from './spends.ts'
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
  const [leases, spends] = [createLeaseTable(db), createSpendTable(db)]
  const words = createBroadcast(log)
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
    chores: createChores({ backlog, documents, audit, history, leases, spends, keep }),
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
    words.close()
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
    busy: async (lane) => whileOpen(() => backlog.busy(lane, now())),
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
    lease: (name, holder, ttl) => batch.run(() => leases.take(name, holder, now(), ttl)),
    release: (name, holder) => batch.run(() => leases.release(name, holder)),
    spend: (budgets) => batch.run(() => spends.spend(budgets, now())),
    broadcast: words.broadcast,
    hear: words.hear,
    counts: async () => whileOpen(() => backlog.counts(now())),
    close: () => (closing ??= shut()),
  }
}
