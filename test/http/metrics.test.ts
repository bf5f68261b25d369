import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { createMetrics } from '../../src/engine/metrics.ts'
import { healthRoutes, type Readiness } from '../../src/http/health-routes.ts'

test('a queue that has been emptied no longer shows what was waiting in it', async () => {
  const state: Readiness = { ready: true, store: { ok: true }, channels: {}, jobs: {}, unreadable: 0 }
  state.jobs = { events: { waiting: 7, dead: 1, oldestDue: 0 } }
  const app = Fastify()
  app.register(healthRoutes({ readiness: async () => state, metrics: createMetrics() }))
  const metrics = async () => (await app.inject({ url: '/metrics' })).body
  expect(await metrics()).toContain('breakerbot_jobs{queue="events",state="waiting"} 7')
  state.jobs = {}
  expect(await metrics()).not.toContain('breakerbot_jobs{queue="events"')
})
