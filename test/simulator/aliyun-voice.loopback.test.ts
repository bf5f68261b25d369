import { createHmac, randomUUID } from 'node:crypto'
import RpcClient from '@alicloud/pop-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AliyunVoiceSim, createAliyunVoiceSim } from '../../src/simulator/aliyun-voice/index.ts'

const [ID, SECRET] = ['LTAI5tKey', 'the-secret']
const minute = 60_000
let sim: AliyunVoiceSim
beforeEach(async () => {
  sim = await createAliyunVoiceSim({
    keys: { [ID]: SECRET },
    templates: { TTS_1: ['site'] },
    numbers: ['02566668888'],
  })
})
afterEach(() => sim.close())

const CALL = { CalledNumber: '13900000000', TtsCode: 'TTS_1', TtsParam: '{"site":"一号鱼塘"}' }
const stamp = () => `${new Date(sim.clock.now()).toISOString().slice(0, 19)}Z`
const quote = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`)

/** A request as the documentation says, by hand. */
function signed(change: Record<string, string> = {}, secret = SECRET): URLSearchParams {
  const params: Record<string, string> = {
    Action: 'SingleCallByTts',
    Version: '2017-05-25',
    Format: 'JSON',
    AccessKeyId: ID,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: randomUUID(),
    Timestamp: stamp(),
    ...CALL,
    ...change,
  }
  const pairs = Object.keys(params)
    .sort()
    .map((name) => `${quote(name)}=${quote(params[name]!)}`)
  const text = `POST&%2F&${quote(pairs.join('&'))}`
  const Signature = createHmac('sha1', `${secret}&`).update(text).digest('base64')
  return new URLSearchParams({ ...params, Signature })
}

async function post(body: URLSearchParams): Promise<{ status: number; Code: string; CallId?: string }> {
  const response = await fetch(sim.url, { method: 'POST', body })
  const answer = (await response.json()) as { Code: string; CallId?: string }
  return { status: response.status, ...answer }
}
const codeOf = async (change: Record<string, string>) => (await post(signed(change))).Code

test('the official SDK is understood, by GET and by POST', async () => {
  const client = new RpcClient({
    endpoint: sim.url,
    apiVersion: '2017-05-25',
    accessKeyId: ID,
    accessKeySecret: SECRET,
  })
  const CalledNumber = '13911111111'
  expect(await client.request('SingleCallByTts', CALL, { method: 'POST' })).toMatchObject({ Code: 'OK' })
  expect(await client.request('SingleCallByTts', { ...CALL, CalledNumber })).toMatchObject({ Code: 'OK' })
  expect(sim.calls.map(({ number, params }) => [number, params.site])).toEqual([
    ['13900000000', '一号鱼塘'],
    [CalledNumber, '一号鱼塘'],
  ])
})

describe('who asks', () => {
  test('a call is signed as documented', async () => {
    expect(await post(signed())).toMatchObject({ status: 200, Code: 'OK', CallId: sim.calls[0]?.id })
  })

  test('another secret, or a parameter that was changed afterwards', async () => {
    expect(await post(signed({}, 'other'))).toMatchObject({ status: 400, Code: 'SignatureDoesNotMatch' })
    const changed = signed()
    changed.set('CalledNumber', '13922222222')
    expect((await post(changed)).Code).toBe('SignatureDoesNotMatch')
    expect(sim.calls).toEqual([])
  })

  test('an unknown key', async () => {
    expect(await post(signed({ AccessKeyId: 'nobody' }))).toMatchObject({
      status: 404,
      Code: 'InvalidAccessKeyId.NotFound',
    })
  })

  test('a nonce is good once', async () => {
    const request = signed()
    await post(request)
    expect((await post(request)).Code).toBe('SignatureNonceUsed')
  })

  test('a time stamp that is old, new or none', async () => {
    const at = (ms: number) => `${new Date(sim.clock.now() + ms).toISOString().slice(0, 19)}Z`
    expect(await codeOf({ Timestamp: at(-16 * minute) })).toBe('InvalidTimeStamp.Expired')
    expect(await codeOf({ Timestamp: at(16 * minute) })).toBe('InvalidTimeStamp.Expired')
    expect(await codeOf({ Timestamp: String(sim.clock.now()) })).toBe('InvalidTimeStamp.Format')
    expect(await codeOf({ Timestamp: at(-14 * minute) })).toBe('OK')
  })

  test.each(['Signature', 'SignatureNonce', 'Timestamp', 'AccessKeyId', 'Action', 'Version'])(
    'without %s',
    async (name) => {
      const request = signed()
      request.delete(name)
      expect((await post(request)).Code).toBe(`Missing${name}`)
    },
  )

  test('another method of signing, action or version', async () => {
    expect(await codeOf({ SignatureMethod: 'HMAC-SHA256' })).toBe('InvalidParameter')
    expect(await codeOf({ Action: 'SingleCallByVoice' })).toBe('InvalidAction.NotFound')
    expect(await codeOf({ Version: '2016-01-01' })).toBe('InvalidVersion')
  })
})

describe('what is asked', () => {
  test.each([
    ['isv.MOBILE_NUMBER_ILLEGAL', { CalledNumber: '123' }],
    ['isv.MOBILE_NUMBER_ILLEGAL', { CalledNumber: '+8613900000000' }],
    ['isv.TTS_TEMPLATE_ILLEGAL', { TtsCode: 'TTS_2' }],
    ['isv.TEMPLATE_MISSING_PARAMETERS', { TtsParam: '{}' }],
    ['isv.TEMPLATE_MISSING_PARAMETERS', { TtsParam: '{"site":" "}' }],
    ['isv.INVALID_JSON_PARAM', { TtsParam: '{"site":1}' }],
    ['isv.INVALID_JSON_PARAM', { TtsParam: 'site' }],
    ['isv.PARAM_LENGTH_LIMIT', { TtsParam: JSON.stringify({ site: 'x'.repeat(250) }) }],
    ['isv.PARAM_NOT_SUPPORT_URL', { TtsParam: '{"site":"https://evil.example"}' }],
    ['isv.DISPLAY_NUMBER_ILLEGAL', { CalledShowNumber: '02511112222' }],
    ['isv.INVALID_PARAMETERS', { OutId: 'sixteen-bytes-is' }],
    ['OK', { OutId: 'fifteen-bytes-i', CalledShowNumber: '02566668888' }],
    ['OK', { CalledNumber: '057188886666' }],
  ])('%s for %o', async (code, change) => {
    const { status, Code } = await post(signed(change as Record<string, string>))
    expect([status, Code]).toEqual([200, code])
    expect(sim.calls).toHaveLength(code === 'OK' ? 1 : 0)
  })

  test('1 a minute, 5 an hour, 20 in 24 hours, for each number', async () => {
    const said: string[] = []
    for (let hour = 0; hour < 6; hour++) {
      for (let turn = 0; turn < 6; turn++) {
        said.push(await codeOf({}))
        if (turn === 0) expect(await codeOf({})).toBe('isv.BUSINESS_LIMIT_CONTROL')
        sim.clock.advance(minute)
      }
      sim.clock.advance(60 * minute)
    }
    expect(said.filter((code) => code === 'OK')).toHaveLength(20)
    expect(said.slice(0, 6)).toEqual([...Array(5).fill('OK'), 'isv.BUSINESS_LIMIT_CONTROL'])
    expect(await codeOf({ CalledNumber: '13911111111' })).toBe('OK')
    sim.clock.advance(24 * 60 * minute)
    expect(await codeOf({})).toBe('OK')
  })
})

test('a fault may leave the call made all the same', async () => {
  sim.faults.add({ effect: { reset: 'body', done: true } })
  await expect(post(signed())).rejects.toThrow()
  expect(sim.calls).toHaveLength(1)
})
