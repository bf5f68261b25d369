import type { ChannelHealth, ChannelName } from '../channels/channel.ts'
import type { ClockStanding } from '../engine/clock.ts'
import type { HeartbeatStanding } from '../engine/heartbeat.ts'
import type { Metrics } from '../engine/metrics.ts'
import type { Refused } from '../engine/refusals.ts'

/** How the service stands, as `/readyz` tells it. */
export interface Readiness {
  ready: boolean
  store: { ok: boolean; detail?: string }
  channels: Partial<Record<ChannelName, ChannelHealth>>
  mqtt?: { state: string; since: number; detail?: string }
  /** Jobs by queue, and the age of the oldest due one in ms. */
  jobs: Record<string, { waiting: number; dead: number; oldestDue: number }>
  /** Pushes that could not be read and are kept. */
  unreadable: number
  /** Pushes that lie in the spool; absent where there is none. */
  spooled?: number
  /** Pushes that had to be refused because they could not be kept, and when; absent once an admin was told. */
  refused?: Refused
  clock?: ClockStanding
  heartbeat?: HeartbeatStanding
}

/** Brings the measures to what the readiness says. */
export function showReadiness(
  metrics: Metrics,
  { ready, store, jobs, unreadable, spooled, clock }: Readiness,
): void {
  metrics.ready.set(ready ? 1 : 0)
  metrics.storeUp.set(store.ok ? 1 : 0)
  metrics.unreadable.set(unreadable)
  if (spooled !== undefined) metrics.spooled.set(spooled)
  if (clock) metrics.clock.set(clock.ahead)
  // A queue in which nothing is left is not named.
  metrics.jobs.reset()
  metrics.oldest.reset()
  for (const [queue, { waiting, dead, oldestDue }] of Object.entries(jobs)) {
    metrics.jobs.set({ queue, state: 'waiting' }, waiting)
    metrics.jobs.set({ queue, state: 'dead' }, dead)
    metrics.oldest.set({ queue }, oldestDue / 1000)
  }
}
