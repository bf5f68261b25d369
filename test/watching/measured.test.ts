import { expect, onTestFinished, test, vi } from 'vitest'
import { createAuditWatch } from '../../src/app/audit-watch.ts'
import { createBudgetLeft } from '../../src/engine/budget-left.ts'
import { createMetrics, type Metrics } from '../../src/engine/metrics.ts'
import { createLog } from '../../src/log.ts'
import { chainHash } from '../../src/store/audit-chain.ts'
import type { AuditRow } from '../../src/store/store.ts'
import { cardOf, lastCard, PUMP, startRig, testPolicy, untilButton } from '../engine/rig.ts'
import { until } from '../support/until.ts'

const textOf = (metrics: Metrics) => metrics.registry.metrics()

/** What a measure is, by its whole line without the value. */
async function shownOf(metrics: Metrics, line: string): Promise<number | undefined> {
  const found = (await textOf(metrics)).split('\n').find((one) => one.startsWith(`${line} `))
  return found === undefined ? undefined : Number(found.slice(line.length))
}

test('the fleet is counted: a breaker that tripped, its fault, how long nobody has taken it, and its first cards', async () => {
  const rig = await startRig()
  const value = (line: string) => shownOf(rig.metrics, line)
  expect(await value('breakerbot_last_push_timestamp_seconds')).toBeUndefined()
  await rig.trip()
  await untilButton(rig.telegram, 'ack')
  expect(await value('breakerbot_last_push_timestamp_seconds')).toBeCloseTo(rig.now() / 1000, -1)
  // What was counted before the trip is looked at anew after a minute only.
  rig.clock.ahead += 61_000
  await until(async () => (await value('breakerbot_breakers{state="tripped"}')) === 1, 'the count')
  expect(await value('breakerbot_breakers{state="unknown"}')).toBe(testPolicy().breakers.length - 1)
  expect(await value('breakerbot_open_incidents{severity="critical"}')).toBe(1)
  expect(await value('breakerbot_unacknowledged_seconds{severity="critical"}')).toBeGreaterThanOrEqual(60)
  await until(
    async () => (await value('breakerbot_first_card_seconds_count{channel="telegram"}')) === 1,
    'the first card is measured',
  )
  expect(await value('breakerbot_acceptance_seconds_count{source="http"}')).toBe(1)
  expect(await value('breakerbot_store_write_seconds_count{write="enqueue"}')).toBeGreaterThan(0)
  await rig.press(rig.telegram, '1', 'ack', await untilButton(rig.telegram, 'ack'))
  rig.clock.ahead += 61_000
  await until(
    async () => (await value('breakerbot_unacknowledged_seconds{severity="critical"}')) === 0,
    'somebody has taken it',
  )
  expect(await value('breakerbot_open_incidents{severity="critical"}')).toBe(1)
  expect(await value('breakerbot_acceptance_seconds_count{source="chat"}')).toBe(1)
})

test('a card that is changed is no first card', async () => {
  const rig = await startRig()
  await rig.trip()
  await rig.press(rig.telegram, '1', 'ack', await untilButton(rig.telegram, 'ack'))
  await until(
    () => cardOf(lastCard(rig.telegram)!)!.buttons.every((one) => one.action !== 'ack'),
    'the change',
  )
  expect(await shownOf(rig.metrics, 'breakerbot_first_card_seconds_count{channel="telegram"}')).toBe(1)
})

test('of what a platform takes, the fullest chat is told, until its span is over', () => {
  let now = 1_000_000
  const { took, least } = createBudgetLeft(() => now)
  const minute = (name: string, most: number) => [{ name, most, within: 60_000 }]
  for (let sent = 0; sent < 3; sent++) took('wecom', 'chat', minute('a', 4))
  took('wecom', 'chat', minute('b', 4))
  took('wecom', 'bot', minute('all', 10))
  // Too short to be seen, and the share that is kept free for alarms.
  took('wecom', 'bot', [{ name: 'second', most: 1, within: 1000 }])
  took('wecom', 'chat', minute('a:rest', 1))
  expect([...least()]).toEqual([
    { channel: 'wecom', scope: 'chat', within: 60_000, left: 0.25 },
    { channel: 'wecom', scope: 'bot', within: 60_000, left: 0.9 },
  ])
  now += 60_000
  expect([...least()].map((one) => one.left)).toEqual([1, 1])
  expect([...least()]).toEqual([])
})

