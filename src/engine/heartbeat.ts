import { setTimeout as delay } from 'node:timers/promises'
import type { ChannelName } from '../channels/channel.ts'
import type { CloudPulse } from '../domain/cloud-away.ts'
import type { Channel, Parts } from './parts.ts'
import { CLOUD } from './parts.ts'
import { createRepeating } from './repeating.ts'

export interface HeartbeatOptions {
  /** Called while all is well. */
  url: string
  /** Called with the reason while it is not; absent: nothing is called then. */
  failUrl?: string | undefined
  /** ms. */
  every: number
  method: 'GET' | 'POST'
  /** How long one call may take, ms; default 10 000. */
  timeOut?: number
}

/** How the last beat went: for `/readyz`. */
export interface HeartbeatStanding {
  /** `beating`: the URL was called. `withheld`: it was not, for all is not well here. `failed`: it could not be. */
  state: 'beating' | 'withheld' | 'failed' | 'standby'
  /** When that was, ms since 1970. */
  at: number
  /** Why not, in a sentence. */
  detail?: string
}

export interface Heartbeat {
  /** Undefined until the first beat. */
  standing(): HeartbeatStanding | undefined
  start(): void
  stop(): Promise<void>
}

type Needs = Pick<Parts, 'store' | 'log' | 'metrics' | 'now'> & {
  channels: ReadonlyMap<ChannelName, Pick<Channel, 'health'>>
}

const TIME_OUT = 10_000
/** The cloud is asked twice a minute where it says nothing of itself: this is long past that. ms. */
const LATELY = 120_000
const LEASE = 'heartbeat'

/**
 * Tells a watcher elsewhere that this service lives, so that its silence is noticed: only while the store takes a write,
 * the cloud was heard lately, and a chat platform is connected here. Of several instances one does it that has a bot's
 * connection. Nothing of the URL but
 * its host is ever logged: the rest may be a secret.
 */
export function createHeartbeat(parts: Needs, holder: string, options: HeartbeatOptions): Heartbeat {
  const { store, log, metrics, now } = parts
  const { url, failUrl, every, method, timeOut = TIME_OUT } = options
  const cut = new AbortController()
  let standing: HeartbeatStanding | undefined

  /** What is dead; undefined: all is well. `standby`: another instance beats. */
  async function ailment(): Promise<string | undefined> {
    const states = [...parts.channels.values()].map((one) => one.health().state)
    const isReady = states.includes('ready')
    try {
      // Whoever has a bot's connection knows whether it stands.
      if (!isReady && states.includes('standby')) {
        await within(store.release(LEASE, holder))
        return 'standby'
      }
      // The lease is the write that shows that the store takes any.
      if (!(await within(store.lease(LEASE, holder, 2 * every + TIME_OUT)))) return 'standby'
      const { pushedAt = 0, answeredAt = 0 } = (await within(store.get<CloudPulse>(CLOUD)))?.value ?? {}
      if (now() - Math.max(pushedAt, answeredAt) > LATELY)
        return 'The cloud has neither pushed nor answered for 2 minutes.'
    } catch {
      return 'The store takes no writes.'
    }
    return isReady ? undefined : 'No chat platform is connected.'
  }

  async function beat(): Promise<void> {
    const why = await ailment()
    if (cut.signal.aborted) return
    if (why === 'standby') return become({ state: 'standby', at: now() })
    const failure = why === undefined ? await call(url) : failUrl && (await call(failUrl, why))
    if (cut.signal.aborted) return
    if (failure) become({ state: 'failed', at: now(), detail: failure })
    else become({ state: why === undefined ? 'beating' : 'withheld', at: now(), ...(why && { detail: why }) })
  }

  /** Answers with what went wrong, without a word of the URL but its host. */
  async function call(address: string, why?: string): Promise<string | undefined> {
    const { host } = new URL(address)
    const signal = AbortSignal.any([cut.signal, AbortSignal.timeout(timeOut)])
    const body = why !== undefined ? { method: 'POST', body: why } : { method }
    try {
      const answer = await fetch(address, { ...body, signal, redirect: 'manual' })
      await answer.body?.cancel()
      return answer.ok ? undefined : `${host} answered HTTP ${answer.status}.`
    } catch {
      return `${host} cannot be reached, or did not answer within ${timeOut / 1000} s.`
    }
  }

  /** Each change is logged once. */
  function become(next: HeartbeatStanding): void {
    metrics.heartbeats.inc({ result: next.state })
    const isNew = next.state !== standing?.state || next.detail !== standing.detail
    standing = next
    if (!isNew) return
    const { state, detail } = next
    const host = new URL(url).host
    if (detail !== undefined) log.warn({ host, state }, `the heartbeat stays out: ${detail}`)
    else log.info({ host, state }, 'the heartbeat is sent, here or by another instance')
  }

  /** A store that hangs is as dead as one that refuses. */
  async function within<T>(answer: Promise<T>): Promise<T> {
    const over = new AbortController()
    const late = delay(TIME_OUT, undefined, { signal: over.signal, ref: false }).then(() => {
      throw new Error('too late')
    })
    return await Promise.race([answer, late]).finally(() => over.abort())
  }

  // Not at once: the cloud has to be heard first.
  const repeating = createRepeating(log, { every, failed: 'the heartbeat failed' }, beat)

  return {
    standing: () => standing,
    start: repeating.start,
    async stop() {
      cut.abort()
      await repeating.stop()
    },
  }
}
