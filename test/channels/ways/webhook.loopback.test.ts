import { setImmediate as nextTurn } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createWebhookWay } from '../../../src/channels/webhook/index.ts'
import { handedOf } from '../../../src/channels/webhook/outcome.ts'
import { createRecorder } from '../../support/recorder.ts'
import { sampleNotice } from './notice.ts'
import type { Row } from './rig.ts'
import { wayConformance } from './suite.ts'
import { createWebhookRig, SECRET, type WebhookRig } from './webhook-rig.ts'

const row = (
  status: number,
  expected: Row['expected'],
  headers?: Record<string, string>,
): Row<WebhookRig> => ({
  name: `${status} ${JSON.stringify(headers ?? {})}`,
  answer: (rig) => rig.reply(status, headers, 'and a text'),
  expected: { code: String(status), ...expected },
})
const later = { outcome: 'later' }
const refused = { outcome: 'refused' }

describe('the web-hook keeps the port', () =>
  wayConformance({
    name: 'webhook',
    create: createWebhookRig,
    rows: [
      row(301, { ...refused, why: expect.stringContaining('redirect') }, { location: 'http://127.0.0.1:1/' }),
      row(307, refused, { location: 'http://127.0.0.1:1/' }),
      row(400, { ...refused, why: expect.stringContaining('secret') }),
      row(401, { ...refused, why: expect.stringContaining('secret') }),
      row(404, refused),
      row(408, later),
      row(410, { ...refused, why: expect.stringContaining('no more') }),
      row(422, refused),
      row(429, { ...later, retryAfter: 7000 }, { 'retry-after': '7' }),
      row(429, later),
      row(500, later),
      row(502, later),
      row(503, { ...later, retryAfter: 3_600_000 }, { 'retry-after': '999999' }),
      row(504, later),
    ],
    troubles: { reset: 'unknown', hang: 'unknown', html: 'later', torn: 'unknown', drip: 'unknown' },
  }))

describe('the web-hook', () => {
  let rig: WebhookRig
  beforeEach(async () => {
    rig = await createWebhookRig(4000)
  })
  afterEach(async () => {
    await rig.way.stop()
    await rig.close()
  })

  test('what is sent is what docs/notify.md says', async () => {
    const notice = sampleNotice('en', { event: 'acknowledged' })
    await rig.way.send('ops', notice, 'key-1')
    const [{ headers, body } = { headers: {}, body: '' }] = rig.received
    expect(headers).toMatchObject({ 'webhook-id': 'key-1', 'content-type': 'application/json' })
    const { title, text, thread } = notice
    expect(JSON.parse(body)).toEqual({
      type: 'alarm.acknowledged',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      data: { ...notice.facts, title, text, thread, locale: 'en', drill: false },
    })
    const sent = Date.parse(JSON.parse(body).timestamp)
    expect(headers['webhook-timestamp']).toBe(String(Math.floor(sent / 1000)))
  })

  test('a drill goes the same way under the same type, and says that it is one whatever its facts say', async () => {
    const drill = sampleNotice('en', { isDrill: true, facts: { drill: 'no' } })
    await rig.way.send('ops', drill, 'key-1')
    expect(JSON.parse(rig.received[0]!.body)).toMatchObject({ type: 'alarm.raised', data: { drill: true } })
  })

  test('after a restart the same key is the same webhook-id, so that the receiver knows it', async () => {
    await rig.way.send('ops', sampleNotice(), 'key-1')
    const other = rig.again()
    await other.send('ops', sampleNotice(), 'key-1')
    await other.stop()
    expect(rig.received.map(({ headers }) => headers['webhook-id'])).toEqual(['key-1', 'key-1'])
  })

  test('what is signed with another secret is refused by the receiver', async () => {
    const { log } = createRecorder()
    const secret = `whsec_${Buffer.from('another secret of some length').toString('base64')}`
    const other = createWebhookWay({ hooks: { ops: { url: rig.url, secret } }, log })
    expect(await other.send('ops', sampleNotice(), 'key-1')).toMatchObject({
      outcome: 'refused',
      code: '401',
    })
    await other.stop()
    expect(rig.received).toEqual([])
  })

  test('a web-hook that is not configured is refused by name', async () => {
    expect(await rig.way.send('nobody', sampleNotice(), 'key-1')).toMatchObject({
      outcome: 'refused',
      why: 'there is no web-hook «nobody» under notify.webhooks',
    })
  })

  /** The end of an answer is not waited for: after this turn its connection is free. */
  async function sendAndRest(key: string): Promise<void> {
    await rig.way.send('ops', sampleNotice(), key)
    await nextTurn()
  }

  test('several go over one connection', async () => {
    for (const key of ['key-1', 'key-2', 'key-3']) await sendAndRest(key)
    expect([rig.received.length, rig.opened()]).toEqual([3, 1])
  })

  test('where a connection that was kept breaks, the same call goes out over a new one at once', async () => {
    await sendAndRest('key-1')
    rig.hurt('reset')
    expect(await rig.way.send('ops', sampleNotice(), 'key-2')).toEqual({ outcome: 'delivered' })
    expect([rig.begun(), rig.opened()]).toEqual([3, 2])
    expect(rig.received.map(({ headers }) => headers['webhook-id'])).toEqual(['key-1', 'key-2'])
  })

  test('an answer of any length is not read', async () => {
    rig.reply(200, {}, 'x'.repeat(5_000_000))
    expect(await rig.way.send('ops', sampleNotice(), 'key-1')).toEqual({ outcome: 'delivered' })
  })
})

test('the vector of the specification: id, time stamp, payload and secret give this signature', () => {
  const signature = new Webhook(SECRET).sign(
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    new Date(1_614_265_330_000),
    '{"test": 2432232314}',
  )
  expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test('Retry-After may be a date; what is over or unreadable says nothing', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  const wait = (header: string) => handedOf(503, header, 'ops.example', now)
  expect(wait('Thu, 01 Jan 2026 00:01:00 GMT')).toMatchObject({ retryAfter: 60_000 })
  expect(wait('Wed, 31 Dec 2025 00:00:00 GMT')).toMatchObject({ retryAfter: 0 })
  expect(wait('soon')).not.toHaveProperty('retryAfter')
})
