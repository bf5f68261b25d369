import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ChannelHealth, ChannelName, Delivery } from '../channels/channel.ts'
import { isConnected } from './connected.ts'

/** The service's own measures, in Prometheus' form. */
export interface Metrics {
  registry: Registry
  /** Pushes by result: taken, repeated, unreadable, unknown-device, spooled, refused. */
  pushes: Counter<'result'>
  /** Presses and typed lines by channel and kind. */
  inputs: Counter<'channel' | 'kind'>
  /** Sign-ins to the console by result: taken, refused. */
  signIns: Counter<'result'>
  /** Calls of the API by what speaks (console, api, nobody) and HTTP status. */
  apiCalls: Counter<'via' | 'status'>
  /** Counts what became of a message to a chat. */
  delivered(channel: ChannelName, delivery: Delivery): void
  /** Times that a message had to wait for room in its chat's, or its bot's, budget. */
  waits: Counter<'channel'>
  /** Alarms that a chat refused, or did not take in time. */
  undelivered: Counter<'channel'>
  /** Calls, mails and web-hooks by way and outcome. */
  called: Counter<'way' | 'outcome'>
  /** Beats of the heartbeat by result: beating, withheld, failed, standby. */
  heartbeats: Counter<'result'>
  /** Switching commands by outcome. */
  commands: Counter<'outcome'>
  /** Values left out of the samples, by reading. */
  implausible: Counter<'reading'>
  /** Questions for counters by outcome: taken, refused, unreachable, unknown, left-out. */
  queries: Counter<'outcome'>
  /** From taking an event to its decision being on disk, s. */
  decided: Histogram
  jobs: Gauge<'queue' | 'state'>
  /** The share used of a platform's monthly quota, by channel and use (call, push); 1 is all of it. */
  quota: Gauge<'channel' | 'use'>
  /** The age of the oldest job that is due, s. */
  oldest: Gauge<'queue'>
  /** Measures the connections of these from now on, whenever it is asked for. */
  watch(channels: Channels): void
}

type Channels = ReadonlyMap<ChannelName, { health(): ChannelHealth }>

/** So many codes of the platforms are told apart: a label must not take whatever comes. */
const CODES = 60

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const deliveries = new Counter({
    name: 'breakerbot_deliveries_total',
    help: 'Messages to chats by outcome and the platform’s code',
    labelNames: ['channel', 'outcome', 'code'],
    registers,
  })
  const codes = new Set<string>()
  function labelOf(code: string): string {
    if (codes.size < CODES && /^[\w.-]{1,48}$/.test(code)) codes.add(code)
    return codes.has(code) ? code : 'other'
  }
  const watch = createChannelMetrics(registry)
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
    signIns: new Counter({
      name: 'breakerbot_sign_ins_total',
      help: 'Sign-ins to the console by result',
      labelNames: ['result'],
      registers,
    }),
    apiCalls: new Counter({
      name: 'breakerbot_api_calls_total',
      help: 'Calls of the API by what speaks and HTTP status',
      labelNames: ['via', 'status'],
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
    delivered(channel, delivery) {
      const code = 'code' in delivery && delivery.code !== undefined ? labelOf(delivery.code) : ''
      deliveries.inc({ channel, outcome: delivery.outcome, code })
    },
    watch,
    called: new Counter({
      name: 'breakerbot_notifications_total',
      help: 'Calls, mails and web-hooks by way and outcome',
      labelNames: ['way', 'outcome'],
      registers,
    }),
    heartbeats: new Counter({
      name: 'breakerbot_heartbeats_total',
      help: 'Beats of the outgoing heartbeat by result',
      labelNames: ['result'],
      registers,
    }),
    commands: new Counter({
      name: 'breakerbot_commands_total',
      help: 'Switching commands by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    implausible: new Counter({
      name: 'breakerbot_implausible_readings_total',
      help: 'Reported values that cannot be and were left out of the samples',
      labelNames: ['reading'],
      registers,
    }),
    queries: new Counter({
      name: 'breakerbot_meter_queries_total',
      help: 'Questions to breakers for their counters by outcome',
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
    oldest: new Gauge({
      name: 'breakerbot_oldest_job_seconds',
      help: 'Age of the oldest due job, by queue',
      labelNames: ['queue'],
      registers,
    }),
  }
}

/** The connections as they stand when the measures are asked for. */
function createChannelMetrics(registry: Registry): Metrics['watch'] {
  let watched: Channels = new Map()
  const labelNames = ['channel'] as const
  const registers = [registry]
  new Gauge({
    name: 'breakerbot_channel_up',
    help: '1 while the chat platform is connected, here or at another instance',
    labelNames,
    registers,
    collect() {
      for (const [channel, { health }] of watched) this.set({ channel }, isConnected(health()) ? 1 : 0)
    },
  })
  new Counter({
    name: 'breakerbot_channel_connects_total',
    help: 'How often a connection has become ready here',
    labelNames,
    registers,
    collect() {
      this.reset()
      for (const [channel, { health }] of watched) this.inc({ channel }, health().connects ?? 0)
    },
  })
  return (channels) => {
    watched = channels
  }
}
