import { beforeEach, describe, expect, test } from 'vitest'
import { customRobotSign, type DingTalkSim } from '../../../src/simulator/dingtalk/index.ts'
import { until } from '../../support/until.ts'
import { acks, taker, useSdk } from './sdk.ts'
import { APP, call, GROUP, signedIn } from './support.ts'

let sim: DingTalkSim
let api: Awaited<ReturnType<typeof signedIn>>

const { current, connect } = useSdk()
beforeEach(async () => {
  sim = current()
  api = await signedIn(sim)
})

const text = (content: string) => ({ msgtype: 'text', text: { content } })

describe('groupMessages', () => {
  const SEND = '/v1.0/robot/groupMessages/send'
  const markdown = { title: '告警', text: '**3号** 跳闸' }
  const request = (change: Record<string, unknown> = {}) => ({
    robotCode: APP.clientId,
    openConversationId: GROUP,
    msgKey: 'sampleMarkdown',
    msgParam: JSON.stringify(markdown),
    ...change,
  })
  const send = async (change: Record<string, unknown> = {}) => {
    const { body } = await api('POST', SEND, request(change))
    return String((body as { processQueryKey?: unknown }).processQueryKey)
  }

  test('a message is written, asked for and recalled', async () => {
    const processQueryKey = await send()
    expect(sim.messages(GROUP)).toMatchObject([
      { kind: 'robot', via: 'robot', type: 'sampleMarkdown', content: markdown, recalled: false },
    ])
    const same = { openConversationId: GROUP, robotCode: APP.clientId }
    const query = () =>
      api('POST', '/v1.0/robot/groupMessages/query', { ...same, processQueryKey, maxResults: 200 })
    expect((await query()).body).toMatchObject({ sendStatus: 'SUCCESS', readUserIds: [], hasMore: false })
    const recall = { ...same, processQueryKeys: [processQueryKey, 'nope'] }
    expect((await api('POST', '/v1.0/robot/groupMessages/recall', recall)).body).toEqual({
      successResult: [processQueryKey],
      failedResult: { nope: expect.any(String) },
    })
    expect((await query()).body).toMatchObject({ sendStatus: 'RECALLED' })
    expect(sim.messages(GROUP)[0]).toMatchObject({ recalled: true })
  })

  const button = { actionTitle1: 'a', actionURL1: 'u', actionTitle2: 'b', actionURL2: 'v' }
  test.each<[string, object]>([
    ['sampleText', { content: 'x' }],
    ['sampleActionCard2', { title: 't', text: 'x', ...button }],
    [
      'sampleActionCard6',
      { title: 't', text: 'x', buttonTitle1: 'a', buttonUrl1: 'u', buttonTitle2: 'b', buttonUrl2: 'v' },
    ],
  ])('%s has parameters of its own names', async (msgKey, params) => {
    expect((await api('POST', SEND, request({ msgKey, msgParam: JSON.stringify(params) }))).status).toBe(200)
    const wrong = { ...request({ msgKey }), msgParam: JSON.stringify({ ...params, extra: 'x' }) }
    expect((await api('POST', SEND, wrong)).body).toMatchObject({ code: 'invalidParameter.msgParam.invalid' })
  })

  test.each<[string, Record<string, unknown>]>([
    ['invalidParameter.robotCode.missing', { robotCode: undefined }],
    ['invalidParameter.robotCode.empty', { robotCode: '' }],
    ['invalidParameter.robotCode.invalid', { robotCode: 7 }],
    ['invalidParameter.robotCode.notExsit', { robotCode: 'nobody' }],
    ['invalidParameter.robotCode.auth', { robotCode: 'dingapp2' }],
    ['invalidParameter.msgKey.empty', { msgKey: '' }],
    ['invalidParameter.msgKey.invalid', { msgKey: 'sampleNothing' }],
    ['invalidParameter.msgParam.invalid', { msgParam: { title: 'an object', text: 'x' } }],
    ['invalidParameter.msgParam.invalid', { msgParam: '{"title":"no text"}' }],
    [
      'invalidParameter.msgParam.tooLong',
      { msgParam: JSON.stringify({ title: 't', text: '电'.repeat(5_000) }) },
    ],
    ['invalid.openConversationId', { openConversationId: 'cidNope==' }],
    ['resource.not.found', { openConversationId: 'cidForeign==' }],
  ])('%s', async (code, change) => {
    sim.addApp({ clientId: 'dingapp2', clientSecret: 'app-secret-2' })
    sim.addGroup({ conversationId: 'cidForeign==', title: '别的群', members: [], robots: [] })
    const { status, body } = await api('POST', SEND, request(change))
    expect(status).toBe(400)
    expect(body).toEqual({ code, message: expect.any(String), requestid: expect.any(String) })
    expect(sim.messages(GROUP)).toEqual([])
  })

  test('one-to-one messages: who is not there, who is flow-controlled, at most 20', async () => {
    sim.behaviour.flowControlledUsers = ['manager123']
    const { openConversationId, ...message } = request()
    const batch = (userIds: string[]) =>
      api('POST', '/v1.0/robot/oToMessages/batchSend', { ...message, userIds })
    expect((await batch(['elec7', 'manager123', 'guest', 'nobody'])).body).toEqual({
      processQueryKey: expect.stringMatching(/.+/),
      invalidStaffIdList: ['guest', 'nobody'],
      flowControlledStaffIdList: ['manager123'],
    })
    expect(sim.messages({ user: 'elec7' })).toHaveLength(1)
    expect((await batch(Array(21).fill('elec7'))).status).toBe(400)
  })

  test('a dtmd link makes the user speak, with or without @', async () => {
    const { frames, handler } = taker()
    await connect({ robot: handler })
    const link = `dtmd://dingtalkclient/sendMessage?content=${encodeURIComponent('确认 A12')}`
    const id = await send({ msgParam: JSON.stringify({ title: 't', text: `[确认](${link})` }) })
    sim.clickDtmd('elec7', id)
    await until(() => frames.length === 1)
    expect(JSON.parse(frames[0]!.data)).toMatchObject({
      text: { content: ' 确认 A12' },
      senderStaffId: 'elec7',
    })
    sim.behaviour.dtmdMentions = false
    expect(sim.clickDtmd('elec7', id)).toBeUndefined()
    expect(() => sim.clickDtmd('elec7', id, 1)).toThrow(/no dtmd link/)
  })
})

