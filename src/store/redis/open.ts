import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../../domain/log.ts'
import { StoreError } from '../errors.ts'
import { completeKeep } from '../keep.ts'
import type { AuditEntry, ChainLink, Commit, Store, StoreOptions } from '../store.ts'
import { createUnreadableLog, type Unreadable } from '../unreadable.ts'
import { auditStart, readAudit } from './audit.ts'
import { type Caller, createCaller } from './caller.ts'
import { createChain, type Linked } from './chain.ts'
import { type Connections, connect } from './connection.ts'
import { createCourier } from './courier.ts'
import { getDocument, listDocuments, toWriteRow } from './documents.ts'
import { checkFitness } from './fitness.ts'
import { createHistory } from './history.ts'
import { counts, deadJobs, isBusy, toRow, unfinished } from './jobs.ts'
import { finite } from './numbers.ts'
import { createRunner } from './runner.ts'
import { toSampleRow } from './samples.ts'
import { listOf } from './scripts.ts'
import { createTicking } from './ticking.ts'
import { createTidying } from './tidying.ts'
import { createWords } from './words.ts'

export interface RedisStoreOptions extends StoreOptions {
  /** Of all keys; services on one Redis that have nothing to do with each other need prefixes of their own. */
  prefix?: string
  /**
   * The same after a restart, and no living process's but this one's: what its dead predecessor was running is then
   * run again at once.
   */
  holder?: string
  log?: Pick<Log, 'info' | 'warn' | 'error'>
}

/** How long an end in order may take, ms: what an instance leaves behind is taken back by the others all the same. */
const LEAVE_WITHIN = 2000

/**
 * The store for several instances of the service: state, schedule and audit by our own scripts, so that a commit is
 * all or nothing; BullMQ hands the ready jobs to whichever instance has a hand free.
 * @param url `redis://[user:password@]host[:port][/db]`, or `rediss://…`
 * @throws StoreError with a plain sentence when Redis is not there, or would not keep what it takes
 */
export async function openRedisStore(url: string, options: RedisStoreOptions = {}): Promise<Store> {
  const prefix = `{${options.prefix ?? 'breakerbot'}}:`
  const connections = await connect(url, options.log)
  try {
    await checkFitness(connections.main, { url, prefix, log: options.log })
    return await createStore(url, prefix, connections, options)
  } catch (error) {
    connections.close()
    throw error
  }
}

