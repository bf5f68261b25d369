import { expect, test } from 'vitest'
import { deliveryOf, failureOf } from '../../../src/channels/dingtalk/errors.ts'
import type { HttpOutcome } from '../../../src/channels/kit/http.ts'
import { type DingTalkFault, dingTalkFaults as faults } from '../../../src/simulator/dingtalk/index.ts'

/** The answer of a ready-made fault, as the adapter's HTTP client would have read it. */
function heard(fault: DingTalkFault): HttpOutcome {
  if (!('answer' in fault)) throw new Error('not an answer')
  const { status, body } = fault.answer
  const html = typeof body === 'string'
  return { kind: 'answer', status, body: html ? undefined : body, html }
}

const refusal = (code: string): HttpOutcome => ({
  kind: 'answer',
  status: 400,
  body: { code, message: 'no', requestid: 'r' },
  html: false,
})

const minute = 60_000

const cases: { name: string; outcome: HttpOutcome; card: object; text?: object }[] = [
  {
    name: 'QPS of the app',
    outcome: heard(faults.qpsOfApp()),
    card: { outcome: 'later', retryAfter: 1_000 },
  },
  {
    name: 'QPS of the platform',
    outcome: heard(faults.qpsOfPlatform()),
    card: { outcome: 'later', retryAfter: 10_000 },
  },
  { name: 'monthly quota', outcome: heard(faults.monthlyQuota()), card: { outcome: 'refused' } },
  { name: 'missing scope', outcome: heard(faults.scopeMissing(['S'])), card: { outcome: 'refused' } },
  { name: 'IP list', outcome: heard(faults.ipNotAllowed()), card: { outcome: 'refused' } },
  {
    name: 'IP ban as JSON in a 200',
    outcome: heard(faults.ipBan('json')),
    card: { outcome: 'later', retryAfter: 5 * minute, wholeChat: true },
  },
  {
    name: 'IP ban as a page',
    outcome: heard(faults.ipBan('html')),
    card: { outcome: 'later', retryAfter: 5 * minute, wholeChat: true },
  },
  {
    name: 'token refused twice',
    outcome: heard(faults.invalidToken(401)),
    card: { outcome: 'later', retryAfter: minute },
  },
  {
    name: 'credentials refused',
    outcome: refusal('invalidClientIdOrSecret'),
    card: { outcome: 'later', retryAfter: minute },
  },
  ...[
    heard(faults.systemBusy()),
    heard(faults.unknownError()),
    heard(faults.gatewayTimeout(true)),
    heard(faults.unavailable()),
    { kind: 'lost' as const, why: 'no answer' },
  ].map((outcome) => ({
    name: `unsettled: ${JSON.stringify(outcome)}`,
    outcome,
    card: { outcome: 'later' },
    text: { outcome: 'unknown' },
  })),
  { name: 'no connection', outcome: { kind: 'unsent', why: 'ECONNREFUSED' }, card: { outcome: 'later' } },
  { name: 'unsafe content', outcome: heard(faults.contentUnsafe()), card: { outcome: 'refused' } },
  { name: 'no card', outcome: refusal('param.cardNotExist'), card: { outcome: 'refused', gone: 'message' } },
  {
    name: 'no group',
    outcome: refusal('invalid.openConversationId'),
    card: { outcome: 'refused', gone: 'chat' },
  },
  { name: 'robot too fast', outcome: refusal('send.too.fast'), card: { outcome: 'later', wholeChat: true } },
  { name: 'any other 400', outcome: refusal('param.invalid'), card: { outcome: 'refused' } },
  {
    name: 'group dissolved, old API',
    outcome: heard(faults.errcode(400013, '群已被解散')),
    card: { outcome: 'refused', gone: 'chat' },
  },
  {
    name: 'robot too fast, old API',
    outcome: heard(faults.errcode(130101, 'send too fast')),
    card: { outcome: 'later', retryAfter: minute, wholeChat: true },
  },
  {
    name: 'session ended',
    outcome: heard(faults.errcode(300001, 'session 不存在')),
    card: { outcome: 'refused' },
  },
]

test.for(cases)('$name', ({ outcome, card, text = card }) => {
  const failure = failureOf(outcome)!
  expect(deliveryOf(failure, true)).toMatchObject(card)
  expect(deliveryOf(failure, false)).toMatchObject(text)
})

test('only the two kinds of refusal that name what is gone say so', () => {
  expect(deliveryOf(failureOf(refusal('param.invalid'))!, true)).not.toHaveProperty('gone')
  const told = {
    kind: 'answer',
    status: 400,
    body: { code: 'x', message: '机器人不在群内' },
    html: false,
  } as const
  expect(deliveryOf(failureOf(told)!, true)).toMatchObject({ outcome: 'refused', gone: 'chat' })
})

test('the old API says success in a number or a text', () => {
  for (const errcode of [0, '0']) {
    expect(
      failureOf({ kind: 'answer', status: 200, body: { errcode, errmsg: 'ok' }, html: false }),
    ).toBeUndefined()
  }
  const failure = failureOf({
    kind: 'answer',
    status: 200,
    body: { errcode: '400013', errmsg: 'x' },
    html: false,
  })
  expect(failure).toMatchObject({ code: '400013' })
})
