import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BUILT_IN_TEMPLATE, type DingTalkSim } from '../../../src/simulator/dingtalk/index.ts'
import { APP, buttonsJson, CARDS, CREATE, call, cardRequest, GROUP, signedIn, startSim } from './support.ts'

let sim: DingTalkSim
let api: Awaited<ReturnType<typeof signedIn>>

beforeEach(async () => {
  sim = await startSim()
  api = await signedIn(sim)
})
afterEach(() => sim.close())

const failed = (code: string) => ({ code, message: expect.any(String), requestid: expect.any(String) })

describe('create and deliver', () => {
  test('puts the card into the group', async () => {
    const { status, body } = await api('POST', CREATE, cardRequest('alm_1'))
    expect(status).toBe(200)
    const delivered = { spaceType: 'IM_GROUP', spaceId: GROUP, success: true, errorMsg: '' }
    expect(body).toEqual({
      success: true,
      result: { outTrackId: 'alm_1', deliverResults: [{ ...delivered, carrierId: expect.any(String) }] },
    })
    expect(sim.messages(GROUP)).toMatchObject([{ kind: 'card', outTrackId: 'alm_1' }])
    expect(sim.cards(GROUP)).toMatchObject([
      { templateId: BUILT_IN_TEMPLATE, spaces: [GROUP], clientId: APP.clientId },
    ])
    expect(sim.view('alm_1', 'elec7').buttons[0]).toEqual({
      id: 'ack',
      text: 'ack',
      request: true,
      params: { id: 'ack', n: 'k7Qp2x' },
    })
  })

  test('in two steps, and into a one-to-one chat', async () => {
    const { openSpaceId, imGroupOpenSpaceModel, imGroupOpenDeliverModel, ...create } = cardRequest('alm_1')
    expect((await api('POST', CARDS, create)).body).toEqual({ success: true, result: 'alm_1' })
    expect(sim.cards(GROUP)).toEqual([])
    const robotModels = { imRobotOpenSpaceModel: {}, imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT' } }
    const deliver = { outTrackId: 'alm_1', openSpaceId: 'dtv1.card//IM_ROBOT.elec7', ...robotModels }
    const { body } = await api('POST', `${CARDS}/deliver`, deliver)
    expect(body).toMatchObject({ success: true, result: [{ spaceId: 'elec7', success: true }] })
    expect(sim.cards({ user: 'elec7' })).toHaveLength(1)
  })

  test.each<[string, Record<string, unknown>]>([
    ['param.cardTemplateIdEmpty', { cardTemplateId: undefined }],
    ['param.templateNotExist', { cardTemplateId: 'nope.schema' }],
    ['param.templateUnpublished', { cardTemplateId: 'draft.schema' }],
    ['param.outTrackIdEmpty', { outTrackId: '' }],
    ['param.invalid', { outTrackId: 'x'.repeat(65) }],
    ['param.cardAlreadyExist', { outTrackId: 'taken' }],
    ['param.cardPublicDataEmpty', { cardData: undefined }],
    ['param.invalid', { cardData: { cardParamMap: { current: 63.1 } } }],
    ['param.openSpaceIdEmpty', { openSpaceId: undefined }],
    ['param.openSpaceIdInvalid', { openSpaceId: GROUP }],
    ['param.openSpaceModelInvalid', { imGroupOpenSpaceModel: undefined }],
    ['param.openDeliverModelEmpty', { imGroupOpenDeliverModel: undefined }],
    ['param.openDeliverModelError', { imGroupOpenDeliverModel: { robotCode: 'other' } }],
    [
      'param.userIdNotExist',
      { imGroupOpenDeliverModel: { robotCode: APP.clientId, atUserIds: { nobody: 'x' } } },
    ],
    ['param.userIdNotExist', { privateData: { nobody: { cardParamMap: {} } } }],
  ])('%s for %j', async (code, change) => {
    sim.addTemplate({ id: 'draft.schema', published: false })
    await api('POST', CREATE, cardRequest('taken'))
    const { status, body } = await api('POST', CREATE, cardRequest('alm_1', change))
    expect(status).toBe(400)
    expect(body).toEqual(failed(code))
    expect(sim.cards(GROUP)).toHaveLength(1)
  })

  test('HTTP 200 is not delivery: a group out of reach is told inside, or as an error where switched', async () => {
    sim.removeRobot(GROUP, APP.clientId)
    const { status, body } = await api('POST', CREATE, cardRequest('alm_1'))
    expect(status).toBe(200)
    expect(body).toMatchObject({ success: true, result: { deliverResults: [{ success: false }] } })
    expect(sim.messages(GROUP)).toEqual([])
    sim.behaviour.deliveryFailure = 'error'
    const refused = await api('POST', CREATE, cardRequest('alm_2'))
    expect(refused).toMatchObject({ status: 400, body: failed('param.openSpaceIdInvalid') })
    sim.addGroup({ conversationId: GROUP, title: '新', members: [], robots: [APP.clientId] })
    sim.dissolveGroup(GROUP)
    expect((await api('POST', CREATE, cardRequest('alm_3'))).status).toBe(400)
  })

  test('1 KB for a variable only where it is enforced', async () => {
    const long = { cardData: { cardParamMap: { markdown: '电'.repeat(400) } } }
    expect((await api('POST', CREATE, cardRequest('alm_1', long))).status).toBe(200)
    sim.behaviour.strictVariables = true
    expect((await api('POST', CREATE, cardRequest('alm_2', long))).body).toEqual(failed('param.invalid'))
  })

  test('an own template may keep its buttons in a variable of another name', async () => {
    sim.addTemplate({ id: 'own.schema', buttons: 'actions' })
    const actions = JSON.stringify([{ id: 'ack', text: '确认', request: true }])
    const change = { cardTemplateId: 'own.schema', cardData: { cardParamMap: { actions } } }
    await api('POST', CREATE, cardRequest('alm_1', change))
    expect(sim.view('alm_1', 'elec7').buttons).toMatchObject([{ id: 'ack', text: '确认', params: {} }])
  })
})

describe('update', () => {
  beforeEach(() => api('POST', CREATE, cardRequest('alm_1')))
  const put = (change: Record<string, unknown>) => api('PUT', CARDS, { outTrackId: 'alm_1', ...change })
  const tips = { cardParamMap: { tips: '已确认' } }

  test('by key merges, without it everything else is gone', async () => {
    const byKey = { cardUpdateOptions: { updateCardDataByKey: true } }
    expect((await put({ cardData: tips, ...byKey })).body).toEqual({ success: true, result: true })
    expect(sim.view('alm_1', 'elec7').variables).toMatchObject({ title: '跳闸', tips: '已确认' })
    expect(sim.view('alm_1', 'elec7').buttons).toHaveLength(2)
    await put({ cardData: tips })
    expect(sim.card('alm_1')?.publicData).toEqual({ tips: '已确认' })
    expect(sim.view('alm_1', 'elec7').buttons).toEqual([])
    expect(sim.card('alm_1')?.history.map(({ by }) => by)).toEqual(['create', 'put', 'put'])
  })

  test('private variables are one user’s, by key or as a whole', async () => {
    await put({ privateData: { elec7: { cardParamMap: { a: '1', b: '2' } } } })
    const options = { updatePrivateDataByKey: true }
    await put({ privateData: { elec7: { cardParamMap: { a: '3' } } }, cardUpdateOptions: options })
    expect(sim.view('alm_1', 'elec7').variables).toMatchObject({ a: '3', b: '2' })
    expect(sim.view('alm_1', 'manager123').variables).not.toHaveProperty('a')
    await put({ privateData: { elec7: { cardParamMap: { a: '4' } } } })
    expect(sim.card('alm_1')?.privateData).toEqual({ elec7: { a: '4' } })
  })

  test('new buttons show, unless updates do not reach them', async () => {
    const cardData = { cardParamMap: { sys_full_json_obj: buttonsJson('reclose') } }
    await put({ cardData, cardUpdateOptions: { updateCardDataByKey: true } })
    const ids = () => sim.view('alm_1', 'elec7').buttons.map(({ id }) => id)
    expect(ids()).toEqual(['reclose'])
    sim.behaviour.buttonsFollow = false
    expect(ids()).toEqual(['ack', 'reclose'])
  })

  test.each<[string, Record<string, unknown>]>([
    ['param.outTrackIdEmpty', { outTrackId: undefined }],
    ['param.cardNotExist', { outTrackId: 'alm_9', cardData: tips }],
    ['param.empty', {}],
    ['param.invalid', { cardData: { cardParamMap: { n: 1 } } }],
  ])('%s for %j', async (code, change) => {
    expect(await put(change)).toMatchObject({ status: 400, body: failed(code) })
  })

  test('another app’s card is as good as none', async () => {
    const other = { clientId: 'dingapp2', clientSecret: 'app-secret-2' }
    sim.addApp(other)
    const elsewhere = await signedIn(sim, other)
    const { body } = await elsewhere('PUT', CARDS, { outTrackId: 'alm_1', cardData: tips })
    expect(body).toEqual(failed('param.cardNotExist'))
  })
})

describe('access', () => {
  test('wrong credentials are 400 invalidClientIdOrSecret', async () => {
    const wrong = { appKey: APP.clientId, appSecret: 'no' }
    const reply = await call(sim, 'POST', '/v1.0/oauth2/accessToken', wrong)
    expect(reply).toMatchObject({ status: 400, body: failed('invalidClientIdOrSecret') })
  })

  test('a token lives 7200 s, renewed and the same while it is asked for', async () => {
    const ask = () =>
      call(sim, 'POST', '/v1.0/oauth2/accessToken', { appKey: APP.clientId, appSecret: APP.clientSecret })
    const first = await ask()
    expect(first.body).toEqual({ accessToken: expect.any(String), expireIn: 7200 })
    sim.clock.advance(7_000_000)
    expect((await ask()).body).toEqual(first.body)
    sim.clock.advance(7_000_000)
    expect((await api('POST', CREATE, cardRequest('alm_1'))).status).toBe(200)
    sim.clock.advance(200_000)
    expect((await api('POST', CREATE, cardRequest('alm_2'))).body).toEqual(failed('InvalidAuthentication'))
  })

  test.each([400, 401] as const)(
    'an expired token is %d InvalidAuthentication as switched',
    async (status) => {
      sim.behaviour.invalidTokenStatus = status
      sim.expireTokens()
      const reply = await api('POST', CREATE, cardRequest('alm_1'))
      expect(reply).toMatchObject({ status, body: failed('InvalidAuthentication') })
    },
  )

  test('no token is an invalid one, whatever the body claims', async () => {
    const claim = cardRequest('alm_1', { clientId: APP.clientId, appKey: APP.clientId })
    const reply = await call(sim, 'POST', CREATE, claim)
    expect(reply).toMatchObject({ status: 400, body: failed('InvalidAuthentication') })
  })

  test('a missing scope is 403 with the scope and the link that asks for it', async () => {
    sim.addApp({ ...APP, scopes: ['qyapi_robot_sendmsg'] })
    const { status, body } = await api('POST', CREATE, cardRequest('alm_1'))
    expect(status).toBe(403)
    expect(body).toEqual({
      ...failed('Forbidden.AccessDenied.AccessTokenPermissionDenied'),
      message: expect.stringContaining('appscope/apply?content=dingapp1%23Card.Instance.Write'),
      accessdenieddetail: { requiredScopes: ['Card.Instance.Write'] },
    })
  })

  test('more than 20 calls a second of one API are throttled, and do not count', async () => {
    const codes: number[] = []
    for (let i = 0; i < 21; i++) codes.push((await api('POST', CREATE, cardRequest(`alm_${i}`))).status)
    expect(codes).toEqual([...Array(20).fill(200), 403])
    const { body } = await api('POST', CREATE, cardRequest('alm_20'))
    expect(body).toEqual(failed('Forbidden.AccessDenied.QpsLimitForAppkeyAndApi'))
    expect(sim.counters.monthlyCalls).toBe(20)
    sim.clock.advance(1_000)
    expect((await api('POST', CREATE, cardRequest('alm_20'))).status).toBe(200)
  })

  test('the month’s calls run out; tokens do not count', async () => {
    sim.behaviour.callsPerMonth = 1
    expect((await api('POST', CREATE, cardRequest('alm_1'))).status).toBe(200)
    const over = await api('POST', CREATE, cardRequest('alm_2'))
    expect(over).toMatchObject({ status: 403, body: failed('Forbidden.AccessDenied.ApiCountLimitForOrg') })
    await signedIn(sim)
    sim.clock.advance(32 * 24 * 3_600_000)
    expect(sim.counters.monthlyCalls).toBe(0)
  })
})
