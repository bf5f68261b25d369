import type { DWClient, DWClientDownStream } from 'dingtalk-stream'
import { beforeEach, expect, test } from 'vitest'
import type { DingTalkSim, PressOptions } from '../../../src/simulator/dingtalk/index.ts'
import { until } from '../../support/until.ts'
import { acks, useSdk } from './sdk.ts'
import { APP, buttonsJson, CARDS, CREATE, cardRequest, GROUP, signedIn } from './support.ts'

const { current, connect } = useSdk()
let sim: DingTalkSim
let client: DWClient
let api: Awaited<ReturnType<typeof signedIn>>
/** How the service answers presses in this test, and what it got. */
let answer: (client: DWClient, frame: DWClientDownStream) => void
let pressed: DWClientDownStream[]

beforeEach(async () => {
  sim = current()
  api = await signedIn(sim)
  answer = () => {}
  pressed = []
  client = await connect({
    card: (from, frame) => {
      pressed.push(frame)
      answer(from, frame)
    },
  })
  await api('POST', CREATE, cardRequest('alm_1'))
})

const respond = (response: object) => (from: DWClient, frame: DWClientDownStream) =>
  from.socketCallBackResponse(frame.headers.messageId, response)

const byKey = { updateCardDataByKey: true, updatePrivateDataByKey: true }
const acknowledged = {
  cardUpdateOptions: byKey,
  cardData: { cardParamMap: { tips: '张三 已确认', sys_full_json_obj: buttonsJson('reclose') } },
}

test('a press reaches the SDK as documented, and its ACK changes the card', async () => {
  answer = respond(acknowledged)
  expect(await sim.click('manager123', 'alm_1', 'ack').outcome).toBe('updated')
  const data = JSON.parse(pressed[0]!.data)
  expect(data).toMatchObject({
    type: 'actionCallback',
    outTrackId: 'alm_1',
    userId: 'manager123',
    spaceId: GROUP,
    spaceType: 'IM_GROUP',
  })
  expect(JSON.parse(data.content)).toEqual({
    cardPrivateData: { actionIds: ['ack'], params: { id: 'ack', n: 'k7Qp2x' } },
  })
  const view = sim.view('alm_1', 'elec7')
  expect(view.variables).toMatchObject({ title: '跳闸', tips: '张三 已确认' })
  expect(view.buttons.map(({ id }) => id)).toEqual(['reclose'])
  expect(sim.card('alm_1')?.history.map(({ by }) => by)).toEqual(['create', 'ack'])
  expect(() => sim.click('manager123', 'alm_1', 'ack')).toThrow(/no button/)
})

test('without updateCardDataByKey the ACK replaces all variables', async () => {
  answer = respond({ cardData: { cardParamMap: { tips: '完' } } })
  await sim.click('elec7', 'alm_1', 'ack').outcome
  expect(sim.card('alm_1')?.publicData).toEqual({ tips: '完' })
})

test('an empty response changes nothing', async () => {
  answer = respond({})
  expect(await sim.click('elec7', 'alm_1', 'ack').outcome).toBe('unchanged')
  expect(sim.card('alm_1')?.history).toHaveLength(1)
})

test('an ACK after 2 s is too late: the card stays, unless switched', async () => {
  const late = async () => {
    const before = pressed.length
    const { outcome } = sim.click('elec7', 'alm_1', 'ack')
    await until(() => pressed.length > before)
    sim.clock.advance(2_000)
    const result = await outcome
    respond(acknowledged)(client, pressed[before]!)
    await until(() => acks(sim).length > before)
    return result
  }
  expect(await late()).toBe('timed out')
  expect(acks(sim).at(-1)).toMatchObject({ late: true })
  expect(sim.card('alm_1')?.publicData.tips).toBe('未确认')
  sim.behaviour.lateAckApplies = true
  expect(await late()).toBe('timed out')
  expect(sim.card('alm_1')?.publicData.tips).toBe('张三 已确认')
  expect(sim.counters.presses['timed out']).toBe(2)
})

test('an ACK just before the deadline counts', async () => {
  const { outcome } = sim.click('elec7', 'alm_1', 'ack')
  await until(() => pressed.length === 1)
  sim.clock.advance(1_500)
  respond(acknowledged)(client, pressed[0]!)
  expect(await outcome).toBe('updated')
})

test.each([
  ['a number among the variables', { cardData: { cardParamMap: { tips: 7 } } }],
  ['the name that belongs to the PUT', { privateData: { elec7: { cardParamMap: {} } } }],
])('an ACK of a wrong shape is refused: %s', async (_name, response) => {
  answer = respond(response)
  expect(await sim.click('elec7', 'alm_1', 'ack').outcome).toBe('refused')
  expect(sim.violations).toHaveLength(1)
  expect(sim.card('alm_1')?.publicData.tips).toBe('未确认')
})

test('the private part of an ACK is for the presser alone', async () => {
  answer = respond({ cardUpdateOptions: byKey, userPrivateData: { cardParamMap: { tips: '只给你看' } } })
  await sim.click('elec7', 'alm_1', 'ack').outcome
  expect(sim.view('alm_1', 'elec7').variables.tips).toBe('只给你看')
  expect(sim.view('alm_1', 'manager123').variables.tips).toBe('未确认')
  sim.behaviour.privateHides = false
  expect(sim.view('alm_1', 'elec7').variables.tips).toBe('未确认')
})

