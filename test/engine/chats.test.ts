import { describe, expect, test } from 'vitest'
import type { Delivery } from '../../src/channels/channel.ts'
import type { CardText } from '../../src/domain/card-text.ts'
import { until } from '../support/until.ts'
import { cardOf, GROUP, PUMP, startRig, testPolicy, texts, untilButton, untilSays } from './rig.ts'

describe('a platform that hangs or refuses', () => {
  test('does not hold up what is typed in its chat', async () => {
    const rig = await startRig()
    await rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '1' } })
    let hangs = 0
    const release = Promise.withResolvers<undefined>()
    rig.telegram.fault = () => {
      hangs++
      return release.promise as Promise<never>
    }
    await rig.trip('overload', '820721')
    await until(() => hangs > 0, 'the card to hang')
    await rig.say(rig.telegram, '1', '分闸 3号增氧机').taken
    await until(() => rig.cloud.commands.length > 0, 'the command')
    expect(rig.cloud.commands).toEqual([`open ${PUMP} power`])
    release.resolve(undefined)
  })

  test('does not hold up the other platforms, however many of its chats hang', async () => {
    const policy = testPolicy()
    const rooms = Array.from({ length: 80 }, (_, n) => ({
      name: `room${n}`,
      locale: 'zh-CN' as const,
      chats: [
        { channel: 'telegram' as const, chat: `-${n}` },
        { channel: 'dingtalk' as const, chat: `cid${n}` },
      ],
    }))
    const breakers = rooms.map(({ name }, n) => ({ ...policy.breakers[0]!, id: `9${n}`, name, room: name }))
    const rig = await startRig({ policy: testPolicy({ rooms, breakers }) })
    const release = Promise.withResolvers<Delivery>()
    rig.telegram.fault = () => release.promise
    await Promise.all(breakers.map(({ id }) => rig.trip('overload', id)))
    await until(() => rig.dingtalk.shown.length === 80, 'all cards on the other platform')
    release.resolve({ outcome: 'refused', why: 'test over' })
  })

  test('that loses its answers is not sent the same card every minute for days', async () => {
    const rig = await startRig()
    let sent = 0
    rig.telegram.fault = (_chat, content) => {
      if ('card' in content) sent++
      return { outcome: 'unknown', why: 'no answer' }
    }
    await rig.trip()
    await until(() => sent === 1, 'the card')
    for (let minute = 0; minute < 60; minute++) {
      rig.clock.ahead += 60_000
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    expect(sent).toBeGreaterThan(3)
    expect(sent).toBeLessThan(20)
  })
})

describe('a press', () => {
  test('on an older message of a card does not keep the newest from being changed', async () => {
    const rig = await startRig()
    await rig.trip()
    const old = await untilButton(rig.dingtalk, 'ack')
    await rig.say(rig.dingtalk, '1', '合闸 3号增氧机').taken
    const newest = await until(
      () =>
        rig.dingtalk.shown.findLast((one) => one !== old && cardOf(one)?.buttons[0]?.action === 'confirm'),
      'a fresh card',
    )
    await rig.press(rig.dingtalk, '1', 'reclose', old)
    rig.clock.ahead += 7000
    const nonces = () =>
      rig.dingtalk.shown.filter((one) => one === newest).map((one) => cardOf(one)!.buttons[0]!.data)
    const first = nonces()
    await rig.press(rig.telegram, '1', 'cancel')
    await until(() => nonces().join() !== first.join(), 'the newest card to be changed')
    const before = rig.dingtalk.shown.length
    await rig.press(rig.dingtalk, '1', 'ack', old)
    rig.clock.ahead += 7000
    await until(() => cardOf(newest)!.buttons.every((one) => one.action !== 'ack'), 'the newest card')
    expect(rig.dingtalk.shown).toHaveLength(before)
  })

  test('while its card is being sent leaves one card, which goes on being changed', async () => {
    const rig = await startRig()
    await rig.trip()
    const old = await untilButton(rig.dingtalk, 'ack')
    const sending = Promise.withResolvers<undefined>()
    let sends = 0
    rig.dingtalk.fault = () => (++sends === 1 ? (sending.promise as Promise<never>) : undefined)
    await rig.say(rig.dingtalk, '1', '合闸 3号增氧机').taken
    await until(() => sends === 1, 'the fresh card to be under way')
    await rig.press(rig.dingtalk, '2', 'ack', old)
    sending.resolve(undefined)
    await until(() => rig.dingtalk.shown.length > 1, 'the fresh card')
    rig.clock.ahead += 8000
    await until(() => cardOf(rig.dingtalk.shown[1]!)!.story.some((line) => line.includes('乙')), 'its change')
    expect(rig.dingtalk.shown).toHaveLength(2)
  })
})

test('a press that is delivered again gets the answer of the first', async () => {
  const rig = await startRig()
  await rig.trip()
  const { chat, message, content } = await untilButton(rig.telegram, 'ack')
  const { data } = (content as { card: CardText }).card.buttons[0]!
  const input = {
    kind: 'press',
    id: 'same',
    chat,
    message,
    sender: { id: '1' },
    data,
    at: rig.now(),
  } as const
  const first = await rig.telegram.receive(input).answer
  expect(first.toast).toContain('甲')
  expect(await rig.telegram.receive(input).answer).toEqual(first)
})

describe('a stranger', () => {
  test('gets a few answers a minute, enough to set the bot up, and no more', async () => {
    const rig = await startRig()
    for (const text of ['绑定', '我是谁', '帮助', '我是谁', '我是谁', '我是谁'])
      await rig.say(rig.telegram, '99', text).taken
    await untilSays(rig.telegram, GROUP.telegram)
    await untilSays(rig.telegram, '99')
    await rig.say(rig.telegram, '1', '我是谁').taken
    await untilSays(rig.telegram, '甲')
    expect(texts(rig.telegram).length).toBeLessThanOrEqual(4)
  })
})
