import { afterEach, beforeEach, expect, test } from 'vitest'
import { dingTalkFaults as faults } from '../../../src/simulator/dingtalk/index.ts'
import { typeable } from '../../support/cards.ts'
import { until } from '../../support/until.ts'
import {
  APP,
  CARDS,
  CARDS_PATH,
  CREATE_PATH,
  createRig,
  GROUP,
  GROUP_PATH,
  hurt,
  type Rig,
  requests,
  robotTexts,
  SESSION_PATH,
} from './rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await createRig()
  await rig.start()
})
afterEach(() => rig.close())

const open = typeable(CARDS.open!)
const minute = 60_000
const sendCard = (key = 'card1', card = open, chat = GROUP) => rig.channel.send(chat, { card }, key)
const change = (card = CARDS.closed!) => rig.channel.update(GROUP, 'plain:card1', typeable(card))
const count = (path: string) => requests(rig.sim, path)
const types = () => rig.sim.messages(GROUP).map((one) => (one.kind === 'robot' ? one.type : one.kind))
const refused = (code: string) => ({ answer: { status: 400, body: { code, message: 'no' } } })
const noScope = () => faults.scopeMissing(['Card.Instance.Write'])
/** Cards are refused for want of a permission, for as long as the test lasts. */
const noCards = () => hurt(rig.sim, CREATE_PATH, noScope(), Number.POSITIVE_INFINITY)
/** Somebody writes, which brings a reply address. */
async function hear(text = '状态'): Promise<void> {
  const before = rig.inputs.length
  rig.sim.say(GROUP, 'manager123', text, { at: true })
  await until(() => rig.inputs.length > before)
}

test.for([
  [noScope(), `https://open-dev.dingtalk.com/appscope/apply?content=${APP.clientId}%23Card.Instance.Write`],
  [faults.templateUnpublished(), 'card template (param.templateUnpublished)'],
  [refused('param.templateNotExist'), 'card template (param.templateNotExist)'],
] as const)(
  'no cards: their facts go out with buttons that type, and the reason is told (%#)',
  async ([fault, told]) => {
    hurt(rig.sim, CREATE_PATH, fault)
    expect(await sendCard()).toEqual({ outcome: 'delivered', message: 'plain:card1' })
    expect(types()).toEqual(['sampleActionCard3'])
    const [text] = robotTexts(rig.sim)
    for (const fact of ['过载跳闸', '一号鱼塘', '63.1 A / 60 A', '**合闸 3号增氧机**'])
      expect(text).toContain(fact)
    expect(rig.channel.health()).toMatchObject({ state: 'ready', detail: expect.stringContaining(told) })
  },
)

test('what all cards are refused for is remembered, and tried again after ten minutes', async () => {
  const heal = noCards()
  await sendCard('card1')
  await sendCard('card2')
  expect(count(CREATE_PATH)).toBe(1)
  rig.sim.clock.advance(10 * minute)
  await sendCard('card3')
  expect(count(CREATE_PATH)).toBe(2)
  heal()
  rig.sim.clock.advance(10 * minute)
  expect(await sendCard('card4')).toEqual({ outcome: 'delivered', message: 'card4' })
  expect(rig.channel.health().detail).toBeUndefined()
})

test.for([
  refused('param.openSpaceModelInvalid'),
  refused('param.cardPublicDataEmpty'),
  faults.contentUnsafe(),
  faults.undelivered('carrier broken'),
])('one card that is refused alone does not keep others from being cards (%#)', async (fault) => {
  hurt(rig.sim, CREATE_PATH, fault)
  expect(await sendCard('card1')).toEqual({ outcome: 'delivered', message: 'plain:card1' })
  expect(await sendCard('card2', { ...open, subject: 'another' })).toMatchObject({ message: 'card2' })
  // The same one is not tried again so soon.
  expect(await sendCard('card3')).toMatchObject({ message: 'plain:card3' })
  expect(rig.channel.health().detail).toBeUndefined()
})

test.for([true, false])(
  'pressing such a button types the command (mention added by itself: %s)',
  async (mentions) => {
    rig.sim.behaviour.dtmdMentions = mentions
    noCards()
    await sendCard()
    const [message] = rig.sim.messages(GROUP)
    rig.sim.clickDtmd('elec7', message!.id, 1)
    expect(rig.sim.messages(GROUP).at(-1)).toMatchObject({ kind: 'user', text: '合闸 3号增氧机' })
    await hear('我是谁')
    const heard = rig.inputs.map((input) => input.kind === 'text' && input.text)
    expect(heard).toEqual([...(mentions ? ['合闸 3号增氧机'] : []), '我是谁'])
  },
)

test('a card of one button, and one of none', async () => {
  noCards()
  await sendCard('card1', typeable(CARDS.closed!))
  await sendCard('card2', typeable(CARDS.final!))
  expect(types()).toEqual(['sampleActionCard', 'sampleMarkdown'])
})

