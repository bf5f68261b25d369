import { setTimeout as delay } from 'node:timers/promises'
import type { Metrics } from '../engine/metrics.ts'
import { createRepeating } from '../engine/repeating.ts'
import type { Logger } from '../log.ts'
import { verifyChain } from '../store/audit-chain.ts'
import type { Store } from '../store/store.ts'

/** How often the whole chain is checked, and how long after the start first, ms. */
const EVERY = { every: 24 * 3_600_000, first: 60_000 }
/** So many entries at once, a few ms, and the pause after them, ms: it has all day. */
const PAGE = 200
const PAUSE = 50

/** Checks once a day whether the audit is whole, beside all else. */
export function createAuditWatch(
  {
    store,
    metrics,
    log,
    now,
  }: { store: Pick<Store, 'audit' | 'auditStart'>; metrics: Metrics; log: Logger; now: () => number },
  times: Partial<typeof EVERY & { pause: number }> = {},
) {
  const { pause = PAUSE, ...often } = { ...EVERY, ...times }
  const cut = new AbortController()

  async function check(): Promise<void> {
    let last = await store.auditStart()
    while (!cut.signal.aborted) {
      const rows = await store.audit({ after: last.seq, limit: PAGE })
      const verdict = verifyChain(rows, last)
      if (!verdict.intact) {
        const start = await store.auditStart()
        if (start.seq <= last.seq) return tell(0, verdict.why)
        // Old entries were dropped for their age meanwhile: what is kept begins later by now.
        last = start
        continue
      }
      if (rows.length < PAGE) return tell(1)
      last = rows.at(-1)!
      await delay(pause, undefined, { signal: cut.signal }).catch(() => {})
    }
  }

  function tell(intact: 0 | 1, why?: string): void {
    metrics.auditIntact.set(intact)
    metrics.auditChecked.set(now() / 1000)
    if (why !== undefined) log.error({ why }, 'the audit is not whole: see «breakerbot audit verify»')
  }

  const repeating = createRepeating(log, { ...often, failed: 'the audit could not be checked' }, check)
  return {
    start: repeating.start,
    async stop(): Promise<void> {
      cut.abort()
      await repeating.stop()
    },
  }
}