describe('sessionWebhook', () => {
  let webhook: string
  beforeEach(async () => {
    const { frames, handler } = taker()
    await connect({ robot: handler })
    sim.say(GROUP, 'elec7', '状态', { at: true })
    await until(() => acks(sim).length === 1)
    webhook = JSON.parse(frames[0]!.data).sessionWebhook
  })

  test('replies into the chat it came from, without token or quota', async () => {
    expect((await call(sim, 'POST', webhook, text('一切正常'))).body).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(sim.messages(GROUP).at(-1)).toMatchObject({
      via: 'sessionWebhook',
      type: 'text',
      text: '一切正常',
    })
    expect(sim.counters.monthlyCalls).toBe(0)
    sim.behaviour.sessionCounts = true
    await call(sim, 'POST', webhook, text('再说一遍'))
    expect(sim.counters.monthlyCalls).toBe(1)
  })

  test('after 90 min it is errcode 300001 under HTTP 200, or as switched', async () => {
    sim.clock.advance(90 * 60_000)
    const expired = { errcode: 300001, errmsg: 'session 不存在' }
    expect(await call(sim, 'POST', webhook, text('晚了'))).toMatchObject({ status: 200, body: expired })
    Object.assign(sim.behaviour, { expiredSessionStatus: 400, errcodeAsString: true })
    const switched = { status: 400, body: { ...expired, errcode: '300001' } }
    expect(await call(sim, 'POST', webhook, text('晚了'))).toMatchObject(switched)
  })

  test.each<[number, object]>([
    [40035, { text: { content: 'no type' } }],
    [40035, { msgtype: 'text', text: {} }],
    [
      40035,
      { msgtype: 'actionCard', actionCard: { title: 't', text: 'x', btns: [{ title: 'no address' }] } },
    ],
    [40035, { ...text('x'), at: { atUserIds: Array(51).fill('u') } }],
    [400105, { msgtype: 'interactiveCard', interactiveCard: {} }],
  ])('errcode %d for %j', async (errcode, body) => {
    const reply = await call(sim, 'POST', webhook, body)
    expect(reply).toMatchObject({ status: 200, body: { errcode, errmsg: expect.any(String) } })
  })

  test('another content type, a robot that was taken out, a group that is gone', async () => {
    const form = await call(sim, 'POST', webhook, text('x'), { 'content-type': 'text/plain' })
    expect(form.body).toMatchObject({ errcode: 43004 })
    sim.removeRobot(GROUP, APP.clientId)
    expect((await call(sim, 'POST', webhook, text('x'))).body).toMatchObject({ errcode: 400106 })
    sim.dissolveGroup(GROUP)
    expect((await call(sim, 'POST', webhook, text('x'))).body).toMatchObject({ errcode: 400013 })
  })
})

