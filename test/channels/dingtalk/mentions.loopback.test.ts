import { afterEach, beforeEach, expect, test } from 'vitest'
import { dingTalkFaults as faults } from '../../../src/simulator/dingtalk/index.ts'
import { until } from '../../support/until.ts'
import { CARDS, CREATE_PATH, createRig, GROUP, hurt, type Rig, requests, SESSION_PATH } from './rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await createRig()
  await rig.start()
})
afterEach(() => rig.close())

const elec = { id: 'elec7', name: '电工甲' }
const manager = { id: 'manager123', name: '张三\n[急](dtmd://x)' }
const card = CARDS.open!
const send = (content: Parameters<Rig['channel']['send']>[1], chat = GROUP, key = 'card1') =>
  rig.channel.send(chat, content, key)

/** The body of the last request for a path. */
function lastBody(path: string): unknown {
  const last = rig.sim.calls.findLast((one) => one.kind === 'request' && one.path === path)
  return last?.kind === 'request' ? last.body : undefined
}

async function hear(): Promise<void> {
  rig.sim.say(GROUP, 'manager123', '状态', { at: true })
  await until(() => rig.inputs.length > 0)
}

test('a card calls on people by their ids', async () => {
  expect(rig.channel.abilities.mention).toBe(true)
  expect(await send({ card, mention: [elec, manager] })).toMatchObject({ outcome: 'delivered' })
  const atUserIds = { elec7: '电工甲', manager123: '张三 [急](dtmd://x)' }
  expect(lastBody(CREATE_PATH)).toMatchObject({ imGroupOpenDeliverModel: { atUserIds } })
})

test('somebody who has left the organisation does not keep the card from the others', async () => {
  const gone = { id: 'left1', name: '离职' }
  expect(await send({ card, mention: [gone] })).toEqual({ outcome: 'delivered', message: 'card1' })
  expect(rig.sim.cards(GROUP)).toHaveLength(1)
  expect(requests(rig.sim, CREATE_PATH)).toBe(2)
  // In their own chat, that they are gone is the answer.
  expect(await send({ card, mention: [gone] }, 'user:left1', 'card2')).toMatchObject({ gone: 'chat' })
})

test('in a chat with one person nobody else is called on', async () => {
  expect(await send({ card, mention: [elec] }, 'user:elec7')).toMatchObject({ outcome: 'delivered' })
  expect(JSON.stringify(lastBody(CREATE_PATH))).not.toContain('atUserIds')
  await send({ text: '请查看', mention: [elec] }, 'user:elec7')
  expect(rig.sim.messages({ user: 'elec7' }).at(-1)).toMatchObject({ text: '请查看' })
})

test('a reply calls on people by id, which must stand in the text too', async () => {
  await hear()
  await send({ text: '无人确认', mention: [elec, manager] })
  expect(rig.sim.messages(GROUP).at(-1)).toMatchObject({ text: '无人确认\n@elec7 @manager123' })
  expect(lastBody(SESSION_PATH)).toMatchObject({ at: { atUserIds: ['elec7', 'manager123'], isAtAll: false } })
})

test('no more are called on than DingTalk takes', async () => {
  await hear()
  const mention = Array.from({ length: 60 }, (_, index) => ({ id: `u${index}`, name: `电工${index}` }))
  expect(await send({ text: '无人确认', mention })).toMatchObject({ outcome: 'delivered' })
  expect(lastBody(SESSION_PATH)).toMatchObject({ at: { atUserIds: { length: 50 } } })
})

test('the robot on its own can only name them, and a name stays a name', async () => {
  await send({ text: '无人确认', mention: [elec, manager] })
  const named = '@电工甲 @张三 ［急］(dtmd：//x)'
  expect(rig.sim.messages(GROUP).at(-1)).toMatchObject({ type: 'sampleText', text: `无人确认\n${named}` })
  hurt(rig.sim, CREATE_PATH, faults.scopeMissing(['Card.Instance.Write']))
  await send({ card, mention: [elec, manager] })
  const last = rig.sim.messages(GROUP).at(-1)
  expect(last?.kind === 'robot' && last.text).toContain(`\n\n${named}\n\n`)
})

test('without anybody to call on, nothing of it is sent', async () => {
  await hear()
  await send({ card })
  await send({ text: 'x' })
  expect(JSON.stringify([lastBody(CREATE_PATH), lastBody(SESSION_PATH)])).not.toContain('atUserIds')
})
