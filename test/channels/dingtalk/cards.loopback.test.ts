import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Delivery } from '../../../src/channels/channel.ts'
import { dingTalkFaults as faults } from '../../../src/simulator/dingtalk/index.ts'
import { until } from '../../support/until.ts'
import {
  CARDS,
  CARDS_PATH,
  CREATE_PATH,
  createRig,
  GROUP,
  GROUP_PATH,
  hurt,
  type Rig,
  requests,
  TOKEN_PATH,
} from './rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await createRig({}, { behaviour: { strictVariables: true } })
  await rig.start()
})
afterEach(() => rig.close())

const sendCard = (key = 'card1', chat = GROUP) => rig.channel.send(chat, { card: CARDS.open! }, key)
const sendText = (text = '今日 3 kWh', chat = GROUP) => rig.channel.send(chat, { text }, 'text1')
const update = (card = CARDS.closed!) => rig.channel.update(GROUP, 'card1', card)
const delivered: Delivery = { outcome: 'delivered', message: 'card1' }
const count = (path: string) => requests(rig.sim, path)
/** Somebody writes, which brings a reply address. */
async function hear(): Promise<void> {
  rig.sim.say(GROUP, 'manager123', '状态', { at: true })
  await until(() => rig.inputs.length > 0)
}

test('a card arrives in the group with its buttons, and its notification tells what it is about', async () => {
  expect(await sendCard()).toEqual(delivered)
  expect(rig.sim.cards(GROUP)).toHaveLength(1)
  expect(rig.sim.card('card1')).toMatchObject({ callbackType: 'STREAM', spaces: [GROUP] })
  expect(rig.sim.view('card1', 'elec7').buttons.map(({ text, request }) => [text, request])).toEqual([
    ['确认', true],
    ['合闸', true],
    ['电量', true],
  ])
  const create = rig.sim.calls.find((entry) => entry.kind === 'request' && entry.path === CREATE_PATH)
  const notification = { alertContent: expect.stringContaining('一号鱼塘'), notificationOff: false }
  expect(create).toMatchObject({ body: { imGroupOpenSpaceModel: { supportForward: false, notification } } })
})

test('a card for one person', async () => {
  expect(await sendCard('card1', 'user:elec7')).toEqual(delivered)
  expect(rig.sim.card('card1')).toMatchObject({ spaces: ['user:elec7'] })
})

test('the same card twice is there once, with the newest state', async () => {
  await sendCard()
  expect(await rig.channel.send(GROUP, { card: CARDS.acknowledged! }, 'card1')).toEqual(delivered)
  expect(rig.sim.cards(GROUP)).toHaveLength(1)
  expect(String(rig.sim.view('card1', 'elec7').variables.title)).toContain('🟠')
})

test('updates of one card arrive in the order in which they were asked for', async () => {
  await sendCard()
  hurt(rig.sim, CARDS_PATH, faults.latency(60))
  expect(await Promise.all([update(CARDS.acknowledged!), update(CARDS.closed!)])).toEqual([
    delivered,
    delivered,
  ])
  expect(rig.sim.card('card1')!.history.map(({ publicData }) => publicData.title?.slice(0, 2))).toEqual([
    '🔴',
    '🟠',
    '🟢',
  ])
})

test.for([
  ['no answer, done', faults.hang(true)],
  ['reset in the body, done', faults.reset('body', true)],
  ['reset, not done', faults.reset('before')],
  ['504, done', faults.gatewayTimeout(true)],
  ['504, not done', faults.gatewayTimeout(false)],
  ['half of the JSON', faults.malformed(true)],
  ['busy', faults.systemBusy()],
] as const)('an unsettled card may be repeated: %s', async ([, fault]) => {
  hurt(rig.sim, CREATE_PATH, fault)
  expect(await sendCard()).toMatchObject({ outcome: 'later' })
  expect(await sendCard()).toEqual(delivered)
  expect(rig.sim.cards(GROUP)).toHaveLength(1)
})

