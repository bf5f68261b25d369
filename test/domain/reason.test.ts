import { describe, expect, test } from 'vitest'
import { deliveryOf as dingtalk, failureOf } from '../../src/channels/dingtalk/errors.ts'
import { handedOf as mail } from '../../src/channels/mail/outcome.ts'
import { readDelivery } from '../../src/channels/telegram/delivery.ts'
import { handedOf as voice } from '../../src/channels/voice/outcome.ts'
import { handedOf as webhook } from '../../src/channels/webhook/outcome.ts'
import { deliveryOf as wecom } from '../../src/channels/wecom/errors.ts'
import { reasonOf } from '../../src/domain/reason.ts'
import { NO_ROOM } from '../../src/engine/outgoing.ts'
import { translator } from '../../src/text/translate.ts'

const t = translator('zh-CN', 'Asia/Shanghai')
const keyOf = (why: string) => {
  const reason = reasonOf(why)
  return typeof reason === 'string' ? undefined : reason.key
}
const whyOf = (outcome: object) => ('why' in outcome ? String(outcome.why) : '')

const smtp = (responseCode: number) =>
  whyOf(mail({ message: 'x', responseCode, response: `${responseCode} said` }, { begun: false, over: false }))
const aliyun = (code: string) => {
  const error = { code, data: { Message: '原话' }, entry: { response: { statusCode: 400 } } }
  return whyOf(voice(error, true, false))
}
const hook = (status: number) => whyOf(webhook(status, undefined, 'hooks.example', 0))
const bot = (code: number, text: string) => whyOf(readDelivery({ kind: 'refused', code, text }, 'send'))
const ding = (status: number, body: object) =>
  whyOf(dingtalk(failureOf({ kind: 'answer', status, body, html: false } as never)!, false))
const wework = (code: number) => whyOf(wecom({ kind: 'answered', code, text: 'said so' }, 'm', () => 1))

describe('what adapters say of a failure is known by', () => {
  test.each([
    [smtp(421), 'reason.mail-busy'],
    [smtp(452), 'reason.mail-full'],
    [smtp(530), 'reason.mail-login'],
    [smtp(534), 'reason.mail-login'],
    [smtp(535), 'reason.mail-login'],
    [smtp(550), 'reason.mail-address'],
    [smtp(553), 'reason.mail-from'],
    [smtp(554), 'reason.mail-said'],
    [smtp(571), 'reason.mail-said'],
    [whyOf(mail({ message: 'x', code: 'EAUTH' }, { begun: false, over: false })), 'reason.mail-login'],
    [whyOf(mail({ message: 'x' }, { begun: true, over: false })), 'reason.mail-unsure'],
    [whyOf(mail({ message: 'x' }, { begun: false, over: true })), 'reason.mail-slow'],
    [whyOf(mail({ message: 'x' }, { begun: false, over: false })), 'reason.mail-unreached'],
    [aliyun('isv.AMOUNT_NOT_ENOUGH'), 'reason.voice-money'],
    [aliyun('isv.OUT_OF_SERVICE'), 'reason.voice-money'],
    [aliyun('isv.PRODUCT_UNSUBSCRIBE'), 'reason.voice-account'],
    [aliyun('isv.ACCOUNT_ABNORMAL'), 'reason.voice-account'],
    [aliyun('isv.TTS_TEMPLATE_ILLEGAL'), 'reason.voice-template'],
    [aliyun('isv.TEMPLATE_MISSING_PARAMETERS'), 'reason.voice-template'],
    [aliyun('isv.INVALID_PARAMETERS'), 'reason.voice-template'],
    [aliyun('isv.PARAM_LENGTH_LIMIT'), 'reason.voice-template'],
    [aliyun('isv.BLACK_KEY_CONTROL_LIMIT'), 'reason.voice-words'],
    [aliyun('isv.DISPLAY_NUMBER_ILLEGAL'), 'reason.voice-caller'],
    [aliyun('isv.MOBILE_NUMBER_ILLEGAL'), 'reason.voice-called'],
    [aliyun('isv.BUSINESS_LIMIT_CONTROL'), 'reason.voice-often'],
    [aliyun('isp.RAM_PERMISSION_DENY'), 'reason.credentials'],
    [aliyun('SignatureDoesNotMatch'), 'reason.credentials'],
    [aliyun('InvalidTimeStamp.Expired'), 'reason.clock'],
    [whyOf(voice(new Error('x'), false, true)), 'reason.no-answer'],
    [whyOf(voice(new Error('x'), true, false)), 'reason.unreached'],
    [hook(401), 'reason.hook-secret'],
    [hook(400), 'reason.hook-secret'],
    [hook(404), 'reason.hook-address'],
    [hook(302), 'reason.hook-address'],
    [hook(410), 'reason.hook-gone'],
    [hook(503), 'reason.hook-answered'],
    [bot(403, 'Forbidden: bot was blocked by the user'), 'reason.blocked'],
    [bot(403, "Forbidden: bot can't initiate conversation with a user"), 'reason.not-started'],
    [bot(403, 'Forbidden: bot was kicked from the supergroup chat'), 'reason.thrown-out'],
    [bot(400, 'Bad Request: not enough rights to send text messages to the chat'), 'reason.may-not-write'],
    [bot(400, 'Bad Request: chat not found'), 'reason.chat-unknown'],
    [bot(429, 'Too Many Requests: retry after 5'), 'reason.too-often'],
    [bot(401, 'Unauthorized'), 'reason.credentials'],
    [ding(403, { code: 'Forbidden.AccessDenied.IpNotInWhiteList', message: 'no' }), 'reason.ip-not-listed'],
    [ding(403, { code: 'Forbidden.AccessDenied.ApiCountLimitForOrg', message: 'no' }), 'reason.quota'],
    [
      ding(403, { code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied', message: 'no' }),
      'reason.scope',
    ],
    [ding(403, { code: 'Forbidden.AccessDenied.QpsLimitForApi', message: 'no' }), 'reason.too-often'],
    [ding(400, { code: 'invalid.openConversationId', message: 'no' }), 'reason.chat-unknown'],
    [ding(400, { code: 'param.userIdNotExist', message: 'no' }), 'reason.person-unknown'],
    [ding(400, { status: 1111 }), 'reason.ip-banned'],
    [wework(846607), 'reason.too-often'],
    [wework(853000), 'reason.credentials'],
    [wework(93006), 'reason.thrown-out'],
    [wework(40201), 'reason.offence'],
    [whyOf(wecom({ kind: 'unsent' }, 'm', () => 1)), 'reason.not-connected'],
    [NO_ROOM, 'reason.no-room'],
  ])('%s', (why, key) => {
    expect(why).not.toBe('')
    expect(keyOf(why)).toBe(key)
  })
})

test('what a provider said stands behind the words, and what nobody knows stands as it came', () => {
  const say = (why: string) =>
    t({ key: 'post.later', values: { way: 'x', to: 'y', title: 'z', why: reasonOf(why) } } as never)
  expect(say(aliyun('isv.AMOUNT_NOT_ENOUGH'))).toContain(
    '阿里云账户余额不足，请到控制台充值（isv.AMOUNT_NOT_ENOUGH: the account has not enough money: pay in the console (原话)）',
  )
  expect(say(hook(401))).toContain('hooks.example 答复 401，请核对两边的密钥')
  expect(reasonOf('something new')).toBe('something new')
})
