import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../errors.ts'

export interface BatchHooks {
  /** Runs last in every transaction; what it throws undoes the whole. */
  beforeCommit(): void
  /** The transaction is on disk, and those who asked have been answered. */
  afterCommit(): void
  /** The transaction was undone: memory that ran ahead of the disk must follow. Must not throw. */
  afterRollback(error: unknown): void
}

/** How many operations share a transaction at most: some milliseconds of work, so that the event loop goes on. */
const MOST = 256

/** Group commit: what is asked for in one turn of the event loop shares one transaction and one sync to disk. */
export interface Batch {
  /**
   * Runs a synchronous operation in the next transaction; resolves with its result when that is on disk.
   * An operation that throws is undone alone; a transaction that fails rejects all its operations.
   */
  run<T>(operation: () => T): Promise<T>
  /** Asks for a transaction even if nothing else does. */
  poke(): void
  /** Carries out what was asked for and refuses anything more. */
  close(): void
}

interface Pending {
  /** Runs it within the transaction and returns how to answer the asker. */
  attempt(): () => void
  reject(error: unknown): void
}

export function createBatch(db: DatabaseSync, hooks: BatchHooks): Batch {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const savepoint = db.prepare('SAVEPOINT operation')
  const release = db.prepare('RELEASE operation')
  const undo = db.prepare('ROLLBACK TO operation')
  const pending: Pending[] = []
  let scheduled: NodeJS.Immediate | undefined
  let closed = false

  function isolated<T>(operation: () => T): T {
    savepoint.run()
    try {
      return operation()
    } catch (error) {
      // A full disk makes SQLite give up the whole transaction, and the savepoint with it.
      if (db.isTransaction) undo.run()
      throw error
    } finally {
      if (db.isTransaction) release.run()
    }
  }

  function transaction(operations: Pending[]): (() => void)[] {
    begin.run()
    const answers = operations.map((operation) => operation.attempt())
    hooks.beforeCommit()
    commit.run()
    return answers
  }

  function flush() {
    scheduled = undefined
    const operations = pending.splice(0, MOST)
    if (pending.length > 0) poke()
    try {
      for (const answer of transaction(operations)) answer()
    } catch (error) {
      if (db.isTransaction) rollback.run()
      hooks.afterRollback(error)
      for (const operation of operations) operation.reject(error)
      return
    }
    hooks.afterCommit()
  }

  function poke() {
    if (!closed) scheduled ??= setImmediate(flush)
  }

  return {
    run<T>(operation: () => T) {
      if (closed) return Promise.reject(new StoreError('closed', 'The store is closed.'))
      return new Promise<T>((resolve, reject) => {
        const attempt = () => {
          try {
            const value = isolated(operation)
            return () => resolve(value)
          } catch (error) {
            if (!db.isTransaction) throw error
            return () => reject(error)
          }
        }
        pending.push({ attempt, reject })
        poke()
      })
    },
    poke,
    close() {
      closed = true
      clearImmediate(scheduled)
      while (pending.length > 0) flush()
    },
  }
}