test('calls to the cloud are counted by outcome and code, and codes have an end', async () => {
  const metrics = createMetrics()
  metrics.called('device/info', { ok: true, data: {} }, 0.03)
  const why = { key: 'cloud.given-up' } as never
  for (let code = 0; code < 200; code++)
    metrics.called('device/info', { ok: false, kind: 'refused', code, why }, 1)
  metrics.called('device/control', { ok: false, kind: 'unknown', why }, 8)
  const text = await textOf(metrics)
  expect(text).toContain('breakerbot_cloud_calls_total{call="device/info",outcome="taken",code=""} 1')
  expect(text).toContain('breakerbot_cloud_calls_total{call="device/info",outcome="refused",code="0"} 1')
  expect(text).toContain(
    'breakerbot_cloud_calls_total{call="device/info",outcome="refused",code="other"} 140',
  )
  expect(text).toContain('breakerbot_cloud_calls_total{call="device/control",outcome="unknown",code=""} 1')
  expect(text).toContain('breakerbot_cloud_call_seconds_bucket{le="0.05",call="device/info"} 1')
})

test('what is not known is not told, and the outcomes that an alert waits for are there from the start', async () => {
  const metrics = createMetrics()
  const text = await textOf(metrics)
  for (const name of [
    'audit_intact',
    'clock_ahead_seconds',
    'spooled_pushes',
    'last_push_timestamp_seconds',
    'ready',
  ])
    expect(text).not.toMatch(new RegExp(`^breakerbot_${name} `, 'm'))
  for (const line of ['commands_total{outcome="unknown"} 0', 'pushes_total{result="refused"} 0'])
    expect(text).toContain(`breakerbot_${line}`)
})

function chain(length: number): AuditRow[] {
  const rows: AuditRow[] = []
  for (let seq = 1; seq <= length; seq++) {
    const entry = { seq, at: seq, who: 'system', what: 'told', subject: PUMP }
    rows.push({ ...entry, hash: chainHash(rows.at(-1)?.hash ?? '0'.repeat(64), entry) })
  }
  return rows
}

test('entries that grow too old between two looks do not make the audit broken', async () => {
  const rows = chain(30)
  let dropped = 0
  const store = {
    auditStart: async () => {
      const { seq, hash } = rows[dropped - 1] ?? { seq: 0, hash: '0'.repeat(64) }
      return { seq, hash }
    },
    async audit({ after = 0, limit = 100 }) {
      dropped ||= 10
      return rows.filter((one) => one.seq > Math.max(after, dropped)).slice(0, limit)
    },
  }
  const metrics = createMetrics()
  const log = createLog({ write() {} })
  const watch = createAuditWatch({ store, metrics, log, now: () => 7000 }, { first: 1, pause: 0 })
  onTestFinished(watch.stop)
  watch.start()
  await until(async () => (await shownOf(metrics, 'breakerbot_audit_intact')) !== undefined, 'the check')
  expect(await shownOf(metrics, 'breakerbot_audit_intact')).toBe(1)
})

test('the audit is checked page by page: whole, and then with an entry that somebody changed', async () => {
  const rows = chain(450)
  const store = {
    auditStart: async () => ({ seq: 0, hash: '0'.repeat(64) }),
    audit: async ({ after = 0, limit = 100 }) => rows.filter((one) => one.seq > after).slice(0, limit),
  }
  const metrics = createMetrics()
  const write = vi.fn()
  const log = createLog({ write })
  const watch = createAuditWatch({ store, metrics, log, now: () => 7000 }, { first: 1, every: 5, pause: 0 })
  onTestFinished(watch.stop)
  watch.start()
  await until(async () => (await shownOf(metrics, 'breakerbot_audit_intact')) === 1, 'the first check')
  expect(await shownOf(metrics, 'breakerbot_audit_checked_timestamp_seconds')).toBe(7)
  expect(write).not.toHaveBeenCalled()
  rows[420] = { ...rows[420]!, who: 'somebody else' }
  await until(async () => (await shownOf(metrics, 'breakerbot_audit_intact')) === 0, 'the check after')
  expect(write.mock.calls[0]![0]).toContain('entry 421 was changed')
})
