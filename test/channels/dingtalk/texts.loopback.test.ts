import { afterEach, beforeEach, expect, test } from 'vitest'
import { dingTalkFaults as faults } from '../../../src/simulator/dingtalk/index.ts'
import { until } from '../../support/until.ts'
import {
  CARDS,
  createRig,
  GROUP,
  GROUP_PATH,
  hurt,
  type Rig,
  requests,
  SESSION_PATH,
  TOKEN_PATH,
} from './rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await createRig({}, { behaviour: { strictVariables: true } })
  await rig.start()
})
afterEach(() => rig.close())

const sendText = (text = '今日 3 kWh', chat = GROUP) => rig.channel.send(chat, { text }, 'text1')
const count = (path: string) => requests(rig.sim, path)
/** Somebody writes, which brings a reply address. */
async function hear(): Promise<void> {
  rig.sim.say(GROUP, 'manager123', '状态', { at: true })
  await until(() => rig.inputs.length > 0)
}

test.for([
  ['no answer, done', faults.hang(true)],
  ['504, done', faults.gatewayTimeout(true)],
  ['busy', faults.systemBusy()],
  ['reset', faults.reset('before')],
] as const)('an unsettled text may not: %s', async ([, fault]) => {
  hurt(rig.sim, GROUP_PATH, fault)
  expect(await sendText()).toMatchObject({ outcome: 'unknown' })
})

test('a text answers by the address of the last message, without a token', async () => {
  await hear()
  expect(await sendText()).toEqual({ outcome: 'delivered', message: 'text1' })
  expect(rig.sim.messages(GROUP).at(-1)).toMatchObject({ via: 'sessionWebhook', text: '今日 3 kWh' })
  expect(count(TOKEN_PATH)).toBe(0)
})

test.for([
  ['the session has ended', faults.errcode(300001, 'session 不存在')],
  ['the webhook quota is used up', faults.errcode(90030, 'quota')],
  ['an unknown refusal', faults.errcode(40035, 'bad parameter')],
] as const)('%s: the robot says it', async ([, fault]) => {
  await hear()
  hurt(rig.sim, SESSION_PATH, fault)
  expect(await sendText()).toMatchObject({ outcome: 'delivered' })
  expect(rig.sim.messages(GROUP).at(-1)).toMatchObject({ via: 'robot', type: 'sampleText' })
})

test.for([
  [faults.errcode(130101, 'too fast'), { outcome: 'later', retryAfter: 60_000, wholeChat: true }],
  [faults.errcode(430101, 'unsafe'), { outcome: 'refused' }],
  [faults.hang(true), { outcome: 'unknown' }],
  [faults.gatewayTimeout(true), { outcome: 'unknown' }],
] as const)(
  'a reply that is throttled, unsafe or unsettled is not said a second time (%#)',
  async ([fault, expected]) => {
    await hear()
    hurt(rig.sim, SESSION_PATH, fault)
    expect(await sendText()).toMatchObject(expected)
    expect(count(GROUP_PATH)).toBe(0)
  },
)

test.for([200, 400] as const)('an address past its end is not used (answer %i)', async (status) => {
  rig.sim.behaviour.expiredSessionStatus = status
  await hear()
  rig.sim.clock.advance(90 * 60_000)
  expect(await sendText()).toMatchObject({ outcome: 'delivered' })
  expect(count(SESSION_PATH)).toBe(0)
})

test('texts for one person, known, unknown and too often written to', async () => {
  expect(await sendText('你好', 'user:elec7')).toMatchObject({ outcome: 'delivered' })
  expect(rig.sim.messages({ user: 'elec7' })).toMatchObject([{ type: 'sampleText', text: '你好' }])
  expect(await sendText('你好', 'user:nobody')).toMatchObject({ outcome: 'refused', gone: 'chat' })
  rig.sim.behaviour.flowControlledUsers = ['elec7']
  expect(await sendText('你好', 'user:elec7')).toMatchObject({ outcome: 'later', wholeChat: true })
})

test('a text of any length goes out', async () => {
  expect(await sendText('"断路器"\n'.repeat(3_000))).toMatchObject({ outcome: 'delivered' })
})

test('when DingTalk cannot be reached at all, everything waits', async () => {
  await rig.channel.stop()
  const { url } = rig.sim
  const other = await createRig({ apiBase: url.replace(/\d+$/, '9'), oapiBase: url })
  expect(await other.channel.send(GROUP, { text: 'x' }, 'k')).toMatchObject({ outcome: 'later' })
  expect(await other.channel.send(GROUP, { card: CARDS.open! }, 'k')).toMatchObject({ outcome: 'later' })
  await other.close()
})
test('one token serves until it is about to end', async () => {
  await Promise.all([sendText('a'), sendText('b'), sendText('c')])
  expect(count(TOKEN_PATH)).toBe(1)
  rig.sim.clock.advance(7_001_000)
  await sendText('d')
  expect(count(TOKEN_PATH)).toBe(2)
})