test.each<[PressOptions, object]>([
  [
    { pressAction: 'actionIds', pressContent: 'object' },
    { content: { cardPrivateData: { actionIds: ['ack'] } } },
  ],
  [
    { pressAction: 'params', pressContent: 'object' },
    { content: { cardPrivateData: { params: { id: 'ack' } } } },
  ],
  [{ pressSpaceType: 'im' }, { spaceType: 'im' }],
  [{ pressWithValue: true }, { value: expect.any(String) }],
])('the callback varies as the behaviour says: %j', async (options, expected) => {
  answer = respond({})
  await sim.click('elec7', 'alm_1', 'ack', options).outcome
  expect(JSON.parse(pressed[0]!.data)).toMatchObject(expected)
  Object.assign(sim.behaviour, options)
  await sim.click('elec7', 'alm_1', 'ack').outcome
  expect(JSON.parse(pressed[1]!.data)).toMatchObject(expected)
})

test('presses are lost where nobody can take them', async () => {
  await api('POST', CREATE, cardRequest('alm_http', { callbackType: 'HTTP' }))
  await api('POST', CREATE, cardRequest('alm_none', { callbackType: undefined }))
  expect(await sim.click('elec7', 'alm_http', 'ack').outcome).toBe('lost')
  expect(await sim.click('elec7', 'alm_none', 'ack').outcome).toBe('lost')
  sim.behaviour.buttonsCallBack = false
  expect(await sim.click('elec7', 'alm_1', 'ack').outcome).toBe('lost')
  sim.behaviour.buttonsCallBack = true
  client.disconnect()
  await until(() => sim.sockets.length === 0)
  expect(await sim.click('elec7', 'alm_1', 'ack').outcome).toBe('lost')
  expect(sim.counters.presses.lost).toBe(4)
  expect(pressed).toEqual([])
})

test('only what the user sees can be clicked; anything can be forged', async () => {
  answer = respond({})
  expect(() => sim.click('stranger', 'alm_1', 'ack')).toThrow(/does not see/)
  expect(() => sim.click('elec7', 'alm_1', 'open')).toThrow(/no button/)
  expect(() => sim.click('elec7', 'alm_9', 'ack')).toThrow(/no card/)
  const forged = {
    user: 'stranger',
    outTrackId: 'alm_9',
    actionId: 'open',
    params: { n: 'x' },
    spaceId: 'cidOther==',
  }
  expect(await sim.forgePress(forged).outcome).toBe('unchanged')
  expect(JSON.parse(pressed[0]!.data)).toMatchObject({ userId: 'stranger', spaceId: 'cidOther==' })
  await sim.click('guest', 'alm_1', 'ack').outcome
  expect(JSON.parse(pressed[1]!.data).userId).toMatch(/^\$:LWCP/)
})

test('a double click sends two callbacks', async () => {
  answer = respond({})
  const presses = [sim.click('elec7', 'alm_1', 'ack'), sim.click('elec7', 'alm_1', 'ack')]
  await Promise.all(presses.map(({ outcome }) => outcome))
  expect(new Set(pressed.map(({ headers }) => headers.messageId)).size).toBe(2)
})

test('a PUT before the ACK of a press breaks a rule, after it not', async () => {
  const put = { outTrackId: 'alm_1', cardData: { cardParamMap: { tips: '先' } }, cardUpdateOptions: byKey }
  const { outcome } = sim.click('elec7', 'alm_1', 'ack')
  await until(() => pressed.length === 1)
  await api('PUT', CARDS, put)
  expect(sim.violations).toEqual([expect.stringMatching(/PUT of card alm_1 before the ACK/)])
  respond({})(client, pressed[0]!)
  await outcome
  await api('PUT', CARDS, put)
  expect(sim.violations).toHaveLength(1)
})

test('a second ACK, and one on another socket, break rules and do nothing', async () => {
  const { outcome } = sim.click('elec7', 'alm_1', 'ack')
  await until(() => pressed.length === 1)
  const other = await connect({})
  respond(acknowledged)(other, pressed[0]!)
  await until(() => sim.violations.length === 1)
  expect(sim.card('alm_1')?.publicData.tips).toBe('未确认')
  respond({})(client, pressed[0]!)
  expect(await outcome).toBe('unchanged')
  respond(acknowledged)(client, pressed[0]!)
  await until(() => sim.violations.length === 2)
  expect(sim.violations[1]).toMatch(/second ACK/)
})

test('another app never gets the presses', async () => {
  sim.addApp({ clientId: 'dingapp2', clientSecret: 'app-secret-2' })
  const elsewhere: DWClientDownStream[] = []
  const options = { clientId: 'dingapp2', clientSecret: 'app-secret-2' }
  await connect({ card: (_client, frame) => elsewhere.push(frame) }, options)
  answer = respond({})
  for (let i = 0; i < 5; i++) await sim.click('elec7', 'alm_1', 'ack').outcome
  expect(elsewhere).toEqual([])
  expect(sim.card('alm_1')?.clientId).toBe(APP.clientId)
})
