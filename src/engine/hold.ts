import type { Log } from '../channels/channel.ts'
import type { Store } from '../store/store.ts'

/** All in ms. */
export interface HoldTiming {
  /** How long the lease lasts after it was last renewed: then another instance may take it. */
  lasts: number
  renewEvery: number
  /** How often one that stands by looks whether the lease is free. */
  lookEvery: number
  /** So long before the lease may be another's, everything under it is ended: ending takes a moment too. */
  margin: number
}

/** One that is killed is followed after at most `lasts` + `lookEvery`. */
const TIMING: HoldTiming = { lasts: 10_000, renewEvery: 3_000, lookEvery: 1_000, margin: 3_000 }

export interface HoldOptions {
  store: Pick<Store, 'lease' | 'release' | 'broadcast' | 'hear'>
  log: Log
  /** What is held, e.g. `bot:wecom:<bot id>`: the same for all instances that must not have it at once. */
  name: string
  /** This instance. */
  holder: string
  /** Runs when it is ours. Rejects for faults of the configuration. */
  begin(): Promise<void>
  /** Ends what `begin` began, within a moment. */
  end(): Promise<void>
  timing?: Partial<HoldTiming>
  /** Wall clock, ms since 1970. */
  now(): number
}

/** What is the same for all that one instance holds. */
export type Holder = Omit<HoldOptions, 'name' | 'begin' | 'end'>

export type Standing = 'held' | 'elsewhere' | 'unknown'

/** Something that one of several instances has at a time: what must not run twice runs while this one holds it. */
export interface Hold {
  /**
   * Takes it if it is free. Resolves when that is settled.
   * @throws what `begin` rejects with, or the store
   */
  start(): Promise<void>
  /** False as soon as another may have it, even before what runs under it has been ended. */
  isHeld(): boolean
  /** Who has it: this instance, another living one, or the store does not say. Since when, ms since 1970. */
  standing(): { at: Standing; since: number }
  /** Ends what runs and lets another have it at once. */
  stop(): Promise<void>
}

/** Told to all when something was given back. */
const RELEASED = 'released'

export function createHold(options: HoldOptions): Hold {
  const { store, log, name, holder, begin, end, now } = options
  const { lasts, renewEvery, lookEvery, margin } = { ...TIMING, ...options.timing }
  let standing: { at: Standing; since: number } = { at: 'unknown', since: now() }
  /** Until when it cannot be another's, by a clock that nobody sets. */
  let surelyUntil = Number.NEGATIVE_INFINITY
  let begun = false
  let stopped = false
  let looking = false
  let lookAgain = false
  let timer: NodeJS.Timeout | undefined
  let watchdog: NodeJS.Timeout | undefined
  let deafen: (() => void) | undefined
  /** Beginnings and endings, one after another. */
  let work: Promise<void> = Promise.resolve()

  function become(at: Standing): void {
    if (standing.at === at) return
    standing = { at, since: now() }
    log.info({ lease: name, standing: at, instance: holder }, 'who holds the lease has changed')
  }

  async function look(): Promise<void> {
    const asked = performance.now()
    if (!(await store.lease(name, holder, lasts))) {
      lose('elsewhere')
      return
    }
    surelyUntil = asked + lasts
    clearTimeout(watchdog)
    watchdog = setTimeout(lose, Math.max(0, surelyUntil - margin - performance.now()), 'unknown')
    if (!begun) await take()
  }

  async function take(): Promise<void> {
    await work
    // Ending the last time, or the answer itself, may have taken too long.
    if (stopped || performance.now() > surelyUntil - margin) return
    begun = true
    become('held')
    const beginning = begin()
    work = beginning.catch(() => {})
    try {
      await beginning
    } catch (error) {
      begun = false
      become('unknown')
      await giveBack()
      throw error
    }
  }

  function lose(to: Standing): void {
    clearTimeout(watchdog)
    surelyUntil = Number.NEGATIVE_INFINITY
    become(to)
    if (!begun) return
    begun = false
    log.warn(
      { lease: name },
      'the lease could not be renewed in time, or is another instance’s: ending what ran under it',
    )
    work = work
      .then(end)
      .catch((error) => log.error({ lease: name, error: String(error) }, 'could not be ended'))
  }

  async function giveBack(): Promise<void> {
    clearTimeout(watchdog)
    surelyUntil = Number.NEGATIVE_INFINITY
    await store.release(name, holder)
    store.broadcast(RELEASED, name)
  }

  /** Looks, and again and again. Only the first look's faults are the caller's. */
  async function round(): Promise<void> {
    looking = true
    try {
      await look()
    } finally {
      looking = false
      schedule(lookAgain ? 0 : begun ? renewEvery : lookEvery)
      lookAgain = false
    }
  }

  function schedule(wait: number): void {
    clearTimeout(timer)
    if (stopped) return
    timer = setTimeout(() => {
      round().catch((error) => {
        if (!begun) become('unknown')
        log.warn({ lease: name, error: String(error) }, 'a lease could not be taken or renewed')
      })
    }, wait)
  }

  return {
    async start() {
      deafen = store.hear(RELEASED, (word) => {
        if (word !== name || begun) return
        if (looking) lookAgain = true
        else schedule(0)
      })
      await round()
    },
    isHeld: () => begun && performance.now() < surelyUntil,
    standing: () => standing,
    async stop() {
      stopped = true
      clearTimeout(timer)
      deafen?.()
      await work
      const held = begun
      begun = false
      if (held) await end()
      await giveBack().catch((error) =>
        log.warn({ lease: name, error: String(error) }, 'a lease was not given back; it runs out by itself'),
      )
    },
  }
}
