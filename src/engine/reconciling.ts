import type { Lookup, Parts } from './parts.ts'
import { ROUND, type RoundRecord, runRound } from './round.ts'
import type { Turn } from './turns.ts'

/** A lease on the whole round, renewed while it lasts. ms. */
const LEASE = { name: 'reconcile', ttl: 15_000, renewEvery: 5000 }
/** While another instance does it: when to look whether it is done, ms. */
const LOOK_AGAIN = 2000
/** Between the beginnings of two rounds, however often pushes seem to be missed, ms. */
const LEAST_PAUSE = 10_000
/** Before a page that could not be read is tried again, ms. */
const PAGE_PAUSES = [1000, 5000, 15_000]

export interface ReconcilingOptions {
  /** ms; 0: never. */
  every: number
  turn: Turn
  /** In place of {@link PAGE_PAUSES}. */
  pagePauses?: readonly number[]
  /** In place of {@link LEAST_PAUSE}. */
  leastPause?: number
}

/**
 * Asks the cloud how all breakers stand: at the start, regularly, and when pushes may have been missed. It pushes each
 * change once only, and we may have been away. What differs from what is known goes through the inbox like a push. Of
 * several instances one does it at a time, and what it found agreed holds for all.
 */
export function createReconciler(parts: Parts, lookup: Lookup, options: ReconcilingOptions) {
  const { store, log, now } = parts
  const { every, turn, pagePauses = PAGE_PAUSES } = options
  const leastPause = Math.min(every, options.leastPause ?? LEAST_PAUSE)
  const holder = parts.newId()
  const cut = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  /** A round is wanted that begins no earlier. */
  let wantedSince = 0
  let begun = 0

  /** Runs a round if one is due and no other instance does it. Answers when to look again, ms from now. */
  async function attempt(): Promise<number> {
    begun = now()
    if (!(await store.lease(LEASE.name, holder, LEASE.ttl))) return Math.min(every, LOOK_AGAIN)
    const lost = new AbortController()
    const renewing = setInterval(async () => {
      const isOurs = await store.lease(LEASE.name, holder, LEASE.ttl).catch(() => false)
      if (!isOurs) lost.abort()
    }, LEASE.renewEvery)
    try {
      const last = await store.get<RoundRecord>(ROUND)
      const at = last?.value.at ?? 0
      const isDone = at >= wantedSince && at > begun - every && at <= begun
      if (isDone) return at + every - begun
      await runRound(parts, lookup, last, AbortSignal.any([cut.signal, lost.signal]), { turn, pagePauses })
      return begun + every - now()
    } finally {
      clearInterval(renewing)
      await store.release(LEASE.name, holder)
    }
  }

  function plan(wait: number): void {
    clearTimeout(timer)
    if (cut.signal.aborted || running) return
    timer = setTimeout(
      () => {
        running = attempt()
          .catch((error) => {
            log.error({ error: String(error) }, 'reconciliation failed')
            return leastPause
          })
          .then((next) => {
            running = undefined
            // Another may have been wanted after that was said.
            plan(wantedSince > begun ? Math.min(next, leastPause) : next)
          })
      },
      // At most, for the clock may have been set.
      Math.min(Math.max(wait, 0), every),
    )
  }

  /** A round as soon as may be: pushes may have been missed until now. */
  function wanted(): void {
    wantedSince = now()
    // One that runs plans the next itself.
    if (every > 0 && timer !== undefined) plan(begun + leastPause - wantedSince)
  }

  return {
    start(): void {
      wantedSince = now()
      if (every > 0) plan(0)
    },
    wanted,
    async stop(): Promise<void> {
      cut.abort()
      clearTimeout(timer)
      await running
    },
  }
}
