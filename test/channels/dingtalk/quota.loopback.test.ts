import { afterEach, beforeEach, expect, test } from 'vitest'
import { dingTalkFaults as faults } from '../../../src/simulator/dingtalk/index.ts'
import { until } from '../../support/until.ts'
import {
  acks,
  CARDS,
  CREATE_PATH,
  createRig,
  GROUP,
  GROUP_PATH,
  hurt,
  type Rig,
  requests,
  SESSION_PATH,
} from './rig.ts'

let rig: Rig
let used: string[]
beforeEach(async () => {
  used = []
  rig = await createRig({ onUse: (kind, usedUp) => void used.push(usedUp ? `${kind} used up` : kind) })
  await rig.start()
})
afterEach(() => rig.close())

const card = CARDS.open!
const minute = 60_000
const sendCard = (key = 'card1') => rig.channel.send(GROUP, { card }, key)
const sendText = () => rig.channel.send(GROUP, { text: 'x' }, 'text1')
const count = (path: string) => requests(rig.sim, path)
async function hear(): Promise<void> {
  const before = rig.inputs.length
  rig.sim.say(GROUP, 'manager123', '状态', { at: true })
  await until(() => rig.inputs.length > before)
}

test('cards, their changes and robot messages are counted as DingTalk counts them; tokens and replies are not', async () => {
  await sendCard()
  await rig.channel.update(GROUP, 'card1', CARDS.closed!)
  await sendText()
  expect(used).toEqual(['call', 'call', 'call'])
  await hear()
  await sendText()
  expect(used).toEqual(['call', 'call', 'call', 'push'])
  expect(rig.sim.counters).toMatchObject({ monthlyCalls: 3, monthlyPushes: 1 })
})

test('a press is a push, its answer costs nothing', async () => {
  await sendCard()
  rig.engine.receive = () => ({ answer: Promise.resolve({ card: CARDS.acknowledged! }) })
  const press = rig.sim.click('elec7', 'card1', card.buttons[0]!.data)
  expect(await press.outcome).toBe('updated')
  expect(used).toEqual(['call', 'push'])
})

test('what was throttled or never sent is not counted; what may have been done is', async () => {
  for (const fault of [faults.qpsOfApp(), faults.qpsOfPlatform(), faults.ipBan()]) {
    hurt(rig.sim, CREATE_PATH, fault)
    await sendCard()
  }
  expect(used).toEqual([])
  rig.sim.clock.advance(6 * minute)
  for (const fault of [faults.gatewayTimeout(true), faults.reset('body', true), faults.systemBusy()]) {
    hurt(rig.sim, CREATE_PATH, fault)
    await sendCard()
  }
  expect(used).toEqual(['call', 'call', 'call'])
})

test('the month used up: refused at once, tried once a minute, told, and over when there is more', async () => {
  rig.sim.behaviour.callsPerMonth = 0
  expect(await sendCard('card1')).toMatchObject({ outcome: 'refused', why: expect.stringContaining('quota') })
  for (const key of ['card2', 'card3', 'card4'])
    expect(await sendCard(key)).toMatchObject({ outcome: 'refused' })
  expect(await sendText()).toMatchObject({ outcome: 'refused' })
  expect([count(CREATE_PATH), count(GROUP_PATH)]).toEqual([1, 0])
  expect(rig.channel.health()).toMatchObject({ state: 'ready', detail: expect.stringContaining('used up') })
  rig.sim.clock.advance(minute)
  expect(await sendCard('card5')).toMatchObject({ outcome: 'refused' })
  expect(used).toEqual(['call used up', 'call used up'])
  rig.sim.behaviour.callsPerMonth = 5_000
  rig.sim.clock.advance(minute)
  expect(await sendCard('card6')).toEqual({ outcome: 'delivered', message: 'card6' })
  expect(rig.channel.health().detail).toBeUndefined()
})

test.for([false, true])(
  'the month used up: where somebody wrote a short while ago, the reply still tells it (replies count: %s)',
  async (sessionCounts) => {
    rig.sim.behaviour.sessionCounts = sessionCounts
    rig.sim.behaviour.callsPerMonth = 0
    await hear()
    const delivery = await rig.channel.send(GROUP, { card, urgent: true }, 'card1')
    if (sessionCounts) return expect(delivery).toMatchObject({ outcome: 'refused' })
    expect(delivery).toEqual({ outcome: 'delivered', message: 'plain:card1' })
    const message = rig.sim.messages(GROUP).at(-1)
    expect(message).toMatchObject({ via: 'sessionWebhook', type: 'markdown' })
    expect(message?.kind === 'robot' && message.text).toContain('过载跳闸')
    expect(await sendText()).toMatchObject({ outcome: 'delivered' })
    // What changes of it is told in the same way, in short.
    expect(await rig.channel.update(GROUP, 'plain:card1', CARDS.closed!)).toMatchObject({
      outcome: 'delivered',
    })
    expect(rig.sim.messages(GROUP).at(-1)).toMatchObject({ via: 'sessionWebhook', type: 'text' })
    expect([count(CREATE_PATH), count(GROUP_PATH)]).toEqual([1, 0])
  },
)

test('robot messages are not permitted either: the reply is the last way', async () => {
  await hear()
  const scopes = faults.scopeMissing(['Card.Instance.Write', 'qyapi_robot_sendmsg'])
  hurt(rig.sim, CREATE_PATH, scopes)
  hurt(rig.sim, GROUP_PATH, scopes)
  expect(await sendCard()).toMatchObject({ outcome: 'delivered' })
  expect([count(GROUP_PATH), count(SESSION_PATH)]).toEqual([1, 1])
})

test('the pushes of the month used up is told as such', async () => {
  rig.sim.behaviour.pushesPerMonth = 0
  rig.sim.say(GROUP, 'elec7', '状态', { at: true })
  await until(() => acks(rig.sim).length === 1)
  expect(used).toEqual(['push used up'])
})
