import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DingTalkSim } from '../../../src/simulator/dingtalk/index.ts'
import { APP, call, signedIn, startSim } from './support.ts'

const PATH = '/v1.0/robot/ding/send'
let sim: DingTalkSim
let api: Awaited<ReturnType<typeof signedIn>>
beforeEach(async () => {
  sim = await startSim()
  api = await signedIn(sim)
})
afterEach(() => sim.close())

const request = (change: object = {}) => ({
  robotCode: APP.clientId,
  remindType: 1,
  receiverUserIdList: ['elec7'],
  content: '过载跳闸',
  ...change,
})

test('a DING reaches those whom the organisation knows, and names the others', async () => {
  const { status, body } = await api(
    'POST',
    PATH,
    request({ receiverUserIdList: ['elec7', 'nobody', 'guest'] }),
  )
  expect([status, body]).toEqual([
    200,
    { openDingId: expect.any(String), failedList: { nobody: expect.any(String), guest: expect.any(String) } },
  ])
  expect(sim.dings).toMatchObject([{ user: 'elec7', remindType: 1, content: '过载跳闸' }])
})

test.each([1, 2, 3])('remindType %d', async (remindType) => {
  await api('POST', PATH, request({ remindType }))
  expect(sim.dings).toMatchObject([{ remindType }])
})

test.each([
  ['invalidParameter.param.invalid', { remindType: 4 }],
  ['invalidParameter.param.invalid', { remindType: '1' }],
  ['invalidParameter.param.invalid', { content: '' }],
  ['invalidParameter.param.invalid', { receiverUserIdList: [] }],
  ['invalidParameter.robotCode.missing', { robotCode: undefined }],
  ['invalidParameter.robotCode.notExsit', { robotCode: 'other' }],
])('%s for %o', async (code, change) => {
  const { status, body } = await api('POST', PATH, request(change))
  expect([status, body]).toMatchObject([400, { code }])
  expect(sim.dings).toEqual([])
})

test('without a token, or without the permission, nothing is sent', async () => {
  expect((await call(sim, 'POST', PATH, request())).body).toMatchObject({ code: 'InvalidAuthentication' })
  sim.addApp({ ...APP, scopes: [] })
  expect((await api('POST', PATH, request())).body).toMatchObject({
    code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
  })
  expect(sim.dings).toEqual([])
})

test('it counts toward the month', async () => {
  await api('POST', PATH, request())
  expect(sim.counters.monthlyCalls).toBe(1)
})
