import { createAway } from './away.ts'
import { createCloudWatch, type Pulse } from './cloud-pulse.ts'
import { createListening } from './listening.ts'
import type { Lookup, Parts } from './parts.ts'
import { createReconciler } from './reconciling.ts'
import { createSilenceWatch } from './silence.ts'
import { createTurns } from './turns.ts'

export interface WatchingOptions {
  /** How often the cloud is asked how all breakers stand, ms; 0: never. */
  reconcileEvery: number
  /** At most so many of the calls that can wait. */
  callsPerSecond: number
  /** After so many reports that stayed out a breaker is silent; 0: never. */
  silentAfter: number
  /** Before a page of the device list is tried again, ms; tests shorten them. */
  pagePauses?: readonly number[]
  /** Between two comparisons with the cloud's list at least, ms; tests shorten it. */
  leastPause?: number
  /** How often is looked for silent breakers, and after the cloud, ms; tests shorten it. */
  sweepEvery?: number
  /** A machine that stood still for longer may have missed pushes, ms; tests whose clock leaps put it off. */
  stoodStill?: number | undefined
}

/** All that notices what no push tells: what was missed, who has fallen silent, that a site or the cloud is away. */
export function createWatching(parts: Parts, lookup: Lookup, pulse: Pulse, options: WatchingOptions) {
  const { store, log } = parts
  const { reconcileEvery, callsPerSecond, silentAfter, pagePauses, leastPause, sweepEvery } = options
  const turn = createTurns(store, callsPerSecond)
  const reconciler = createReconciler(parts, lookup, {
    every: reconcileEvery,
    turn,
    ...(pagePauses && { pagePauses }),
    ...(leastPause !== undefined && { leastPause }),
  })
  const missing = (why: string) => {
    log.info({ why }, 'pushes may have been missed; the cloud is asked')
    reconciler.wanted()
  }
  const listening = createListening(parts.now, missing, options.stoodStill)
  const away = createAway(parts, lookup)
  const cloud = createCloudWatch(parts, pulse, { turn, every: sweepEvery })
  const silence = createSilenceWatch(parts, {
    silentAfter,
    turn,
    listening: listening.since,
    isCloudAway: cloud.isAway,
    ...(sweepEvery !== undefined && { every: sweepEvery }),
  })

  function tidy(): void {
    away
      .tidy()
      .catch((error) => log.error({ error: String(error) }, 'alarms of what left could not be ended'))
  }

  return {
    explains: away.explains,
    site: away.run,
    longest: listening.longest,
    missed: listening.missed,
    /** Who pushes can be heard; what could not be kept was missed. */
    async heard<T>(taking: Promise<T>): Promise<T> {
      try {
        const taken = await taking
        listening.heard()
        pulse.pushed()
        return taken
      } catch (error) {
        listening.missed('a push could not be stored')
        throw error
      }
    },
    /** Another configuration holds. */
    adopted(): void {
      tidy()
      reconciler.wanted()
    },
    start(): void {
      listening.start()
      reconciler.start()
      silence.start()
      cloud.start()
      tidy()
    },
    async stop(): Promise<void> {
      listening.stop()
      await Promise.all([reconciler.stop(), silence.stop(), cloud.stop()])
    },
  }
}
