import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type DingTalkFault,
  type DingTalkSim,
  dingTalkFaults,
} from '../../../src/simulator/dingtalk/index.ts'
import { until } from '../../support/until.ts'
import { APP, CREATE, call, cardRequest, GROUP, signedIn, startSim } from './support.ts'

let sim: DingTalkSim
let api: Awaited<ReturnType<typeof signedIn>>

beforeEach(async () => {
  sim = await startSim()
  api = await signedIn(sim)
})
afterEach(() => sim.close())

const create = () => api('POST', CREATE, cardRequest('alm_1'))

describe('faults of requests', () => {
  test.each<[string, DingTalkFault, number, unknown]>([
    [
      'rate of the app',
      dingTalkFaults.qpsOfApp(),
      403,
      { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi' },
    ],
    [
      'rate of the platform, with its end',
      dingTalkFaults.qpsOfPlatform('2026-01-01 09:00:10'),
      403,
      {
        code: 'Forbidden.AccessDenied.QpsLimitForApi',
        message: expect.stringContaining('2026-01-01 09:00:10'),
      },
    ],
    ['month', dingTalkFaults.monthlyQuota(), 403, { code: 'Forbidden.AccessDenied.ApiCountLimitForOrg' }],
    ['scope', dingTalkFaults.scopeMissing(['X']), 403, { accessdenieddetail: { requiredScopes: ['X'] } }],
    ['address', dingTalkFaults.ipNotAllowed(), 403, { code: 'Forbidden.AccessDenied.IpNotInWhiteList' }],
    ['ban', dingTalkFaults.ipBan(), 200, { status: 1111, wait: 5, punish: 'deny' }],
    ['ban, as a page', dingTalkFaults.ipBan('html'), 403, expect.stringContaining('<html>')],
    ['token', dingTalkFaults.invalidToken(401), 401, { code: 'InvalidAuthentication' }],
    ['busy', dingTalkFaults.systemBusy(), 500, { code: 'system.busy' }],
    ['unknown', dingTalkFaults.unknownError(), 500, { code: 'unknownError' }],
    ['unavailable', dingTalkFaults.unavailable(), 503, expect.stringContaining('<html>')],
    ['gateway, before the work', dingTalkFaults.gatewayTimeout(false), 504, expect.stringContaining('504')],
    ['content', dingTalkFaults.contentUnsafe(), 400, { code: 'param.contentUnsafe' }],
    ['template', dingTalkFaults.templateUnpublished(), 400, { code: 'param.templateUnpublished' }],
    ['old family', dingTalkFaults.errcode(130101, 'too fast'), 200, { errcode: 130101 }],
  ])('%s', async (_name, effect, status, body) => {
    sim.faults.add({ effect })
    const reply = await create()
    expect(reply.status).toBe(status)
    if (typeof reply.body === 'string') expect(reply.body).toEqual(body)
    else expect(reply.body).toMatchObject(body as object)
    expect(sim.messages(GROUP)).toEqual([])
    expect((await create()).status).toBe(200)
  })

  test('504 after the work: the card is there though the answer failed', async () => {
    sim.faults.add({ effect: dingTalkFaults.gatewayTimeout(true) })
    expect((await create()).status).toBe(504)
    expect(sim.messages(GROUP)).toHaveLength(1)
    expect(await create()).toMatchObject({ status: 400, body: { code: 'param.cardAlreadyExist' } })
  })

  test('malformed JSON', async () => {
    sim.faults.add({ effect: dingTalkFaults.malformed() })
    await expect(create()).rejects.toThrow(SyntaxError)
    expect(sim.messages(GROUP)).toHaveLength(1)
  })

  test.each(['before', 'body'] as const)('a reset %s, with the work done', async (at) => {
    sim.faults.add({ effect: dingTalkFaults.reset(at, true) })
    await expect(create()).rejects.toThrow()
    expect(sim.messages(GROUP)).toHaveLength(1)
    expect(sim.calls.at(-1)).toMatchObject({ kind: 'request', status: 0 })
  })

  test('no answer ever, and a late one', async () => {
    sim.faults.add({ effect: dingTalkFaults.hang() })
    const hung = fetch(new URL(CREATE, sim.url), { method: 'POST', signal: AbortSignal.timeout(50) })
    await expect(hung).rejects.toThrow(/timeout/)
    sim.faults.add({ effect: dingTalkFaults.latency(5_000) })
    const late = create()
    await until(() => sim.messages(GROUP).length === 1)
    sim.clock.advance(5_000)
    expect((await late).status).toBe(200)
  })

  test('success: false inside HTTP 200', async () => {
    sim.faults.add({ effect: dingTalkFaults.undelivered('群已解散') })
    const deliverResults = [{ success: false, errorMsg: '群已解散' }]
    expect(await create()).toMatchObject({ status: 200, body: { success: true, result: { deliverResults } } })
    expect(sim.messages(GROUP)).toEqual([])
  })

  test('hits only the calls it is for', async () => {
    sim.faults.add({ when: ({ clientId }) => clientId === 'dingapp2', effect: dingTalkFaults.systemBusy() })
    expect((await create()).status).toBe(200)
    sim.faults.add({ when: ({ clientId }) => clientId === APP.clientId, effect: dingTalkFaults.systemBusy() })
    expect((await create()).status).toBe(500)
  })
})

describe('what it keeps', () => {
  test('every request in order, and counted by kind', async () => {
    await create()
    await call(sim, 'GET', '/v1.0/nothing')
    expect(sim.calls.map((entry) => entry.kind === 'request' && [entry.path, entry.status])).toEqual([
      ['/v1.0/oauth2/accessToken', 200],
      [CREATE, 200],
      ['/v1.0/nothing', 404],
    ])
    expect(sim.calls[1]).toMatchObject({ clientId: APP.clientId, body: { outTrackId: 'alm_1' } })
    expect(sim.counters.requests[`POST ${CREATE}`]).toBe(1)
  })

  test('every secret, so that logs can be searched for them', async () => {
    sim.addCustomRobot({ token: 'tok1', conversationId: GROUP, secret: 'SECx' })
    sim.say(GROUP, 'elec7', '状态', { at: true })
    const held = sim.secrets
    expect(held).toEqual(expect.arrayContaining([APP.clientSecret, 'tok1', 'SECx']))
    expect(held).toHaveLength(5)
  })
})

describe('test API over HTTP', () => {
  const post = (path: string, body: object) => call(sim, 'POST', `/_sim/${path}`, body)
  const get = async (path: string) => (await call(sim, 'GET', `/_sim/${path}`)).body

  test('fills the organisation, speaks, clicks and looks', async () => {
    await post('apps', { clientId: 'dingapp2', clientSecret: 's2' })
    await post('users', { userId: 'u2', name: '乙' })
    await post('groups', { conversationId: 'cid2==', title: '二群', members: ['u2'], robots: ['dingapp2'] })
    expect(await get('users')).toHaveLength(5)
    expect(await get('groups')).toMatchObject([{}, { conversationId: 'cid2==' }])
    const said = await post('say', { chat: 'cid2==', user: 'u2', text: '状态', at: true })
    expect(said.body).toEqual({ msgId: expect.any(String) })
    expect(await get('messages?chat=cid2%3D%3D')).toMatchObject([{ kind: 'user', text: '状态' }])
    expect(await get('messages?user=u2')).toEqual([])

    await create()
    expect(await get(`cards?chat=${encodeURIComponent(GROUP)}`)).toMatchObject([{ outTrackId: 'alm_1' }])
    expect(await get('view?outTrackId=alm_1&user=elec7')).toMatchObject({ buttons: [{ id: 'ack' }, {}] })
    const click = { user: 'elec7', outTrackId: 'alm_1', buttonId: 'ack' }
    expect((await post('click', click)).body).toEqual({ outcome: 'lost' })
    expect(await get('counters')).toMatchObject({ presses: { lost: 1 }, messagesLost: 1 })
    expect(await get('calls')).toHaveLength(sim.calls.length)
    expect(await get('violations')).toEqual([])
  })

  test('moves the clock, and says what cannot be done', async () => {
    const before = sim.clock.now()
    await post('clock', { advance: 60_000 })
    expect(sim.clock.now()).toBeGreaterThanOrEqual(before + 60_000)
    expect(await post('say', { chat: GROUP, user: 'stranger', text: 'x' })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('not in') },
    })
    expect((await post('click', { user: 'elec7' })).status).toBe(400)
  })
})
