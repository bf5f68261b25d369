import type { DatabaseSync } from 'node:sqlite'
import type { Keep } from '../keep.ts'
import type { Unreadable } from '../unreadable.ts'
import { createAuditTable } from './audit.ts'
import { createBacklog } from './backlog.ts'
import { carryingOver } from './carry-over.ts'
import { createChores } from './chores.ts'
import { createClaims } from './claims.ts'
import { Conflict, createCommits } from './commits.ts'
import { createDocumentTable } from './documents.ts'
import { createJobTable, type JobTable } from './jobs.ts'
import { createLeaseTable } from './leases.ts'
import type { Asked, Outcome, Requests, Turn, TurnAnswer } from './protocol.ts'
import { createSampleTable } from './samples.ts'
import { sealingChores } from './sealing.ts'
import { createSpendTable } from './spends.ts'

/** Carries out what was asked for, on the thread that owns the file. */
export interface Turns {
  /** Several turns as one transaction, on disk when this returns; an answer for each. Never throws. */
  carryOut(turns: Turn[]): TurnAnswer[]
  /** How many kinds of tidying up there are. */
  chores: number
}

type Handlers = {
  [K in keyof Requests]: (asked: Requests[K]['asked'], at: number) => Requests[K]['answer']
}

export function createTurns(db: DatabaseSync, keep: Keep): Turns {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const savepoint = db.prepare('SAVEPOINT operation')
  const release = db.prepare('RELEASE operation')
  const undo = db.prepare('ROLLBACK TO operation')
  const { handlers, claims, chores } = createHandlers(db, keep)

  function handle<K extends keyof Requests>(operation: Asked<K>, at: number): Requests[K]['answer'] {
    return handlers[operation.do as K](operation, at)
  }

  function isolated(operation: Asked, at: number): Outcome {
    savepoint.run()
    try {
      return { ok: true, answer: handle(operation, at) }
    } catch (error) {
      // A full disk makes SQLite give up the whole transaction, and the savepoint with it.
      if (!db.isTransaction) throw error
      undo.run()
      return error instanceof Conflict ? { ok: true, answer: 'conflict' } : { ok: false, error }
    } finally {
      if (db.isTransaction) release.run()
    }
  }

  function transaction(turns: Turn[]): Outcome[][] {
    begin.run()
    claims.catchUp()
    const outcomes = turns.map(({ at, operations }) => operations.map((one) => isolated(one, at)))
    claims.settle(turns.at(-1)!.at)
    commit.run()
    return outcomes
  }

  return {
    chores,
    carryOut(turns) {
      for (const order of turns.flatMap(({ started }) => started)) claims.start(order)
      for (const team of turns.flatMap(({ stopped }) => stopped)) claims.stop(team)
      try {
        const outcomes = transaction(turns)
        const settled = claims.committed()
        const nothing = { ...settled, claimed: [], lost: [] }
        // With the last answer: no job may begin before all that the transaction has written is known.
        const last = turns.length - 1
        return outcomes.map((some, n) => ({ outcomes: some, ...(n === last ? settled : nothing) }))
      } catch (error) {
        if (db.isTransaction) rollback.run()
        claims.undone()
        return turns.map(() => ({ failed: error }))
      }
    },
  }
}

function createHandlers(db: DatabaseSync, keep: Keep) {
  const backlog = createBacklog(db)
  const documents = createDocumentTable(db)
  const audit = createAuditTable(db)
  const samples = createSampleTable(db)
  const [leases, spends] = [createLeaseTable(db), createSpendTable(db)]
  const claims = createClaims(() => jobs, backlog)
  const jobs: JobTable = createJobTable(db, { remember: keep.finishedJobs, isRunning: claims.isRunning })
  const commits = createCommits({ jobs, documents, audit, samples, claims })
  let unreadable: Unreadable[] = []
  const report = (block: Unreadable) => void unreadable.push(block)
  const ageing = [...carryingOver(db, report), ...sealingChores(db, keep, report)]
  const chores = createChores({ backlog, documents, audit, ageing, leases, spends, keep })

  const handlers: Handlers = {
    enqueue: ({ rows }) => commits.addJobs(rows),
    commit: ({ rows }, at) => commits.apply(rows, at),
    begin: ({ id, attempt }) => claims.begin(id, attempt),
    conclude: ({ run, result }, at) => claims.conclude(run, result, at),
    lease: ({ name, holder, ttl }, at) => leases.take(name, holder, at, ttl),
    release: ({ name, holder }) => void leases.release(name, holder),
    spend: ({ budgets }, at) => spends.spend(budgets, at),
    busy: ({ lane }, at) => claims.isBusy(lane, at),
    counts: (_, at) => claims.counts(at),
    tidy({ chore }, at) {
      const began = performance.now()
      unreadable = []
      const more = chores[chore]!(at)
      return { took: performance.now() - began, more, unreadable }
    },
  }
  return { handlers, claims, chores: chores.length }
}
