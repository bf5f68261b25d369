import { hash } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { AuditEntry, AuditRow, ChainLink } from './store.ts'

/** What stands for «the hash before» at the first entry. */
export const CHAIN_START = '0'.repeat(64)

/** Whether a chain is whole; if not, the first entry that does not fit and why. */
export type ChainVerdict = { intact: true } | { intact: false; seq: number; why: string }

/**
 * The hash of an entry: SHA-256 (hex) over the hash before it and the entry's canonical JSON with its number.
 * @param previous the hash of the entry before, or {@link CHAIN_START}
 */
export function chainHash(previous: string, entry: AuditEntry & { seq: number }): string {
  const { seq, at, who, what, subject, details } = entry
  const text = canonicalJson({ seq, at, who, what, subject, details })
  return hash('sha256', previous + text)
}

/**
 * Checks that rows follow each other without a gap and that each hash fits. Long chains can be checked page by
 * page. Rows cut off at the end cannot be noticed from the rows alone: compare the last hash with one kept elsewhere.
 * @param after the place before the first row: the row before it, or `Store.auditStart` for all that is kept; left
 *   out when the rows start with the first entry ever
 */
export function verifyChain(rows: Iterable<AuditRow>, after?: ChainLink): ChainVerdict {
  let previous = after ?? { seq: 0, hash: CHAIN_START }
  for (const row of rows) {
    const expected = previous.seq + 1
    if (row.seq !== expected) {
      return {
        intact: false,
        seq: expected,
        why: `entry ${expected} is missing, ${row.seq} stands in its place`,
      }
    }
    if (row.hash !== chainHash(previous.hash, row)) {
      return { intact: false, seq: row.seq, why: `entry ${row.seq} was changed, or one before it was` }
    }
    previous = row
  }
  return { intact: true }
}
