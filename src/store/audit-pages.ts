import { verifyChain } from './audit-chain.ts'
import type { AuditRow, ChainLink, Store } from './store.ts'

/** How fast it is gone through. */
export interface Pace {
  /** So many entries at once. */
  page: number
  /** Before the next page; what it throws ends all. */
  between?(): Promise<unknown>
}

const FAST: Pace = { page: 1000 }

/** All entries after a place, page by page, oldest first. */
export async function* auditPages(
  store: Pick<Store, 'audit'>,
  { seq: start }: ChainLink,
  { page, between }: Pace = FAST,
): AsyncGenerator<AuditRow[]> {
  for (let after = start; ; ) {
    const rows = await store.audit({ after, limit: page })
    yield rows
    if (rows.length < page) return
    after = rows.at(-1)!.seq
    await between?.()
  }
}

/** The chain that is kept: how many entries it has and the last of them; or the first that does not fit, and why. */
export type AuditVerdict =
  | { intact: true; count: number; last?: AuditRow }
  | { intact: false; seq: number; why: string }

export async function verifyAudit(
  store: Pick<Store, 'audit' | 'auditStart'>,
  pace: Pace = FAST,
): Promise<AuditVerdict> {
  // Old entries are dropped for their age: what is kept begins here.
  const start = await store.auditStart()
  let count = 0
  let last: AuditRow | undefined
  for await (const rows of auditPages(store, start, pace)) {
    const verdict = verifyChain(rows, last ?? start)
    if (!verdict.intact) {
      // Dropped between two looks, beside a running service: what is kept begins later by now.
      const isDropped = (await store.auditStart()).seq > (last ?? start).seq
      return isDropped ? verifyAudit(store, pace) : verdict
    }
    count += rows.length
    last = rows.at(-1) ?? last
  }
  return { intact: true, count, ...(last && { last }) }
}