test('HTTP 200 is not delivery', async () => {
  hurt(rig.sim, CREATE_PATH, { answer: { status: 200, body: { success: false } } })
  expect(await sendCard('card2')).toMatchObject({ outcome: 'later' })
  hurt(rig.sim, CREATE_PATH, {
    answer: { status: 200, body: { success: true, result: { deliverResults: [] } } },
  })
  expect(await sendCard('card3')).toMatchObject({ outcome: 'later' })
})

test.for([
  ['error', 'removeRobot'],
  ['error', 'dissolveGroup'],
  ['result', 'removeRobot'],
  ['result', 'dissolveGroup'],
] as const)('a lost chat is told (%s, %s)', async ([how, what]) => {
  rig.sim.behaviour.deliveryFailure = how
  await hear()
  if (what === 'removeRobot') rig.sim.removeRobot(GROUP, 'dingapp1')
  else rig.sim.dissolveGroup(GROUP)
  expect(await sendCard()).toMatchObject({ outcome: 'refused', gone: 'chat' })
  // By the reply address, and without one.
  expect(await sendText()).toMatchObject({ outcome: 'refused', gone: 'chat' })
  rig.sim.clock.advance(91 * 60_000)
  expect(await sendText()).toMatchObject({ outcome: 'refused', gone: 'chat' })
})

test('an update of a card that is not there', async () => {
  expect(await update()).toMatchObject({ outcome: 'refused', gone: 'message' })
})

test.for([
  [faults.qpsOfApp(), { outcome: 'later', retryAfter: 1_000 }],
  [faults.qpsOfPlatform(), { outcome: 'later', retryAfter: 10_000 }],
  [faults.monthlyQuota(), { outcome: 'refused', why: expect.stringContaining('quota') }],
  [faults.contentUnsafe(), { outcome: 'refused', code: 'param.contentUnsafe' }],
  [faults.ipNotAllowed(), { outcome: 'refused', why: expect.stringContaining('allowed IP addresses') }],
] as const)('throttled or refused: %#', async ([fault, expected]) => {
  hurt(rig.sim, CREATE_PATH, fault)
  hurt(rig.sim, GROUP_PATH, fault, 3)
  expect(await sendCard()).toMatchObject(expected)
  expect(await sendText()).toMatchObject(expected)
})

test.for(['json', 'html'] as const)('during an IP ban (%s) nothing at all is called', async (form) => {
  hurt(rig.sim, CREATE_PATH, faults.ipBan(form))
  expect(await sendCard()).toMatchObject({ outcome: 'later', retryAfter: 300_000, wholeChat: true })
  rig.sim.clock.advance(100_000)
  const before = rig.sim.calls.filter((entry) => entry.kind === 'request').length
  expect(await sendText()).toMatchObject({ outcome: 'later', wholeChat: true })
  expect(rig.sim.calls.filter((entry) => entry.kind === 'request')).toHaveLength(before)
  rig.sim.clock.advance(201_000)
  expect(await sendText()).toMatchObject({ outcome: 'delivered' })
})

test.for([400, 401] as const)('a token that is refused (%i) is replaced once', async (status) => {
  rig.sim.behaviour.invalidTokenStatus = status
  await sendCard()
  rig.sim.expireTokens()
  expect(await update()).toEqual(delivered)
  expect(count(TOKEN_PATH)).toBe(2)
  const heal = hurt(rig.sim, CARDS_PATH, faults.invalidToken(status), Infinity)
  const before = count(CARDS_PATH)
  expect(await update()).toMatchObject({ outcome: 'later' })
  expect(count(CARDS_PATH)).toBe(before + 2)
  heal()
})

test('no token, no message: the send waits and the reason is told', async () => {
  const body = { code: 'invalidClientIdOrSecret', message: '无效的clientId或者clientSecret' }
  hurt(rig.sim, TOKEN_PATH, { answer: { status: 400, body } })
  expect(await sendText()).toMatchObject({ outcome: 'later' })
  expect(rig.channel.health().detail).toContain('check channels.dingtalk.clientId')
  hurt(rig.sim, TOKEN_PATH, faults.gatewayTimeout(false))
  expect(await sendText()).toMatchObject({ outcome: 'later' })
  expect(await sendText()).toMatchObject({ outcome: 'delivered' })
  expect(rig.channel.health().detail).toBeUndefined()
})
