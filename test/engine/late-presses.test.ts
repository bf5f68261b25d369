import { describe, expect, test } from 'vitest'
import type { PressInput, Receipt } from '../../src/channels/channel.ts'
import { until } from '../support/until.ts'
import type { FakeChannel, Shown } from './fakes.ts'
import { cardOf, lastCard, PUMP, type Rig, startRig, texts, untilButton, untilSays } from './rig.ts'

/** A press of the newest card's button, as the platform hands it over; not yet answered. */
async function press(
  rig: Rig,
  on: FakeChannel,
  action: string,
  more: Partial<PressInput> = {},
  card?: Shown,
): Promise<Receipt> {
  const { chat, message, content } = card ?? (await untilButton(on, action))
  await until(() => rig.store.get(`message/${on.name}:${chat}:${message}`), 'the card to be known')
  const { data } =
    'card' in content ? content.card.buttons.find((one) => one.action === action)! : { data: '' }
  const input = { kind: 'press', id: `p-${action}`, chat, message, data, sender: { id: '1' } } as const
  const receipt = on.receive({ ...input, at: rig.now(), ...more })
  await receipt.taken
  return receipt
}

/** A rig whose decisions on one kind of job do not get to disk before `release` is called. */
async function slowRig(kind: 'press' | 'push' = 'press') {
  const gate = Promise.withResolvers<void>()
  let isShut = false
  const rig = await startRig({
    storeSeen: (store) => ({
      async commit(commit) {
        if (isShut && (commit.takes?.id ?? commit.done)?.startsWith(kind)) await gate.promise
        return store.commit(commit)
      },
    }),
  })
  await rig.trip()
  await untilButton(rig.telegram, 'ack')
  isShut = true
  return { rig, release: gate.resolve }
}

const aboutPress = (on: FakeChannel) => texts(on).filter((text) => text.includes('按的按钮'))

describe('a decision that takes long', () => {
  test('is said to be worked on, and its outcome follows by one text', async () => {
    const { rig, release } = await slowRig()
    const receipt = await press(rig, rig.telegram, 'ack')
    expect(await receipt.answer).toEqual({ toast: '已收到，正在处理……结果随后告知。' })
    receipt.shown(false, false, true)
    const { message } = lastCard(rig.telegram)!
    release()
    await untilSays(rig.telegram, '甲 按的按钮：3号增氧机：甲 已确认，由其负责')
    expect(aboutPress(rig.telegram)).toHaveLength(1)
    const told = rig.telegram.shown.at(-1)!
    expect(told.content).toMatchObject({ replyTo: message })
  })

  test.each(['dingtalk', 'wecom'] as const)('brings the card as it stands on %s', async (name) => {
    const { rig, release } = await slowRig()
    const receipt = await press(rig, rig[name], 'ack')
    const answer = await receipt.answer
    expect(answer).toMatchObject({ toast: expect.stringContaining('正在处理'), privately: true })
    expect(answer.card?.version).toBe(cardOf(lastCard(rig[name])!)!.version)
    receipt.shown(false, true)
    release()
    await untilSays(rig[name], '甲 按的按钮：')
  })

  test('is told by the decision itself where nobody can be waiting any more', async () => {
    const { rig, release } = await slowRig('push')
    await rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '0', I: '1' } })
    const receipt = await press(rig, rig.telegram, 'ack')
    expect((await receipt.answer).toast).toContain('正在处理')
    rig.clock.ahead += 5000
    release()
    await untilSays(rig.telegram, '甲 按的按钮：3号增氧机：甲 已确认')
    await rig.say(rig.telegram, '1', '帮助').taken
    await untilSays(rig.telegram, '甲，你可以')
    expect(aboutPress(rig.telegram)).toHaveLength(1)
  })
})

