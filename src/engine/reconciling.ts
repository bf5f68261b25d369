import { circuitState } from '../domain/breaker.ts'
import type { NewJob } from '../store/store.ts'
import type { DeviceStatus } from '../thingboot/status.ts'
import { reportOf } from './cloud-calls.ts'
import { getBreaker, type Lookup, type Parts } from './parts.ts'
import { breakerLane, type EventWork, PRIORITY, QUEUE } from './work.ts'

/**
 * The cloud's record may lag behind its own pushes (not documented): what it says against a position reported more
 * recently than this is not believed. ms.
 */
const SETTLED = 30_000

/**
 * Asks the cloud now and then how all breakers stand, because it pushes each change once only and we may have been
 * away. What differs from what is known goes through the inbox like a push.
 */
export function createReconciler(parts: Parts, lookup: Lookup, every: number) {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const cut = new AbortController()

  async function once(): Promise<void> {
    const status = await parts.cloud.list(cut.signal)
    if (!status.ok) {
      if (!cut.signal.aborted)
        parts.log.warn({ why: status.message }, 'the cloud could not be asked how the breakers stand')
      return
    }
    const jobs = (await Promise.all(status.data.map(difference))).flat()
    if (jobs.length === 0) return
    parts.log.info({ breakers: jobs.length }, 'the cloud knows something that no push told')
    await parts.store.enqueue(jobs)
  }

  async function difference(status: DeviceStatus): Promise<NewJob[]> {
    if (!lookup.breaker(status.device)) return []
    const known = (await getBreaker(parts.store, status.device))?.value
    const isRecent = (since: number | undefined) => since !== undefined && since > status.at - SETTLED
    const isAway = status.online === false
    // Of a breaker that is away the cloud knows no more than we do.
    const positions = Object.entries(isAway ? {} : status.positions).filter(([circuit, position]) => {
      const state = known && circuitState(known, circuit)
      return state?.position !== position && !isRecent(state?.heardAt)
    })
    const wasAway = known?.online === false
    const cameOrWent = status.online !== undefined && isAway !== wasAway && !isRecent(known?.lastReportAt)
    if (positions.length === 0 && !cameOrWent) return []
    const id = `reconcile:${status.device}:${status.at}`
    const report = { ...reportOf(status, id), positions: Object.fromEntries(positions), readings: {} }
    const payload: EventWork = { from: 'push', report }
    return [{ id, queue: QUEUE.events, lane: breakerLane(status.device), priority: PRIORITY.alarm, payload }]
  }

  function round(): void {
    running = once()
      .catch((error) => parts.log.error({ error: String(error) }, 'reconciliation failed'))
      .finally(() => {
        if (!cut.signal.aborted) timer = setTimeout(round, every)
      })
  }

  return {
    start(): void {
      if (every > 0) round()
    },
    async stop(): Promise<void> {
      cut.abort()
      clearTimeout(timer)
      await running
    },
  }
}
