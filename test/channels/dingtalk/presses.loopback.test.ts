import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { ChatAnswer, Receipt } from '../../../src/channels/channel.ts'
import { createDingTalkChannel } from '../../../src/channels/dingtalk/index.ts'
import { dingTalkFaults as faults } from '../../../src/simulator/dingtalk/index.ts'
import { createRecorder } from '../../support/recorder.ts'
import { until } from '../../support/until.ts'
import { APP, acks, CARDS, CARDS_PATH, createRig, GROUP, hurt, type Rig, requests } from './rig.ts'

const ACK = 'v1:ack:inc7k2m9qx4t'
const ENERGY = 'v1:energy:inc7k2m9qx4t'

let rig: Rig
beforeEach(async () => {
  rig = await createRig()
  await rig.start()
  await rig.channel.send(GROUP, { card: CARDS.open! }, 'card1')
})
afterEach(() => rig.close())

const click = (data = ACK, user = 'manager123', options = {}) => rig.sim.click(user, 'card1', data, options)
const answerWith = (answer: ChatAnswer, taken?: Promise<void>) => {
  rig.engine.receive = () => ({ answer: Promise.resolve(answer), ...(taken && { taken }) })
}
const tips = (user: string) => rig.sim.view('card1', user).variables.tips
const title = (user: string) => String(rig.sim.view('card1', user).variables.title)
const puts = () => requests(rig.sim, CARDS_PATH)

test('a press changes the card in its own acknowledgement, without a call of the API', async () => {
  answerWith({ card: CARDS.acknowledged!, toast: '已确认' })
  expect(await click().outcome).toBe('updated')
  expect(rig.inputs[0]).toMatchObject({ kind: 'press', chat: GROUP, data: ACK, message: 'card1' })
  expect(title('elec7')).toBe(title('manager123'))
  expect(tips('elec7')).toBe('已确认')
  expect(rig.sim.view('card1', 'elec7').buttons.map(({ text }) => text)).toEqual(['合闸', '电量'])
  expect(rig.shown).toEqual([true])
  expect(puts()).toBe(0)
})

test.for([
  { pressAction: 'actionIds' },
  { pressAction: 'params' },
  { pressContent: 'object' },
  { pressSpaceType: 'im' },
  { pressWithValue: true },
] as const)('a press is understood in whatever form it comes: %o', async (options) => {
  answerWith({ card: CARDS.acknowledged! })
  expect(await click(ACK, 'elec7', options).outcome).toBe('updated')
  expect(rig.inputs[0]).toMatchObject({ chat: GROUP, data: ACK, message: 'card1', sender: { id: 'elec7' } })
})

test('a press without its chat, by a stranger, or on an unknown card is handed on as it is', async () => {
  await click(ACK, 'elec7', { pressWithSpace: false }).outcome
  await click(ACK, 'guest').outcome
  const forged = { user: 'elec7', outTrackId: 'never-sent', actionId: 'v1:x', clientId: 'dingapp1' }
  await rig.sim.forgePress(forged).outcome
  expect(rig.inputs[0]).toMatchObject({ chat: '', message: 'card1' })
  expect(rig.inputs[1]).toMatchObject({ sender: { anonymous: true } })
  expect(rig.inputs[2]).toMatchObject({ message: 'never-sent', data: 'v1:x' })
})

test('a refusal is seen by the presser alone, and gone at the next change', async () => {
  answerWith({ toast: '无权合闸', alert: true })
  expect(await click().outcome).toBe('updated')
  expect(tips('manager123')).toBe('无权合闸')
  expect(tips('elec7')).toBe('')
  expect(rig.shown).toEqual([false])
  rig.sim.behaviour.privateHides = true
  expect(await rig.channel.update(GROUP, 'card1', CARDS.acknowledged!)).toMatchObject({
    outcome: 'delivered',
  })
  // The update asked for a whole replacement of the private variables by nothing.
  const put = rig.sim.calls.findLast((entry) => entry.kind === 'request' && entry.method === 'PUT')
  expect(put).toMatchObject({ body: { privateData: { manager123: { cardParamMap: {} } } } })
  expect(tips('manager123')).toBe('')
})

test('a refusal for the presser alone does not keep the card from changing for them', async () => {
  answerWith({ card: CARDS.open!, toast: '无权', alert: true, privately: true })
  await click(ENERGY).outcome
  expect(tips('manager123')).toContain('无权')
  expect(tips('elec7')).not.toContain('无权')
  expect(rig.shown).toEqual([false])
  await rig.channel.update(GROUP, 'card1', CARDS.acknowledged!)
  expect(title('manager123')).toContain('🟠')
  expect(tips('manager123')).not.toContain('无权')
})

test('a viewer who has left the organisation does not keep the card from changing', async () => {
  answerWith({ toast: '无权' })
  await click().outcome
  const unknown = { status: 400, body: { code: 'param.userIdNotExist', message: 'no user' } }
  hurt(rig.sim, CARDS_PATH, { answer: unknown })
  expect(await rig.channel.update(GROUP, 'card1', CARDS.closed!)).toMatchObject({ outcome: 'delivered' })
  expect(puts()).toBe(2)
})

test('a decision that takes too long leaves the card as it is, in time', async () => {
  rig.engine.receive = () => ({ answer: new Promise(() => {}) })
  const began = performance.now()
  expect(await click().outcome).toBe('unchanged')
  expect(performance.now() - began).toBeLessThan(1_900)
  expect(rig.shown).toEqual([false])
})