async function createStore(
  url: string,
  prefix: string,
  connections: Connections,
  options: RedisStoreOptions,
): Promise<Store> {
  const { now = Date.now, log } = options
  const keep = completeKeep(options.keep)
  const instance = `${options.holder ?? ''}/${randomUUID()}`
  const { main, queues } = connections
  const caller = createCaller({
    ...{ url, prefix, connections },
    // A clock of the caller's own is one that tests move.
    now: (clock) => (clock === 'own' || options.now ? now() : 'server'),
    heard: (reply) => ticking.heard(reply),
  })
  const courier = createCourier(main, queues, prefix)
  const giveBack = (lane: string) => ticking.giveBack(lane)
  const runner = createRunner({
    caller,
    queues,
    prefix,
    instance,
    keep: keep.finishedJobs,
    now,
    log,
    giveBack,
  })
  const words = createWords(main, connections.words, prefix)
  const tell = createUnreadableLog(log)
  const report = (block: Unreadable) => tell([block])
  const { tidies = true } = options
  const tidy = tidies ? createTidying({ caller, prefix, instance, keep, report, log }) : () => {}
  const ticking = createTicking({
    ...{ caller, courier, connections, instance, heir: options.holder, runner, now, tidy, log },
    isMoved: options.now !== undefined,
  })
  const commit = createCommit(caller, keep.finishedJobs)
  let closing: Promise<void> | undefined

  async function shut(): Promise<void> {
    await runner.close()
    // BullMQ waits for Redis, for as long as that is away.
    await Promise.race([takeLeave(), delay(LEAVE_WITHIN, undefined, { ref: false })])
    connections.close()
    await caller.close()
  }

  async function takeLeave(): Promise<void> {
    await ticking.stop()
    await caller.call('leave', { instance }).catch(() => {})
    await caller.close()
    await courier.close()
  }

  function whileOpen<T>(then: () => T): T {
    if (caller.isClosed()) throw new StoreError('closed', 'The store is closed.')
    return then()
  }

  await words.start()
  ticking.start()
  return {
    async enqueue(jobs) {
      const { added } = await commit({ jobs })
      return { added }
    },
    work: (queue, workOptions, handler) => whileOpen(() => runner.work(queue, workOptions, handler)),
    async begin(id, attempt) {
      const { ok } = await caller.call('begin', { id, ...(attempt !== undefined && { attempt }) })
      if (!ok) throw new Error(`Job ${id} may not be begun: it is not running, or this run is begun already.`)
    },
    busy: (lane) => caller.read((redis) => isBusy(redis, prefix, lane)),
    unfinished: (query) => caller.read((redis) => unfinished(redis, prefix, query)),
    deadJobs: (limit = 100) => caller.read((redis) => deadJobs(redis, prefix, limit)),
    get: <T>(key: string) => caller.read((redis) => getDocument<T>(redis, prefix, key)),
    list: <T>(query: Parameters<Store['list']>[0]) =>
      caller.read((redis) => listDocuments<T>(redis, prefix, query)),
    commit: async (all) => (await commit(all)).answer,
    audit: (query) => caller.read((redis) => readAudit(redis, prefix, query)),
    auditStart: () => caller.read((redis) => auditStart(redis, prefix)),
    ...createHistory((reading) => caller.read((redis) => reading(redis, prefix)), report),
    async lease(name, holder, ttl) {
      return (await caller.call('lease', { name, holder, ttl }, 'shared')).held === true
    },
    async release(name, holder) {
      await caller.call('lease', { name, holder, ttl: 0 }, 'shared')
    },
    spend: async (budgets) => Number((await caller.call('spend', { budgets }, 'shared')).wait),
    broadcast: words.broadcast,
    hear: words.hear,
    counts: () => caller.read((redis) => counts(redis, prefix, now())),
    close: () => (closing ??= shut()),
  }
}

interface Committed {
  answer: 'ok' | 'conflict'
  added: string[]
}

function createCommit(caller: Caller, keep: number): (commit: Commit) => Promise<Committed> {
  const chain = createChain()

  async function send(ask: object, entries: AuditEntry[], done: string | undefined): Promise<Committed> {
    // No pause between linking and sending: commits are to arrive in the order in which they were linked.
    const linked = chain.link(entries)
    const word = await caller.call('commit', { ...ask, ...toAuditRows(linked) })
    if (word.missing) throw new Error(`There is no job ${done} to be finished.`)
    if (word.stale) {
      chain.correct(linked, word.stale as ChainLink)
      return send(ask, entries, done)
    }
    return { answer: word.conflict ? 'conflict' : 'ok', added: listOf(word.added) }
  }

  return async ({ writes = [], jobs = [], cancel = [], audit = [], samples = [], done, takes }) =>
    send(
      {
        keep,
        ...(done !== undefined && { done }),
        ...(takes && { takes: { id: takes.id, lane: takes.lane, remember: takes.remember } }),
        writes: writes.map(toWriteRow),
        jobs: jobs.map(toRow),
        cancel: [...cancel],
        samples: samples.map(toSampleRow),
      },
      audit.map(toAuditEntry),
      done,
    )
}

/** An entry as it will be read back, so that its hash fits then. */
function toAuditEntry(entry: AuditEntry): AuditEntry {
  finite(entry.at, 'The time of an audit entry')
  return JSON.parse(JSON.stringify(entry))
}

function toAuditRows({ rows, before }: Linked): object {
  return {
    audit: rows.map((row) => ({ seq: row.seq, subject: row.subject, row: JSON.stringify(row) })),
    before,
    head: rows.at(-1)?.hash ?? before.hash,
  }
}
