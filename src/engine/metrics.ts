import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** The service's own measures, in Prometheus' form. */
export interface Metrics {
  registry: Registry
  /** Pushes by result: taken, repeated, unreadable, unknown-device, spooled, refused. */
  pushes: Counter<'result'>
  /** Presses and typed lines by channel and kind. */
  inputs: Counter<'channel' | 'kind'>
  /** Messages by channel and outcome: delivered, later, refused, unknown. */
  deliveries: Counter<'channel' | 'outcome'>
  /** Times that a message had to wait for room in its chat's, or its bot's, budget. */
  waits: Counter<'channel'>
  /** Alarms that a chat refused, or did not take in time. */
  undelivered: Counter<'channel'>
  /** Switching commands by outcome. */
  commands: Counter<'outcome'>
  /** From taking an event to its decision being on disk, s. */
  decided: Histogram
  jobs: Gauge<'queue' | 'state'>
  /** The share used of a platform's monthly quota, by channel and use (call, push); 1 is all of it. */
  quota: Gauge<'channel' | 'use'>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  return {
    registry,
    pushes: new Counter({
      name: 'breakerbot_pushes_total',
      help: 'Pushes from the cloud by result',
      labelNames: ['result'],
      registers,
    }),
    inputs: new Counter({
      name: 'breakerbot_inputs_total',
      help: 'Presses and typed lines',
      labelNames: ['channel', 'kind'],
      registers,
    }),
    deliveries: new Counter({
      name: 'breakerbot_deliveries_total',
      help: 'Messages to chats by outcome',
      labelNames: ['channel', 'outcome'],
      registers,
    }),
    waits: new Counter({
      name: 'breakerbot_send_waits_total',
      help: 'Times that a message waited because its chat or bot had had as much as the platform takes',
      labelNames: ['channel'],
      registers,
    }),
    undelivered: new Counter({
      name: 'breakerbot_undelivered_alarms_total',
      help: 'Alarms that a chat refused for good or did not take within 30 s',
      labelNames: ['channel'],
      registers,
    }),
    commands: new Counter({
      name: 'breakerbot_commands_total',
      help: 'Switching commands by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    decided: new Histogram({
      name: 'breakerbot_decision_seconds',
      help: 'From taking an event to its decision being on disk',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
      registers,
    }),
    jobs: new Gauge({
      name: 'breakerbot_jobs',
      help: 'Jobs kept, by queue and state',
      labelNames: ['queue', 'state'],
      registers,
    }),
    quota: new Gauge({
      name: 'breakerbot_monthly_quota_used_ratio',
      help: "Share used of a chat platform's monthly quota, by channel and use",
      labelNames: ['channel', 'use'],
      registers,
    }),
  }
}
