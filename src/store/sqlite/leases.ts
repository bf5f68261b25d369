import type { DatabaseSync } from 'node:sqlite'

/** Who holds what for how long. Every function runs inside a transaction of the caller's. */
export interface LeaseTable {
  /** Takes or renews it for a holder; false when it is another's that has not run out. */
  take(name: string, holder: string, now: number, ttl: number): boolean
  release(name: string, holder: string): void
  /** Forgets those that have run out, `limit` at most; how many. */
  forget(now: number, limit: number): number
}

export function createLeaseTable(db: DatabaseSync): LeaseTable {
  const take = db.prepare(
    `INSERT INTO leases VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
     WHERE holder = excluded.holder OR until <= ?`,
  )
  const release = db.prepare('DELETE FROM leases WHERE name = ? AND holder = ?')
  const forget = db.prepare(
    'DELETE FROM leases WHERE name IN (SELECT name FROM leases WHERE until <= ? LIMIT ?)',
  )

  return {
    take: (name, holder, now, ttl) => take.run(name, holder, now + ttl, now).changes === 1,
    release: (name, holder) => void release.run(name, holder),
    forget: (now, limit) => Number(forget.run(now, limit).changes),
  }
}
