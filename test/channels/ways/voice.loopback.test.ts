import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sampleNotice } from './notice.ts'
import type { Row } from './rig.ts'
import { wayConformance } from './suite.ts'
import { createVoiceRig, type VoiceRig } from './voice-rig.ts'

const row = (
  Code: string,
  expected: Row['expected'],
  status = 200,
  Message = 'says Aliyun',
): Row<VoiceRig> => ({
  name: `${status} ${Code} ${Message}`,
  answer: ({ sim }) =>
    void sim.faults.add({ effect: { answer: { status, body: { RequestId: 'R', Code, Message } } } }),
  expected: { code: Code, ...expected },
})
const later = { outcome: 'later' }
const refused = (mend: string) => ({ outcome: 'refused', why: expect.stringContaining(mend) })
const hour = 3_600_000

describe('a voice call keeps the port', () =>
  wayConformance({
    name: 'voice',
    create: createVoiceRig,
    rows: [
      row('isv.BUSINESS_LIMIT_CONTROL', { ...later, retryAfter: 60_000 }, 200, '触发分钟级流控Permits:1'),
      row('isv.BUSINESS_LIMIT_CONTROL', { ...later, retryAfter: hour }, 200, '触发小时级流控Permits:5'),
      row('isv.BUSINESS_LIMIT_CONTROL', { ...later, retryAfter: 24 * hour }, 200, '触发天级流控Permits:20'),
      row('isp.SYSTEM_ERROR', later),
      row('isv.VOICE_CALL_FAIL', later),
      row('isv.TTS_TEMPLATE_ILLEGAL', refused('ttsCode')),
      row('isv.TEMPLATE_MISSING_PARAMETERS', refused('params')),
      row('isv.BLACK_KEY_CONTROL_LIMIT', refused('rename')),
      row('isv.PARAM_LENGTH_LIMIT', refused('paramLength')),
      row('isv.INVALID_PARAMETERS', refused('parameter')),
      row('isv.DISPLAY_NUMBER_ILLEGAL', refused('calledShowNumber')),
      row('isv.MOBILE_NUMBER_ILLEGAL', refused('phone')),
      row('isv.COMPLAINT_REJECT', refused('its network')),
      row('isv.OUT_OF_SERVICE', refused('pay')),
      row('isv.AMOUNT_NOT_ENOUGH', refused('pay')),
      row('isp.RAM_PERMISSION_DENY', refused('dyvms:SingleCallByTts')),
      row('isv.SOMETHING_NEW', { outcome: 'refused' }),
      row('SignatureDoesNotMatch', refused('accessKeySecret'), 400),
      row('InvalidAccessKeyId.NotFound', refused('accessKeyId'), 404),
      row('InvalidAccessKeyId.Inactive', refused('accessKeyId'), 403),
      row('Forbidden.RAM', refused('dyvms:SingleCallByTts'), 403),
      row('InvalidTimeStamp.Expired', refused('NTP'), 400),
      row('SignatureNonceUsed', later, 400),
      row('Throttling.User', { ...later, retryAfter: 10_000 }, 400),
      row('Throttling', later, 503),
      row('ServiceUnavailable', later, 503),
      row('InternalError', later, 500),
      {
        name: 'an answer without a code',
        answer: ({ sim }) => void sim.faults.add({ effect: { answer: { status: 200, body: {} } } }),
        expected: { outcome: 'unknown' },
      },
      {
        name: 'an answer that is no object',
        answer: ({ sim }) => void sim.faults.add({ effect: { answer: { status: 200, body: '"OK"' } } }),
        expected: { outcome: 'unknown' },
      },
    ],
    troubles: { reset: 'unknown', hang: 'unknown', html: 'unknown', torn: 'unknown', drip: 'unknown' },
  }))

describe('a voice call', () => {
  let rig: VoiceRig
  beforeEach(async () => {
    rig = await createVoiceRig(4000)
  })
  afterEach(async () => {
    await rig.way.stop()
    await rig.close()
  })
  const send = (key: string, notice = sampleNotice(), to = rig.to) => rig.way.send(to, notice, key)

  test('tells site, breaker and cause, in the template that was approved', async () => {
    const handed = await send('key-1')
    const [call] = rig.sim.calls
    expect(call).toMatchObject({
      number: '13900000000',
      template: 'TTS_1',
      params: { site: '一号鱼塘', breaker: '3号增氧机', cause: '过载' },
      outId: expect.stringMatching(/^[0-9a-f]{15}$/),
    })
    expect(handed).toEqual({ outcome: 'delivered', ref: call?.id })
  })

  test('goes by POST: number and key stand in no address', async () => {
    await send('key-1')
    expect(rig.sim.requests.map(({ method }) => method)).toEqual(['POST'])
  })

  test('the same key has the same OutId after a restart, another has another', async () => {
    await send('key-1')
    const other = rig.again()
    await other.send(rig.to, sampleNotice(), 'key-1')
    await other.send(rig.to, sampleNotice(), 'key-2')
    await other.stop()
    const [first, again, another] = rig.sim.calls.map(({ outId }) => outId)
    expect(again).toBe(first)
    expect(another).not.toBe(first)
  })

  test('one number is called so often and no more; another is', async () => {
    for (const key of ['a', 'b', 'c']) expect(await send(key)).toMatchObject({ outcome: 'delivered' })
    expect(await send('d')).toMatchObject({ outcome: 'later', retryAfter: 60_000 })
    expect(await send('d', sampleNotice(), '0571-8888 6666')).toMatchObject({ outcome: 'delivered' })
    rig.sim.clock.advance(61_000)
    expect(await send('e')).toMatchObject({ outcome: 'delivered' })
  })

  test('a clock that is wrong by more than a quarter of an hour is told', async () => {
    rig.sim.clock.advance(16 * 60_000)
    expect(await send('key-1')).toMatchObject({ outcome: 'refused', why: expect.stringContaining('NTP') })
  })

  test('long names are cut by characters, and all variables stay below 250', async () => {
    const facts = { site: '👨‍👩‍👧‍👦塘'.repeat(100), breaker: '泵'.repeat(400), cause: 'x'.repeat(400) }
    expect(await send('key-1', sampleNotice('zh-CN', { facts }))).toMatchObject({ outcome: 'delivered' })
    const [call] = rig.sim.calls
    for (const value of Object.values(call!.params)) expect(value.length).toBeLessThanOrEqual(60)
    expect(call?.params.breaker).toBe(`${'泵'.repeat(59)}…`)
  })

  test('an alarm without a breaker is told by its title', async () => {
    await send('key-1', sampleNotice('zh-CN', { facts: { site: '一号鱼塘' }, title: '一号鱼塘全部离线' }))
    expect(rig.sim.calls[0]?.params).toEqual({
      site: '一号鱼塘',
      breaker: '一号鱼塘全部离线',
      cause: '一号鱼塘全部离线',
    })
  })

  test.each(['', '12', 'abc', '139000000001390000000', '+86 139; rm'])('«%s» is no number', async (to) => {
    expect(await send('key-1', sampleNotice(), to)).toMatchObject({ outcome: 'refused' })
    expect(rig.sim.requests).toEqual([])
  })
})

test('a template of another shape, and a caller’s number of one’s own', async () => {
  const rig = await createVoiceRig(4000, {
    params: { site: 'title', breaker: 'text', cause: 'severity' },
    calledShowNumber: '02566668888',
  })
  await rig.way.send(rig.to, sampleNotice('en'), 'key-1')
  expect(rig.sim.calls[0]).toMatchObject({ showNumber: '02566668888', params: { cause: 'critical' } })
  await rig.way.stop()
  await rig.close()
})
