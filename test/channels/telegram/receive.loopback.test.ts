import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ChatAnswer } from '../../../src/channels/channel.ts'
import { sampleCards } from '../../support/cards.ts'
import { until } from '../../support/until.ts'
import { callsOf, createRig, delivered, FORUM, GROUP, hurt, LI, type Rig, refuse, WANG } from './rig.ts'

const cards = sampleCards('zh-CN')
let rig: Rig
let card: number

beforeEach(async () => {
  rig = await createRig()
  card = delivered(await rig.channel.send(String(GROUP), { card: cards.open! }, 'k1'))
  await rig.start()
})
afterEach(() => rig.close())

const answering = (answer: ChatAnswer) => {
  rig.engine.receive = () => ({ answer: Promise.resolve(answer) })
}
const arrived = (count: number) => until(() => rig.inputs.length >= count)
const confirmed = () => until(() => rig.sim.pending() === 0)

describe('a press', () => {
  test('arrives with who, where, what, and its toast is shown', async () => {
    answering({ toast: '已确认', card: cards.acknowledged! })
    const press = rig.sim.press(GROUP, card, LI.id, { text: '确认' })
    expect(await press.answered).toMatchObject({ text: '已确认', showAlert: false })
    expect(rig.inputs).toMatchObject([
      {
        kind: 'press',
        id: `cb:${press.id}`,
        chat: String(GROUP),
        sender: { id: String(LI.id), name: LI.name },
        data: 'v1:ack:inc7k2m9qx4t',
        message: String(card),
      },
    ])
    expect(callsOf(rig.sim, 'editMessageText')).toHaveLength(0)
  })

  test('that is refused warns so that it is seen, in 200 characters at most', async () => {
    answering({ toast: '禁'.repeat(300), alert: true })
    const shown = await rig.sim.press(GROUP, card, LI.id, { text: '合闸' }).answered
    expect(shown?.showAlert).toBe(true)
    expect(shown?.text).toBe(`${'禁'.repeat(199)}…`)
  })

  test('is answered within 2 s even when the engine is not', async () => {
    rig.engine.receive = () => ({ answer: new Promise<ChatAnswer>(() => {}) })
    const begin = Date.now()
    const shown = await rig.sim.press(GROUP, card, LI.id, { text: '合闸' }).answered
    expect(shown).toMatchObject({ showAlert: false })
    expect(shown?.text ?? '').toBe('')
    expect(Date.now() - begin).toBeLessThan(3000)
  })

  test('is answered before it is on disk: feedback does not wait for the journal', async () => {
    const disk = Promise.withResolvers<void>()
    rig.engine.receive = () => ({ taken: disk.promise, answer: Promise.resolve({ toast: '好' }) })
    expect(await rig.sim.press(GROUP, card, LI.id, { text: '确认' }).answered).toMatchObject({ text: '好' })
    expect(rig.sim.pending()).toBe(1)
    disk.resolve()
    await confirmed()
  })

  test('that can no longer be answered is taken all the same', async () => {
    hurt(
      rig.sim,
      'answerCallbackQuery',
      refuse(400, 'Bad Request: query is too old and response timeout expired'),
    )
    rig.engine.receive = () => ({ answer: Promise.resolve({ toast: '好' }) })
    rig.sim.press(GROUP, card, LI.id, { text: '确认' })
    await confirmed()
    await until(() => rig.told.length === 1, 'the word about it')
    expect(rig.told).toEqual([false])
    expect(rig.inputs).toHaveLength(1)
    expect(rig.channel.health().state).toBe('ready')
  })

  test('on an old card, and one with forged data, come as they are', async () => {
    rig.sim.press(GROUP, card, LI.id, { text: '确认' }, { inaccessible: true })
    rig.sim.press(GROUP, card, WANG.id, { data: 'v1:confirm:forged' })
    await arrived(2)
    expect(rig.inputs).toMatchObject([
      { message: String(card), sender: { id: String(LI.id) } },
      { data: 'v1:confirm:forged', sender: { id: String(WANG.id) } },
    ])
    expect(new Set(rig.inputs.map(({ id }) => id)).size).toBe(2)
  })
})

describe('a message', () => {
  test('arrives without slash and mention; an answer to the card names it', async () => {
    rig.sim.say(GROUP, LI.id, '/reclose@breaker_bot 3号')
    rig.sim.say(GROUP, WANG.id, '合闸', { replyTo: card })
    rig.sim.say(FORUM, LI.id, '/status', { thread: 12 })
    rig.sim.say(LI.id, LI.id, '帮助')
    await arrived(4)
    expect(rig.inputs).toMatchObject([
      { kind: 'text', chat: String(GROUP), group: true, text: 'reclose 3号', sender: { id: String(LI.id) } },
      { text: '合闸', replyTo: String(card) },
      { text: 'status', chat: `${FORUM}/12` },
      { text: '帮助', chat: String(LI.id), group: false },
    ])
  })

  test.each(['anonymous-admin', 'channel'] as const)('from %s is from nobody', async (as) => {
    rig.sim.say(GROUP, LI.id, '/ack', { as })
    await arrived(1)
    expect(rig.inputs[0]).toMatchObject({ sender: { anonymous: true } })
  })

  test('both tidings of a migration are one', async () => {
    rig.sim.addChat({ id: -77, type: 'group', title: 'Old', members: [LI.id] })
    rig.sim.migrate(-77, -10077)
    await arrived(2)
    const moved = { kind: 'moved', id: 'moved:-77:-10077', chat: '-77', to: '-10077' }
    expect(rig.inputs).toMatchObject([moved, moved])
  })
})

test('what is not for us or cannot be understood never stands in the way', async () => {
  rig.sim.say(GROUP, LI.id, 'auto', { as: 'auto-forward' })
  rig.sim.deliver({})
  rig.sim.deliver({ message: 'no object' })
  rig.sim.deliver({ message: { message_id: 'x', text: {} } })
  rig.sim.deliver({ edited_message: { message_id: 1, date: 1, chat: { id: GROUP }, text: '/ack' } })
  rig.sim.deliver({ callback_query: { id: 7 } })
  rig.sim.deliver({ of_the_future: { field: [null] } })
  rig.sim.kickBot(GROUP)
  rig.sim.say(LI.id, LI.id, '状态')
  await confirmed()
  expect(rig.inputs).toMatchObject([{ text: '状态' }])
  expect(rig.channel.health().state).toBe('ready')
})
