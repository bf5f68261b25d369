import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../engine/metrics.ts'
import { type Readiness, showReadiness } from './readiness.ts'

export type { Readiness } from './readiness.ts'

export interface HealthParts {
  readiness(): Promise<Readiness>
  /** Measures the room on the disks anew. */
  lookAtDisks?(): Promise<void>
  metrics: Metrics
}

/** What watches the service: a supervisor, Prometheus, a person with curl. */
export function healthRoutes({ readiness, lookAtDisks, metrics }: HealthParts) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get('/healthz', async () => ({ ok: true }))

    app.get('/readyz', async (_request, reply) => {
      const state = await readiness()
      return reply.code(state.ready ? 200 : 503).send(state)
    })

    app.get('/metrics', async (_request, reply) => {
      await lookAtDisks?.()
      showReadiness(metrics, await readiness())
      return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
    })
  }
}
