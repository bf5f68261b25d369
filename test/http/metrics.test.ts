import Fastify from 'fastify'
import { expect, test } from 'vitest'
import type { ChannelHealth } from '../../src/channels/channel.ts'
import { createMetrics, type Metrics } from '../../src/engine/metrics.ts'
import { healthRoutes, type Readiness } from '../../src/http/health-routes.ts'

async function scrape(metrics: Metrics): Promise<string> {
  const readiness = async (): Promise<Readiness> => ({
    ready: true,
    store: { ok: true },
    channels: {},
    jobs: { 'send-wecom': { waiting: 2, dead: 0, oldestDue: 90_000 } },
    unreadable: 0,
  })
  const app = Fastify()
  app.register(healthRoutes({ readiness, metrics }))
  return (await app.inject({ url: '/metrics' })).body
}

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

test('a connection is measured as it stands when it is asked for', async () => {
  const metrics = createMetrics()
  const wecom: ChannelHealth = { state: 'waiting', since: 0, connects: 3 }
  const health = new Map<'wecom' | 'telegram' | 'dingtalk', ChannelHealth>([
    ['wecom', wecom],
    ['telegram', { state: 'standby', since: 0 }],
    ['dingtalk', { state: 'ready', since: 0, connects: 1 }],
  ])
  const channels = new Map([...health.keys()].map((name) => [name, { health: () => health.get(name)! }]))
  metrics.watch({ channels })
  const first = await scrape(metrics)
  expect(first).toContain('breakerbot_channel_up{channel="wecom"} 0')
  expect(first).toContain('breakerbot_channel_up{channel="telegram"} 1')
  expect(first).toContain('breakerbot_channel_up{channel="dingtalk"} 1')
  expect(first).toContain('breakerbot_channel_connects_total{channel="telegram"} 0')
  wecom.state = 'ready'
  wecom.connects = 4
  const second = await scrape(metrics)
  expect(second).toContain('breakerbot_channel_up{channel="wecom"} 1')
  expect(second).toContain('breakerbot_channel_connects_total{channel="wecom"} 4')
  expect(second).toContain('breakerbot_oldest_job_seconds{queue="send-wecom"} 90')
})

test('deliveries are counted by code, of which there is an end', async () => {
  const metrics = createMetrics()
  metrics.delivered('wecom', { outcome: 'delivered', message: 'm' })
  metrics.delivered('wecom', { outcome: 'later', why: 'too many', code: '846607' })
  metrics.delivered('wecom', { outcome: 'later', why: 'odd', code: 'a "quoted" sentence' })
  for (let code = 0; code < 500; code++)
    metrics.delivered('dingtalk', { outcome: 'refused', why: '', code: `${code}` })
  const text = await scrape(metrics)
  expect(text).toContain('breakerbot_deliveries_total{channel="wecom",outcome="delivered",code=""} 1')
  expect(text).toContain('breakerbot_deliveries_total{channel="wecom",outcome="later",code="846607"} 1')
  expect(text).toContain('breakerbot_deliveries_total{channel="wecom",outcome="later",code="other"} 1')
  expect(text.match(/^breakerbot_deliveries_total\{channel="dingtalk"/gm)?.length).toBeLessThan(100)
})
