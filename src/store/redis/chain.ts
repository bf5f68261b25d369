import { CHAIN_START, chainHash } from '../audit-chain.ts'
import type { AuditEntry, AuditRow, ChainLink } from '../store.ts'

/** New entries, numbered and hashed to follow `before`. */
export interface Linked {
  rows: AuditRow[]
  before: ChainLink
  generation: number
}

/**
 * The end of the audit chain as it will be when everything on its way has arrived. Commits are linked in the order in
 * which they are sent, without waiting for one another; where that was wrong (a commit before it was a conflict, or
 * another instance came between), Redis says so and the commit is linked anew.
 */
export interface Chain {
  link(entries: AuditEntry[]): Linked
  /** What was linked did not fit: the chain ends there. */
  correct(linked: Linked, end: ChainLink): void
}

export function createChain(): Chain {
  let end: ChainLink = { seq: 0, hash: CHAIN_START }
  let generation = 0
  return {
    link(entries) {
      const before = end
      const rows = entries.map((entry) => {
        const seq = end.seq + 1
        const row = { ...entry, seq, hash: chainHash(end.hash, { ...entry, seq }) }
        end = { seq, hash: row.hash }
        return row
      })
      return { rows, before, generation }
    },
    correct(linked, found) {
      // Others of the same generation learn from the first: by then the chain goes on from there.
      if (linked.generation !== generation) return
      generation++
      end = found.hash === '' ? { seq: found.seq, hash: CHAIN_START } : found
    },
  }
}
