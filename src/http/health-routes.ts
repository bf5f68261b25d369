import type { FastifyInstance } from 'fastify'
import type { ChannelHealth, ChannelName } from '../channels/channel.ts'
import type { ClockStanding } from '../engine/clock.ts'
import type { HeartbeatStanding } from '../engine/heartbeat.ts'
import type { Metrics } from '../engine/metrics.ts'
import type { Refused } from '../engine/refusals.ts'

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

export interface HealthParts {
  readiness(): Promise<Readiness>
  metrics: Metrics
}

/** What watches the service: a supervisor, Prometheus, a person with curl. */
export function healthRoutes({ readiness, metrics }: HealthParts) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get('/healthz', async () => ({ ok: true }))

    app.get('/readyz', async (_request, reply) => {
      const state = await readiness()
      return reply.code(state.ready ? 200 : 503).send(state)
    })

    app.get('/metrics', async (_request, reply) => {
      const { jobs } = await readiness()
      // A queue in which nothing is left is not named.
      metrics.jobs.reset()
      metrics.oldest.reset()
      for (const [queue, count] of Object.entries(jobs)) {
        metrics.jobs.set({ queue, state: 'waiting' }, count.waiting)
        metrics.jobs.set({ queue, state: 'dead' }, count.dead)
        metrics.oldest.set({ queue }, count.oldestDue / 1000)
      }
      return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
    })
  }
}
