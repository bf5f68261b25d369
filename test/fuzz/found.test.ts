import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { DING_FRAMES, DING_MESSAGES, NOW, UPDATES, WECOM_FRAMES } from '../../fuzz/samples.ts'
import { deliveryOf, failureOf } from '../../src/channels/dingtalk/errors.ts'
import { parseFrame, parseRobotMessage } from '../../src/channels/dingtalk/parse.ts'
import { readNetworkError } from '../../src/channels/kit/network.ts'
import { readFault } from '../../src/channels/telegram/faults.ts'
import { readMessage, readPress } from '../../src/channels/telegram/inputs.ts'
import { handedOf as voiceHanded } from '../../src/channels/voice/outcome.ts'
import { readFrame } from '../../src/channels/wecom/inputs.ts'
import { parseConfig } from '../../src/config/load.ts'
import { parseCommand } from '../../src/domain/command.ts'
import { BlockError, packSamples, unpackSamples } from '../../src/store/blocks.ts'
import { envelopesIn } from '../../src/thingboot/envelope.ts'
import { parsePush } from '../../src/thingboot/parse-push.ts'
import { profileFor } from '../../src/thingboot/profiles.ts'

/** What the fuzzing has found, each kept from coming back. */

describe.each([1e308, 2 ** 53, -1e308, 8.65e15])('a moment that is none (%s)', (moment) => {
  test('is not taken from Telegram', () => {
    const [{ message }] = UPDATES as [{ message: object }]
    expect(readMessage({ ...message, date: moment }, { id: 1, username: 'b' })).toBeUndefined()
  })

  test('is replaced by the arrival on DingTalk', () => {
    const message = { ...(DING_MESSAGES[0] as object), createAt: moment, sessionWebhookExpiredTime: moment }
    const heard = parseRobotMessage(JSON.stringify(message), NOW)
    expect(heard).toMatchObject({ kind: 'text', input: { at: NOW } })
    expect(heard).not.toHaveProperty('session')
    const frame = structuredClone(DING_FRAMES[0]) as { headers: { time: unknown } }
    frame.headers.time = String(moment)
    expect(parseFrame(frame)?.headers.time).toBeUndefined()
  })

  test('is replaced by the arrival on WeCom', () => {
    const frame = structuredClone(WECOM_FRAMES[0]) as { body: { create_time: unknown } }
    frame.body.create_time = moment
    expect(readFrame(frame, NOW)).toMatchObject({ kind: 'text', input: { at: NOW } })
  })
})

test.each(['constructor', '__proto__', 'toString'])('a code «%s» is a code like any other', (code) => {
  const failure = failureOf({ kind: 'answer', status: 400, body: { code, message: 'no' }, html: false })
  expect(deliveryOf(failure!, true)).toEqual({ outcome: 'refused', code, why: `${code}: no` })
  const refused = { code: `${code}.x`, data: {}, entry: { response: { statusCode: 400 } } }
  expect(voiceHanded(refused, true, false)).toMatchObject({ outcome: 'refused', why: `${code}.x: ` })
})

test('an answer whose parts cannot become text is told all the same', () => {
  const message = { toString: false, a: 1 }
  const answer = { kind: 'answer', status: 400, body: { code: 'x', message }, html: false } as const
  expect(failureOf(answer)?.text).toBe('{"toString":false,"a":1}')
  const old = { ...answer, body: { errcode: message, errmsg: 'no', status: message } }
  expect(failureOf(old)).toMatchObject({ how: 'answered', text: 'no', code: '{"toString":false,"a":1}' })
  expect(readNetworkError(message).text).toContain('toString')
  expect(readFault(message, 'token-of-the-bot')).toMatchObject({ kind: 'unclear' })
  const round: Record<string, unknown> = {}
  round.self = round
  expect(readNetworkError(round).text).toBe('an object')
})

