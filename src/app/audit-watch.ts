import { setTimeout as delay } from 'node:timers/promises'
import type { Metrics } from '../engine/metrics.ts'
import { createRepeating } from '../engine/repeating.ts'
import type { Logger } from '../log.ts'
import { verifyAudit } from '../store/audit-pages.ts'
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
    const between = () => delay(pause, undefined, { signal: cut.signal })
    try {
      const verdict = await verifyAudit(store, { page: PAGE, between })
      metrics.auditIntact.set(verdict.intact ? 1 : 0)
      metrics.auditChecked.set(now() / 1000)
      if (!verdict.intact)
        log.error({ why: verdict.why }, 'the audit is not whole: see «breakerbot audit verify»')
    } catch (error) {
      if (!cut.signal.aborted) throw error
    }
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
