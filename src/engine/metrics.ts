import { type Counter, collectDefaultMetrics, Registry } from 'prom-client'
import type { ChannelName, Delivery } from '../channels/channel.ts'
import type { Outcome } from '../thingboot/outcome.ts'
import { createBudgetLeft, type SendBudgets } from './budget-left.ts'
import { createCodes, createMeasures, type Measures } from './measures.ts'
import { createStanding, type Standing } from './metrics-standing.ts'

/** The service's own measures, in Prometheus' form. What each means: docs/watching.md. */
export interface Metrics extends Standing, Counts {
  registry: Registry
  budgets: SendBudgets
  /** Counts what became of a message to a chat. */
  delivered(channel: ChannelName, delivery: Delivery): void
  /** Counts a call to the cloud, one attempt each. `seconds`: how long it took. */
  called(call: string, outcome: Outcome<unknown>, seconds: number): void
}

/** Times until something is on disk, or decided: mostly a few ms. */
const QUICK = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5]
/** Times of calls to others. */
const CALLS = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
/** Times until people see something. */
const SEEN = [0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300]

type Counts = ReturnType<typeof createCounts>

/** @param now the clock that budgets go by, ms since 1970 */
export function createMetrics(now: () => number = Date.now): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const measures = createMeasures(registry)
  const counts = createCounts(measures)
  const budgets = createBudgetLeft(now)
  return {
    registry,
    ...counts,
    budgets,
    ...createStanding(measures, budgets),
    delivered: countDeliveries(measures),
    called: countCalls(measures),
  }
}

function createCounts({ counter, gauge, histogram }: Measures) {
  return withZeros({
    /** Pushes by result. */
    pushes: counter('pushes_total', 'Pushes from the cloud by result', ['result']),
    /** From the arrival of a push, press or line to its being on disk, s. */
    accepted: histogram(
      'acceptance_seconds',
      'From the arrival of a push, press or line to its being on disk',
      QUICK,
      ['source'],
    ),
    /** Presses and typed lines by channel and kind. */
    inputs: counter('inputs_total', 'Presses and typed lines', ['channel', 'kind']),
    signIns: counter('sign_ins_total', 'Sign-ins to the console by result', ['result']),
    /** Calls of the API by what speaks (console, api, nobody) and HTTP status. */
    apiCalls: counter('api_calls_total', 'Calls of the API by what speaks and HTTP status', [
      'via',
      'status',
    ]),
    waits: counter(
      'send_waits_total',
      'Times that a message waited because its chat or bot had had as much as the platform takes',
      ['channel'],
    ),
    /** Alarms that a chat refused, or did not take in time. */
    undelivered: counter(
      'undelivered_alarms_total',
      'Alarms that a chat refused for good or did not take within 30 s',
      ['channel'],
    ),
    /** Calls of persons, mails and web-hooks by way and outcome. */
    notified: counter('notifications_total', 'Calls, mails and web-hooks by way and outcome', [
      'way',
      'outcome',
    ]),
    heartbeats: counter('heartbeats_total', 'Beats of the outgoing heartbeat by result', ['result']),
    commands: counter('commands_total', 'Switching commands by outcome', ['outcome']),
    /** Values left out of the samples, by reading. */
    implausible: counter(
      'implausible_readings_total',
      'Reported values that cannot be and were left out of the samples',
      ['reading'],
    ),
    queries: counter('meter_queries_total', 'Questions to breakers for their counters by outcome', [
      'outcome',
    ]),
    /** From taking an event to its decision being on disk, s. */
    decided: histogram('decision_seconds', 'From taking an event to its decision being on disk', QUICK),
    /** From taking the push of a trip to the platform's word that it has the incident's first card, s. */
    firstCard: histogram(
      'first_card_seconds',
      'From taking the push of a trip to its first card in a chat',
      SEEN,
      ['channel'],
    ),
    /** How long a write to the store took, the wait for its turn included, s. */
    written: histogram('store_write_seconds', 'From asking the store to write to its being on disk', QUICK, [
      'write',
    ]),
    /** Spans for the collector of traces: sent, dropped. */
    spans: counter('spans_total', 'Spans for the collector of traces by result', ['result']),
    /** The share used of a platform's monthly quota, by channel and use (call, push); 1 is all of it. */
    quota: gauge(
      'monthly_quota_used_ratio',
      "Share used of a chat platform's monthly quota, by channel and use",
      ['channel', 'use'],
    ),
  })
}

/** The outcomes that are known beforehand are there from the start: the first of them would be seen as no growth. */
const ZEROS = {
  pushes: ['taken', 'repeated', 'unreadable', 'unknown-device', 'spooled', 'refused'].map((result) => ({
    result,
  })),
  commands: ['taken', 'refused', 'unknown'].map((outcome) => ({ outcome })),
  heartbeats: ['beating', 'withheld', 'failed', 'standby'].map((result) => ({ result })),
  spans: ['sent', 'dropped'].map((result) => ({ result })),
}

function withZeros<
  C extends {
    pushes: Counter<'result'>
    commands: Counter<'outcome'>
    heartbeats: Counter<'result'>
    spans: Counter<'result'>
  },
>(counts: C): C {
  for (const labels of ZEROS.pushes) counts.pushes.inc(labels, 0)
  for (const labels of ZEROS.commands) counts.commands.inc(labels, 0)
  for (const labels of ZEROS.heartbeats) counts.heartbeats.inc(labels, 0)
  for (const labels of ZEROS.spans) counts.spans.inc(labels, 0)
  return counts
}

function countDeliveries({ counter }: Measures): Metrics['delivered'] {
  const deliveries = counter('deliveries_total', 'Messages to chats by outcome and the platform’s code', [
    'channel',
    'outcome',
    'code',
  ])
  const labelOf = createCodes()
  return (channel, delivery) => {
    const code = 'code' in delivery && delivery.code !== undefined ? labelOf(delivery.code) : ''
    deliveries.inc({ channel, outcome: delivery.outcome, code })
  }
}

function countCalls({ counter, histogram }: Measures): Metrics['called'] {
  const calls = counter('cloud_calls_total', 'Calls to the cloud by call, outcome and the cloud’s code', [
    'call',
    'outcome',
    'code',
  ])
  const took = histogram('cloud_call_seconds', 'How long calls to the cloud took', CALLS, ['call'])
  const labelOf = createCodes()
  return (call, outcome, seconds) => {
    const code = 'code' in outcome && outcome.code !== undefined ? labelOf(String(outcome.code)) : ''
    calls.inc({ call, outcome: outcome.ok ? 'taken' : outcome.kind, code })
    took.observe({ call }, seconds)
  }
}
