import { existsSync } from 'node:fs'
import type { Log } from '../../domain/log.ts'
import { StoreError } from '../errors.ts'
import { completeKeep } from '../keep.ts'
import type { Job, Store, StoreOptions, Versioned } from '../store.ts'
import { fromRows } from '../summary-row.ts'
import { createUnreadableLog } from '../unreadable.ts'
import { createBroadcast } from './broadcast.ts'
import { toCommitRows, toRows } from './commits.ts'
import { openForReading } from './database.ts'
import { createLongReads } from './long-reads.ts'
import { createLookup } from './lookup.ts'
import type { JobText, Turn, TurnAnswer } from './protocol.ts'
import type { Ask, Page } from './reading.ts'
import { createRunner } from './runner.ts'
import type { Duty } from './thread.ts'
import { startThread, type Thread } from './threads.ts'
import { createTicker } from './ticker.ts'
import { createTidying } from './tidying.ts'
import { createWriter } from './writer.ts'

/** How long a clock that was set can go unnoticed, ms; a clock of the caller's own is one that tests move. */
const LOOK_AGAIN = 1000
const LOOK_AGAIN_MOVED = 20

export interface SqliteStoreOptions extends StoreOptions {
  log?: Pick<Log, 'warn' | 'error'>
}

/**
 * The embedded store: one SQLite file (and its journal and lock next to it), used by one process. A thread of its own
 * writes to it, so that no wait for the disk holds up the program. Makes the file and its folder if need be.
 * @throws StoreError with a plain sentence when the file is in use, damaged, too new, of another program, or out of reach
 */
export async function openSqliteStore(path: string, options: SqliteStoreOptions = {}): Promise<Store> {
  const duty: Duty = { file: path, keep: completeKeep(options.keep), isReader: false }
  const writing = startThread<Turn, TurnAnswer>(duty, (error) =>
    options.log?.error({ err: error }, 'the store has failed'),
  )
  const reading = existsSync(path) ? startReading(duty, writing) : undefined
  try {
    return createStore(duty, await writing, await reading, options)
  } catch (error) {
    const begun = await Promise.allSettled([writing, reading])
    await Promise.all(begun.map((one) => one.status === 'fulfilled' && one.value?.close()))
    throw error
  }
}

/** Has the audit looked at beside all else; only then, where the one that writes must first be alone with the file. */
async function startReading(duty: Duty, writing: Promise<unknown>): Promise<Thread<Ask, Page>> {
  const start = () => startThread<Ask, Page>({ ...duty, isReader: true, checksAudit: true })
  try {
    return await start()
  } catch {
    await writing
    return start()
  }
}

function createStore(
  duty: Duty,
  thread: Thread<Turn, TurnAnswer>,
  begun: Thread<Ask, Page> | undefined,
  options: SqliteStoreOptions,
): Store {
  const { now = Date.now, log } = options
  const db = openForReading(duty.file)
  const lookup = createLookup(db, new Set(Object.keys(duty.keep.documents)))
  const unreadable = createUnreadableLog(log)
  const longReads = createLongReads({ ...duty, isReader: true }, unreadable, begun)
  const words = createBroadcast(log)
  const runner = createRunner({ writer: () => writer, now, log })
  const writer = createWriter({
    thread,
    now,
    log,
    written: lookup.written,
    settled(turn) {
      runner.settled(turn)
      ticker.expect(writer.nextAt())
    },
  })
  const { tidies = true } = options
  const tidy = tidies ? createTidying({ writer, chores: thread.chores, unreadable, log }) : () => {}
  const ticker = createTicker(now, options.now ? LOOK_AGAIN_MOVED : LOOK_AGAIN, () => {
    const at = now()
    if (writer.nextAt() <= at) writer.poke()
    tidy(at)
  })
  let closing: Promise<void> | undefined

  async function shut() {
    await runner.close()
    await writer.close()
    ticker.stop()
    words.close()
    db.close()
    await longReads.close()
    await thread.close()
  }

  function whileOpen<T>(read: () => T): T {
    if (!db.isOpen) throw new StoreError('closed', 'The store is closed.')
    return read()
  }

  writer.poke()
  return {
    async enqueue(jobs) {
      const rows = toRows(jobs, now())
      return { added: await writer.run({ do: 'enqueue', rows }) }
    },
    work: (queue, workOptions, handler) => whileOpen(() => runner.work(queue, workOptions, handler)),
    async begin(id, attempt) {
      if (!(await writer.run({ do: 'begin', id, attempt })))
        throw new Error(`Job ${id} may not be begun: it is not running, or this run is begun already.`)
    },
    busy: (lane) => writer.run({ do: 'busy', lane }),
    unfinished: async (query) => (await whileOpen(() => longReads.read('unfinished', query))).map(parsed),
    async deadJobs(limit = 100) {
      return (await whileOpen(() => longReads.read('deadJobs', limit))).map(parsed)
    },
    get: async <T>(key: string) => whileOpen(() => lookup.get<T>(key)),
    list: async <T>(query: Parameters<Store['list']>[0]) =>
      (await whileOpen(() => longReads.read('list', query))) as Versioned<T>[],
    async commit(commit) {
      const rows = toCommitRows(commit, now())
      const answer = await writer.run({ do: 'commit', rows })
      return answer === 'conflict' ? 'conflict' : 'ok'
    },
    audit: async (query) => whileOpen(() => longReads.read('audit', query)),
    auditStart: async () => (await whileOpen(() => longReads.read('auditStart')))[0]!,
    sampleAt: async (device, at) => (await whileOpen(() => longReads.read('sampleAt', device, at)))[0],
    samples: async (device, from, to, limit) =>
      whileOpen(() => longReads.read('samples', device, from, to, limit)),
    summaries: async (devices, span, from, to) =>
      (await whileOpen(() => longReads.read('summaries', devices, span, from, to))).map(fromRows),
    lease: (name, holder, ttl) => writer.run({ do: 'lease', name, holder, ttl }),
    release: async (name, holder) => writer.run({ do: 'release', name, holder }),
    spend: (budgets) => writer.run({ do: 'spend', budgets }),
    broadcast: words.broadcast,
    hear: words.hear,
    counts: () => writer.run({ do: 'counts' }),
    close: () => (closing ??= shut()),
  }
}

function parsed<T extends { job: JobText }>({ job, ...rest }: T): Omit<T, 'job'> & { job: Job } {
  return { ...rest, job: { ...job, payload: JSON.parse(job.payload) } }
}
