import { within } from '../engine/answers.ts'
import { QUEUE } from '../engine/queues.ts'
import { StoreError } from '../store/errors.ts'
import type { Store } from '../store/store.ts'

/** So long a look waits for the store, ms. */
const WAITS = 10_000
/**
 * So long the store may say nothing at all, ms: a slow disk may take minutes to work in what has come up during a backup,
 * and a new start would have it begin with that anew.
 */
const ANSWERS_WITHIN = 300_000
/** Longer than the longest pause before a job is tried again (5 min), ms: what waits behind that one is due, too. */
const MOVES_WITHIN = 360_000

export interface Liveness {
  /** The store as the service uses it: what is worked on is seen. */
  store: Store
  /**
   * Why this process is of no use any more, in a sentence; undefined while it is. That the store is away or full, or a
   * platform down, is no reason: that would not be mended by starting anew.
   */
  ailment(): Promise<string | undefined>
}

/**
 * Judges whether a process still does its work: its store answers, and what came in is decided upon.
 * @param isAlone nobody else works on the store; of several, the others do what one leaves undone
 * @param clock one that nobody sets, ms
 */
export function createLiveness(
  store: Store,
  isAlone: boolean,
  clock: () => number = () => performance.now(),
): Liveness {
  let ranAt = clock()
  let answeredAt = clock()

  /** However late it comes: an answer is one. */
  const asked = () =>
    store.counts().finally(() => {
      answeredAt = clock()
    })

  async function ailment(): Promise<string | undefined> {
    try {
      const counts = await within(WAITS, asked())
      if (!counts && clock() - answeredAt < ANSWERS_WITHIN) return undefined
      if (!counts) return `The store has not answered for ${ANSWERS_WITHIN / 60_000} min.`
      const due = counts[QUEUE.events]?.oldestDue ?? 0
      if (!isAlone || Math.min(due, clock() - ranAt) < MOVES_WITHIN) return undefined
      return `Nothing that came in has been decided upon for ${MOVES_WITHIN / 60_000} min.`
    } catch (error) {
      return error instanceof StoreError && error.code === 'failed' ? error.message : undefined
    }
  }

  return {
    store: {
      ...store,
      work: (queue, options, handler) =>
        store.work(queue, options, (job) => {
          if (queue === QUEUE.events) ranAt = clock()
          return handler(job)
        }),
    },
    ailment,
  }
}