describe('an answer that could not be shown', () => {
  test('is told by a text in that chat: once, and about the card', async () => {
    const rig = await startRig()
    await rig.trip()
    const card = { ...(await untilButton(rig.telegram, 'ack')) }
    const receipt = await press(rig, rig.telegram, 'ack', {}, card)
    expect((await receipt.answer).toast).toBeDefined()
    receipt.shown(false, false, false)
    receipt.shown(false, false, false)
    await untilSays(rig.telegram, '甲 按的按钮：3号增氧机：甲 已确认，由其负责')
    // The same press, delivered again by the platform.
    const again = await press(rig, rig.telegram, 'ack', {}, card)
    await again.answer
    again.shown(false, false, false)
    await rig.say(rig.telegram, '1', '帮助').taken
    await untilSays(rig.telegram, '甲，你可以')
    expect(aboutPress(rig.telegram)).toHaveLength(1)
  })

  test('is told however early the adapter gives up waiting for it', async () => {
    const { rig, release } = await slowRig()
    const receipt = await press(rig, rig.wecom, 'ack')
    receipt.shown(false, false, false)
    release()
    await untilSays(rig.wecom, '甲 按的按钮：')
    await receipt.answer
    expect(aboutPress(rig.wecom)).toHaveLength(1)
  })

  test('says what can be typed where the press meant nothing any more', async () => {
    const rig = await startRig()
    await rig.trip()
    const receipt = await press(rig, rig.wecom, 'ack', { data: 'of-another-store', sender: { id: '9' } })
    await receipt.answer
    receipt.shown(false, false, false)
    await untilSays(rig.wecom, '9 按的按钮：这张卡片已过期，什么也没有做。请看最新的卡片，或发送：列表')
  })

  test('is not told to one who presses on and on', async () => {
    const rig = await startRig()
    await rig.trip()
    const card = { ...(await untilButton(rig.telegram, 'ack')) }
    for (let n = 0; n < 6; n++) {
      const receipt = await press(rig, rig.telegram, 'ack', { id: `p${n}` }, card)
      await receipt.answer
      receipt.shown(false, false, false)
    }
    await rig.say(rig.telegram, '1', '帮助').taken
    await untilSays(rig.telegram, '甲，你可以')
    expect(aboutPress(rig.telegram)).toHaveLength(3)
  })
})

describe('a press that the platform delivers minutes late', () => {
  test('asks for no close, and says what to type', async () => {
    const rig = await startRig()
    await rig.trip()
    const receipt = await press(rig, rig.wecom, 'reclose', { at: rig.now() - 600_000 })
    expect(await receipt.answer).toMatchObject({
      toast: '收到太晚，没有执行。请发送：合闸 3号增氧机',
      alert: true,
    })
    expect(rig.cloud.commands).toEqual([])
    await rig.say(rig.wecom, '1', '合闸 3号增氧机').taken
    await untilButton(rig.wecom, 'confirm')
  })

  test('or may have kept for so long, where it does not say: the same', async () => {
    const rig = await startRig()
    await rig.trip()
    const early = await press(rig, rig.telegram, 'reclose', { id: 'kept', mayHaveLain: 10_500 })
    expect((await early.answer).toast).toContain('收到太晚')
    const soon = await press(rig, rig.telegram, 'reclose', { id: 'soon', mayHaveLain: 500 })
    expect((await soon.answer).toast).toContain('请在')
  })

  test('still acknowledges', async () => {
    const rig = await startRig()
    await rig.trip()
    const receipt = await press(rig, rig.wecom, 'ack', { at: rig.now() - 600_000 })
    expect((await receipt.answer).toast).toContain('甲 已确认')
    await untilSays(rig.telegram, '甲 已确认')
  })

  test('closes nothing that is confirmed so late', async () => {
    const rig = await startRig()
    await rig.trip()
    await rig.press(rig.telegram, '1', 'reclose', await untilButton(rig.telegram, 'reclose'))
    const receipt = await press(rig, rig.telegram, 'confirm', { at: rig.now() - 130_000 })
    expect((await receipt.answer).toast).toBe('收到太晚，没有执行。请发送：确认合闸 3号增氧机')
    await rig.say(rig.telegram, '1', '确认合闸 3号增氧机').taken
    await until(() => rig.cloud.commands.length === 1, 'the command')
  })
})
