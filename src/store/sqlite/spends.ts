import type { DatabaseSync } from 'node:sqlite'
import type { Budget } from '../store.ts'
import { number } from './rows.ts'

/** What was taken from budgets and when. Every function runs inside a transaction of the caller's. */
export interface SpendTable {
  /** Takes one from each and answers 0; or takes none and answers how long to wait, ms. */
  spend(budgets: Budget[], now: number): number
  /** Forgets what counts no longer, `limit` at most; how many. */
  forget(now: number, limit: number): number
}

export function createSpendTable(db: DatabaseSync): SpendTable {
  const insert = db.prepare('INSERT INTO spends VALUES (?, ?, ?)')
  /** What was taken before the clock was set back counts as taken now: no more is given, and nobody waits out the step. */
  const catchUp = db.prepare(
    'UPDATE spends SET at = ?2, until = ?2 + (until - at) WHERE name = ?1 AND at > ?2',
  )
  const newest = db.prepare('SELECT at FROM spends WHERE name = ? ORDER BY at DESC LIMIT 1 OFFSET ?')
  const forget = db.prepare(
    'DELETE FROM spends WHERE rowid IN (SELECT rowid FROM spends WHERE until <= ? LIMIT ?)',
  )

  /** The one that has to leave the span before another fits in. */
  function wait({ name, most, within }: Budget, now: number): number {
    if (most < 1) return within
    catchUp.run(name, now)
    const row = newest.get(name, most - 1)
    return row ? Math.max(0, number(row, 'at') + within - now) : 0
  }

  return {
    spend(budgets, now) {
      const longest = Math.max(0, ...budgets.map((budget) => wait(budget, now)))
      if (longest === 0) for (const { name, within } of budgets) insert.run(name, now, now + within)
      return longest
    },
    forget: (now, limit) => Number(forget.run(now, limit).changes),
  }
}