test('where links do not work, markdown is sent at once', async () => {
  await rig.close()
  rig = await createRig({ fallback: 'markdown' })
  await rig.start()
  noCards()
  await sendCard()
  expect(types()).toEqual(['sampleMarkdown'])
})

test.for([
  ['invalidParameter.msgKey.invalid', 'sampleMarkdown'],
  ['template.stopped', 'sampleMarkdown'],
  ['invalidParameter.msgParam.invalid', 'sampleActionCard3'],
] as const)('an action card that is refused too (%s) becomes markdown, the next %s', async ([code, next]) => {
  noCards()
  hurt(rig.sim, GROUP_PATH, refused(code))
  expect(await sendCard('card1')).toEqual({ outcome: 'delivered', message: 'plain:card1' })
  expect(robotTexts(rig.sim)[0]).toContain('请 @机器人 并发送')
  await sendCard('card2')
  expect(types()).toEqual(['sampleMarkdown', next])
  expect(count(GROUP_PATH)).toBe(3)
})

test('what all ways refuse is refused; a chat that is gone is not tried by other ways', async () => {
  noCards()
  hurt(rig.sim, GROUP_PATH, refused('invalidParameter.msgParam.invalid'), 2)
  expect(await sendCard()).toMatchObject({ outcome: 'refused', code: 'invalidParameter.msgParam.invalid' })
  const before = count(GROUP_PATH)
  rig.sim.removeRobot(GROUP, APP.clientId)
  expect(await sendCard()).toMatchObject({ outcome: 'refused', gone: 'chat' })
  expect(count(GROUP_PATH)).toBe(before + 1)
})

test('a message in the place of a card that is throttled or unsettled is not sent in yet another way', async () => {
  noCards()
  await hear()
  hurt(rig.sim, GROUP_PATH, faults.qpsOfApp())
  expect(await sendCard()).toMatchObject({ outcome: 'later', retryAfter: 1_000 })
  hurt(rig.sim, GROUP_PATH, faults.gatewayTimeout(true))
  expect(await sendCard()).toMatchObject({ outcome: 'unknown' })
  expect(count(SESSION_PATH)).toBe(0)
  expect(count(CREATE_PATH)).toBe(1)
})

test('to one person too', async () => {
  noCards()
  expect(await sendCard('card1', open, 'user:elec7')).toMatchObject({ message: 'plain:card1' })
  expect(rig.sim.messages({ user: 'elec7' })).toMatchObject([{ type: 'sampleActionCard3' }])
})

test('such a message cannot be changed: what changes is told by a short text, once', async () => {
  noCards()
  await sendCard()
  expect(await change(CARDS.acknowledged)).toEqual({ outcome: 'delivered', message: 'plain:card1' })
  expect(types()).toEqual(['sampleActionCard3', 'sampleText'])
  expect(robotTexts(rig.sim)[1]).toBe('🟠 过载跳闸：一号鱼塘 3号<增氧机>&_泵*')
  expect(await change(CARDS.acknowledged)).toMatchObject({ outcome: 'delivered' })
  expect(await change(CARDS.open)).toMatchObject({ outcome: 'delivered' })
  expect(types()).toHaveLength(2)
  // Somebody is waited for: with what there is to press and to type.
  await change(CARDS.confirming)
  expect(types()[2]).toBe('sampleActionCard')
  expect(robotTexts(rig.sim)[2]).toContain('**确认合闸 3号增氧机**')
  await change(CARDS.closed)
  expect(types()[3]).toBe('sampleText')
  expect(count(CARDS_PATH)).toBe(0)
})

test('a change that DingTalk does not take is not taken for told', async () => {
  noCards()
  await sendCard()
  hurt(rig.sim, GROUP_PATH, faults.qpsOfApp())
  expect(await change()).toMatchObject({ outcome: 'later' })
  expect(await change()).toMatchObject({ outcome: 'delivered' })
  expect(types()).toHaveLength(2)
})

test('when cards are taken again, or may be, a card takes the place of the message', async () => {
  const heal = noCards()
  await sendCard()
  rig.sim.clock.advance(10 * minute)
  heal()
  expect(await change()).toMatchObject({ outcome: 'refused', gone: 'message' })
  expect(await sendCard('card2', CARDS.closed!)).toEqual({ outcome: 'delivered', message: 'card2' })
  expect(types()).toEqual(['sampleActionCard3', 'card'])
})

test('two changes by reply are two messages to DingTalk', async () => {
  noCards()
  await sendCard()
  await hear()
  await change(CARDS.acknowledged)
  await change(CARDS.closed)
  const ids = rig.sim.calls.flatMap((one) =>
    one.kind === 'request' && one.path === SESSION_PATH ? [(one.body as { msgUuid: string }).msgUuid] : [],
  )
  expect(ids).toEqual(['card1-2', 'card1-6'])
})