test('no update leaves before a press is answered, and none takes the card back', async () => {
  const answer = Promise.withResolvers<ChatAnswer>()
  rig.engine.receive = () => ({ answer: answer.promise })
  const press = click()
  await until(() => rig.inputs.length === 1)
  const older = rig.channel.update(GROUP, 'card1', CARDS.acknowledged!)
  const newer = rig.channel.update(GROUP, 'card1', { ...CARDS.final!, version: 12 })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(puts()).toBe(0)
  answer.resolve({ card: CARDS.closed! })
  expect(await press.outcome).toBe('updated')
  expect(await Promise.all([older, newer])).toMatchObject([
    { outcome: 'delivered' },
    { outcome: 'delivered' },
  ])
  expect(puts()).toBe(1)
  expect(title('elec7')).toContain('⚪')
})

test('an update under way when a press comes: the answer is not taken for shown', async () => {
  answerWith({ card: CARDS.acknowledged! })
  // The update lands while the press waits: that is the very race, and for once none of our doing.
  hurt(rig.sim, CARDS_PATH, faults.latency(100))
  const update = rig.channel.update(GROUP, 'card1', CARDS.open!)
  await until(() => puts() === 1)
  await click().outcome
  await update
  expect(rig.shown).toEqual([false])
})

test('late acknowledgement: the card is not taken for shown, and the same press again has the same id', async () => {
  const taken = Promise.withResolvers<void>()
  rig.engine.receive = (): { taken: Promise<void>; answer: Receipt['answer'] } => ({
    taken: taken.promise,
    answer: Promise.resolve({ card: CARDS.acknowledged! }),
  })
  const press = click()
  await until(() => rig.inputs.length === 1)
  rig.sim.clock.advance(2_000)
  expect(await press.outcome).toBe('timed out')
  const again = click()
  await until(() => rig.inputs.length === 2)
  expect(rig.inputs[1]!.id).toBe(rig.inputs[0]!.id)
  taken.resolve()
  expect(await again.outcome).toBe('updated')
  await until(() => rig.shown.length === 2)
  const later = click(ENERGY)
  await later.outcome
  expect(rig.inputs[2]!.id).not.toBe(rig.inputs[0]!.id)
})

test.each([
  ['in time', 0, true],
  ['too late', 2000, false],
] as const)('a sentence in an acknowledgement %s is said to be shown or not', async (_, late, told) => {
  const answer = Promise.withResolvers<ChatAnswer>()
  rig.engine.receive = () => ({ answer: answer.promise })
  const clock = performance.now.bind(performance)
  click()
  await until(() => rig.inputs.length === 1)
  vi.spyOn(performance, 'now').mockImplementation(() => clock() + late)
  answer.resolve({ card: CARDS.acknowledged!, toast: '已确认' })
  await until(() => rig.told.length === 1)
  vi.mocked(performance.now).mockRestore()
  expect(rig.told).toEqual([told])
})

test('a press that could not be kept is not acknowledged', async () => {
  rig.engine.receive = () => ({ taken: Promise.reject(new Error('disk full')), answer: Promise.resolve({}) })
  const press = click()
  await until(() => rig.inputs.length === 1)
  rig.sim.clock.advance(2_000)
  expect(await press.outcome).toBe('timed out')
  expect(acks(rig.sim)).toHaveLength(0)
  expect(await rig.channel.update(GROUP, 'card1', CARDS.closed!)).toMatchObject({ outcome: 'delivered' })
})

test('pressed again after the acknowledgement is a new press', async () => {
  await click(ENERGY).outcome
  await click(ENERGY).outcome
  expect(new Set(rig.inputs.map((input) => input.id)).size).toBe(2)
})

test('a double click is one press, however it is answered', async () => {
  const answer = Promise.withResolvers<ChatAnswer>()
  rig.engine.receive = () => ({ answer: answer.promise })
  const both = [click(), click()]
  await until(() => rig.inputs.length === 2)
  expect(rig.inputs[1]!.id).toBe(rig.inputs[0]!.id)
  answer.resolve({ card: CARDS.acknowledged! })
  for (const press of both) expect(await press.outcome).toBe('updated')
  expect(title('elec7')).toContain('🟠')
})

test('a card of before a restart can be pressed and changed', async () => {
  const { sim } = rig
  await rig.channel.stop()
  const next = createDingTalkChannel({
    ...APP,
    apiBase: sim.url,
    oapiBase: sim.url,
    log: createRecorder().log,
    now: sim.clock.now,
  })
  onTestFinished(() => next.stop())
  await next.start(() => ({
    taken: Promise.resolve(),
    answer: Promise.resolve({ card: CARDS.acknowledged! }),
    shown: (yes) => void rig.shown.push(yes),
  }))
  await until(() => next.health().state === 'ready')
  expect(await click().outcome).toBe('updated')
  expect(rig.shown).toEqual([true])
  expect(await next.update(GROUP, 'card1', CARDS.closed!)).toMatchObject({ outcome: 'delivered' })
  expect(title('elec7')).toContain('🟢')
})

test('the limit of 2 s holds for the whole way: an answer that comes just in time is taken', async () => {
  const answer = Promise.withResolvers<ChatAnswer>()
  rig.engine.receive = () => ({ answer: answer.promise })
  const press = click()
  await until(() => rig.inputs.length === 1)
  rig.sim.clock.advance(1_900)
  answer.resolve({ card: CARDS.acknowledged! })
  expect(await press.outcome).toBe('updated')
})