test('a code of any length is told in one line of 200 characters', () => {
  const failure = failureOf({ kind: 'answer', status: 400, body: { errcode: 'x'.repeat(5000) }, html: false })
  expect(failure?.code).toHaveLength(200)
})

test('a pause that nobody would ask for is none', () => {
  const thrown = { error_code: 429, description: 'slow', parameters: { retry_after: 1e308 } }
  const fault = readFault(
    Object.assign(Object.create(Error.prototype) as Error, { response: thrown }),
    't'.repeat(9),
  )
  expect(fault).not.toHaveProperty('retryAfter')
})

test.each([1e71, 1.5, -2.5e48])('a chat or person of Telegram with the id %d is nobody', (id) => {
  const bot = { id: 1, username: 'b' }
  const [{ message }, , { callback_query }] = UPDATES as [
    { message: object },
    object,
    { callback_query: object },
  ]
  expect(readMessage({ ...message, chat: { id, type: 'private' } }, bot)).toBeUndefined()
  expect(readMessage({ ...message, from: { id } }, bot)).toBeUndefined()
  expect(readPress({ ...callback_query, from: { id } }, NOW)).toBeUndefined()
})

test('something that has a length which is none is no text', () => {
  const none = { length: { toString: null } }
  const frame = structuredClone(WECOM_FRAMES[0]) as { body: { msgid: unknown } }
  frame.body.msgid = none
  expect(readFrame(frame, NOW)).toEqual({ kind: 'unreadable' })
  expect(parseFrame({ headers: { messageId: none, topic: 'x' }, data: '' })).toBeUndefined()
  expect(parseRobotMessage(JSON.stringify({ ...(DING_MESSAGES[0] as object), msgId: none }), NOW).kind).toBe(
    'other',
  )
  const text = 'rooms: { length: { toString: null } }'
  expect(parseConfig(text, {})).toMatchObject({ ok: false, faults: [{ path: '(file)' }] })
})

test('a flag that names a fault is cut like any other word', () => {
  const push = { device: 1, type: 'event', data: { alarm: { [`${'x'.repeat(500)}`]: 1 } } }
  const parsed = parsePush(push, { receivedAt: NOW, profileFor: () => profileFor(undefined) })
  expect(parsed.ok && parsed.reports[0]!.fault).toEqual({ cause: 'unknown', raw: 'x'.repeat(100) })
})

test('a word as long as a message is compared with no command', () => {
  expect(parseCommand('合闸'.repeat(30))).toMatchObject({ kind: 'command' })
  expect(parseCommand(`statsu${'x'.repeat(100)}`)).toMatchObject({ kind: 'unknown', nearest: undefined })
  expect(parseCommand('statsu')).toMatchObject({ kind: 'unknown', nearest: 'status' })
})

test('what is long around a list of messages is not repeated for each of them', () => {
  const list = Array.from({ length: 3 }, (_, id) => ({ id: id + 1, power: 1 }))
  const found = envelopesIn({ type: 'state', message: 'x'.repeat(30_000), mid: 'm'.repeat(100), list })
  expect(found).toHaveLength(3)
  for (const { fields } of found) {
    expect(fields).toMatchObject({ type: 'state', mid: 'm'.repeat(100) })
    expect(fields).not.toHaveProperty('message')
  }
})

test('a block that claims more samples than it has bytes makes no room for them', () => {
  const whole = packSamples([{ device: '1', at: NOW, voltage: 230 }])
  const inside = inflateRawSync(whole.subarray(5))
  // 2^28 samples, of which nothing is known.
  const packed = deflateRawSync(
    Buffer.concat([Buffer.from([0x80, 0x80, 0x80, 0x80, 1]), Buffer.alloc(40, 0x4f), inside]),
  )
  const block = Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), packed])
  block.writeUInt32LE(crc32(packed), 1)
  const before = process.memoryUsage().arrayBuffers
  expect(() => unpackSamples('1', block)).toThrow(BlockError)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 28)
})