describe('custom robot', () => {
  const secret = 'SEC0123456789abcdef'
  const url = (query: Record<string, string>) => `/robot/send?${new URLSearchParams(query)}`
  beforeEach(() => sim.addCustomRobot({ token: 'tok1', conversationId: GROUP, secret, keywords: ['告警'] }))

  test('its signature is that of the test vector', () => {
    expect(customRobotSign(secret, '1700000000000')).toBe('TSZbRFUuvaSQaRKUpF970OPCb2/LcQAP3wOvwZIzBZk=')
  })

  test('takes what is signed and has a keyword, refuses anything else', async () => {
    const at = 1_700_000_000_000
    sim.clock.advance(at - sim.clock.now())
    const signed = {
      access_token: 'tok1',
      timestamp: String(at),
      sign: 'TSZbRFUuvaSQaRKUpF970OPCb2/LcQAP3wOvwZIzBZk=',
    }
    const send = async (query: Record<string, string>, content = '告警：跳闸') =>
      (await call(sim, 'POST', url(query), text(content))).body
    expect(await send(signed)).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(sim.messages(GROUP)).toMatchObject([{ via: 'custom robot', text: '告警：跳闸' }])
    expect(await send(signed, '跳闸')).toEqual({ errcode: 310000, errmsg: 'keywords not in content' })
    expect(await send({ ...signed, sign: 'x' })).toEqual({ errcode: 310000, errmsg: 'sign not match' })
    expect(await send({ access_token: 'tok1' })).toEqual({ errcode: 310000, errmsg: 'invalid timestamp' })
    expect(await send({ access_token: 'nope' })).toEqual({ errcode: 300005, errmsg: 'token is not exist' })
    sim.clock.advance(3_600_001)
    expect(await send(signed)).toEqual({ errcode: 310000, errmsg: 'invalid timestamp' })
  })

  test('20 a minute, then nothing for 10 minutes', async () => {
    sim.addCustomRobot({ token: 'tok2', conversationId: GROUP })
    const send = async () => {
      const { body } = await call(sim, 'POST', url({ access_token: 'tok2' }), text('告警'))
      return (body as { errcode: unknown }).errcode
    }
    for (let i = 0; i < 20; i++) expect(await send()).toBe(0)
    expect(await send()).toBe(410100)
    sim.clock.advance(9 * 60_000)
    expect(await send()).toBe(410100)
    sim.clock.advance(60_000)
    expect(await send()).toBe(0)
  })
})
