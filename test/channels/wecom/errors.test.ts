import { expect, test } from 'vitest'
import { type Count, deliveryOf, isCardFault, redact } from '../../../src/channels/wecom/errors.ts'

const TAIL =
  ', hint: [1790000000123456789], from ip: 203.0.113.7, more info at https://open.work.weixin.qq.com/devtool/query?e='
const always =
  (times: number): Count =>
  () =>
    times
const answered = (code: number, times = 1) =>
  deliveryOf({ kind: 'answered', code, text: 'why' }, 'k', always(times))

test.for([
  [0, { outcome: 'delivered', message: 'k' }],
  [42014, { outcome: 'delivered', message: 'k' }],
  [-1, { outcome: 'later', retryAfter: 1_000 }],
  [45009, { outcome: 'later', retryAfter: 60_000, wholeChat: true }],
  [45033, { outcome: 'later', retryAfter: 2_000 }],
  [846607, { outcome: 'later', retryAfter: 5_000, wholeChat: true }],
  [846609, { outcome: 'later', retryAfter: 2_000, wholeChat: true }],
  [853000, { outcome: 'later', retryAfter: 60_000, wholeChat: true }],
  [93001, { outcome: 'refused', gone: 'chat' }],
  [93006, { outcome: 'refused', gone: 'chat' }],
  [93008, { outcome: 'refused', gone: 'chat' }],
  [40008, { outcome: 'refused' }],
  [40058, { outcome: 'refused' }],
  [40201, { outcome: 'refused', why: '40201: why (the anti-spam check took offence at the content)' }],
  [41001, { outcome: 'refused' }],
  [42039, { outcome: 'refused' }],
  [42045, { outcome: 'refused' }],
  [42049, { outcome: 'refused' }],
  [47001, { outcome: 'refused' }],
  [846604, { outcome: 'refused' }],
  [846605, { outcome: 'refused' }],
  [846606, { outcome: 'refused' }],
  [846608, { outcome: 'refused' }],
  [12345, { outcome: 'later', retryAfter: 2_000 }],
] as const)('%i', ([code, delivery]) => {
  expect(answered(code)).toMatchObject(delivery)
})

test('only what concerns the chat stops the chat, and only a lost chat is gone', () => {
  for (const code of [-1, 45033, 12345]) expect(answered(code)).not.toHaveProperty('wholeChat')
  for (const code of [40008, 40201, 846606]) expect(answered(code)).not.toHaveProperty('gone')
})

test('the pauses grow and then stay', () => {
  const pauses = (code: number) =>
    [1, 2, 3, 4, 9].map((times) => {
      const delivery = answered(code, times)
      return delivery.outcome === 'later' && delivery.retryAfter
    })
  expect(pauses(-1)).toEqual([1_000, 2_000, 4_000, 4_000, 4_000])
  expect(pauses(846607)).toEqual([5_000, 15_000, 30_000, 60_000, 60_000])
  expect(pauses(12345)).toEqual([2_000, 5_000, false, false, false])
  expect(answered(12345, 3)).toMatchObject({ outcome: 'refused', code: '12345' })
})

test('frequency is counted by the chat, mishaps by the message', () => {
  const subjects: string[] = []
  const count: Count = (subject, code) => subjects.push(`${subject} ${code}`)
  for (const code of [846607, -1, 12345]) deliveryOf({ kind: 'answered', code, text: '' }, 'k', count)
  expect(subjects).toEqual(['chat 846607', 'message -1', 'message 12345'])
})

test('without a connection nothing is lost; after writing it is unknown', () => {
  expect(deliveryOf({ kind: 'unsent' }, 'k', always(1))).toMatchObject({ outcome: 'later', wholeChat: true })
  expect(deliveryOf({ kind: 'lost', why: 'no answer' }, 'k', always(1))).toEqual({
    outcome: 'unknown',
    why: 'no answer',
  })
})

test('faults of a card are those that a text does not have', () => {
  const isFault = (code: number) => isCardFault({ kind: 'answered', code, text: '' })
  expect([42039, 42045, 42049].every(isFault)).toBe(true)
  expect([0, 42014, 93006, 846607].some(isFault)).toBe(false)
  expect(isCardFault({ kind: 'lost', why: '' })).toBe(false)
})

test('what is logged holds no address, no credential and one line', () => {
  expect(redact(`invalid chatid${TAIL}93006`, 's3cret')).toBe('invalid chatid')
  const sdk = `Authentication failed: invalid bot_id or secret${TAIL}853000 (code: 853000)`
  expect(redact(sdk, 's3cret')).toBe('Authentication failed: invalid bot_id or secret(code: 853000)')
  expect(redact('a s3cret\nat https://qyapi.weixin.qq.com/x?response_code=RC now', 's3cret')).toBe(
    'a <secret> at <address> now',
  )
  expect(redact('x'.repeat(500), 's3cret')).toHaveLength(200)
})
