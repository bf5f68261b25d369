import { describe, expect, test } from 'vitest'
import type { Policy } from '../../src/domain/policy.ts'
import { breaker, GROUP, PUMP, startRig, testPolicy, texts, untilButton, untilSays } from './rig.ts'

const HOUR = 3_600_000
const everyWeek = { weekday: 0, hour: 8, minute: 0 }

/** 乙 alone is on duty; only Telegram can call on somebody. */
async function rigOnDuty(more: Partial<Policy> = {}, fault?: string) {
  const policy = testPolicy({ duty: [{ room: 'night', rota: ['乙'], handover: everyWeek }], ...more })
  const rig = await startRig({
    policy,
    prepare: ({ telegram }) => {
      telegram.abilities.mention = true
    },
  })
  await rig.trip(fault)
  return rig
}

/** Those on duty are called after a minute, of what is critical. */
const CALLS: Policy['escalations'] = {
  policies: {
    default: {
      name: 'default',
      ackTimeout: 0,
      repeat: 0,
      repeatAfter: 60_000,
      steps: [{ after: 60_000, call: 'duty', severity: 'critical' }],
    },
  },
  rooms: {},
  sites: {},
  breakers: {},
}

describe('those on duty', () => {
  test('are called on by the first card of an alarm, where the platform can', async () => {
    const rig = await rigOnDuty()
    const { content } = await untilButton(rig.telegram, 'ack')
    expect(content).toMatchObject({ mention: [{ id: '2', name: '乙' }], urgent: true })
    const elsewhere = await untilButton(rig.wecom, 'ack')
    expect(elsewhere.content).toMatchObject({ urgent: true })
    expect(elsewhere.content.mention).toBeUndefined()
  })

  test('are called on by a step of its policy where one is for such an alarm, and then not by the card', async () => {
    const critical = await rigOnDuty({ escalations: CALLS }, 'leakage')
    const { content } = await untilButton(critical.telegram, 'ack')
    expect(content).toMatchObject({ urgent: true })
    expect(content.mention).toBeUndefined()
    const warning = await rigOnDuty({ escalations: CALLS }, 'under-voltage')
    expect((await untilButton(warning.telegram, 'ack')).content).toMatchObject({ mention: [{ id: '2' }] })
  })

  test('are not called on by what somebody asks for, nor by an answer', async () => {
    const rig = await rigOnDuty()
    await untilButton(rig.telegram, 'ack')
    await rig.say(rig.telegram, '1', '合闸 3号增氧机').taken
    const fresh = await untilButton(rig.telegram, 'confirm')
    await rig.say(rig.telegram, '1', '电量 3号增氧机').taken
    await untilSays(rig.telegram, '没有电量读数')
    const others = [fresh, rig.telegram.shown.at(-1)!]
    expect(others.map(({ content }) => [content.mention, content.urgent])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ])
  })

  test('are called on by an urgent notice, which is about the card', async () => {
    const rig = await rigOnDuty()
    const { message } = await untilButton(rig.telegram, 'ack')
    await rig.say(rig.telegram, '1', '挂牌 3号增氧机 检修').taken
    await untilSays(rig.telegram, '检修')
    await rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '1' } })
    const notice = await untilSays(rig.telegram, '的挂牌还在')
    const { content } = rig.telegram.shown.find(
      (one) => 'text' in one.content && one.content.text === notice,
    )!
    expect(content).toMatchObject({ urgent: true, mention: [{ id: '2', name: '乙' }], replyTo: message })
  })

  test('are told by «值班», with the hand-over and the next', async () => {
    const rota = ['甲', '乙']
    const policy = testPolicy({ duty: [{ room: 'night', rota, handover: everyWeek }] })
    const rig = await startRig({ policy })
    await rig.say(rig.telegram, '1', '值班').taken
    const line = await untilSays(rig.telegram, 'night 值班')
    const [, person, day, next] = /值班：(.)，至 (\S+) 08:00:00；之后：(.)$/.exec(line)!
    expect(new Set([person, next])).toEqual(new Set(rota))
    const until = Date.parse(`${day}T08:00:00+08:00`)
    expect(until - rig.now()).toBeGreaterThan(0)
    expect(until - rig.now()).toBeLessThanOrEqual(7 * 24 * HOUR)
    rig.clock.ahead += until - rig.now() + 1000
    await rig.say(rig.telegram, '1', '/oncall').taken
    await untilSays(rig.telegram, `night 值班：${next}，`)
  })

  test('there are none in a room without a rota; one-to-one all rooms are told of', async () => {
    const rooms = ['night', 'day'].map((name, index) => ({
      name,
      locale: 'zh-CN' as const,
      chats: index === 0 ? [{ channel: 'telegram' as const, chat: GROUP.telegram }] : [],
    }))
    const breakers = [breaker(PUMP, '3号增氧机'), breaker('820721', '投饵机', 'day')]
    const duty = [{ room: 'day', rota: ['甲'], handover: everyWeek }]
    const rig = await startRig({ policy: testPolicy({ rooms, breakers, duty }) })
    await rig.say(rig.telegram, '1', '值班').taken
    await untilSays(rig.telegram, 'night 没有值班表')
    rig.telegram.receive({
      kind: 'text',
      id: 'own',
      chat: '1',
      group: false,
      sender: { id: '1' },
      text: '值班',
      at: rig.now(),
    })
    await untilSays(rig.telegram, 'night 没有值班表。请管理员在配置的 duty 中设置。\nday 值班：甲')
    expect(texts(rig.telegram).filter((text) => text.includes('day 值班'))).toHaveLength(1)
  })
})

describe('what is about a card answers it', () => {
  test('the energy that was asked for by its button', async () => {
    const rig = await startRig()
    await rig.trip()
    const card = await untilButton(rig.telegram, 'energy')
    await rig.press(rig.telegram, '1', 'energy', card)
    await untilSays(rig.telegram, '没有电量读数')
    expect(rig.telegram.shown.at(-1)!.content).toMatchObject({ replyTo: card.message })
  })

  test('the change of a card that cannot be changed', async () => {
    const rig = await startRig()
    await rig.trip()
    const card = await untilButton(rig.wecom, 'ack')
    await rig.press(rig.telegram, '1', 'ack', await untilButton(rig.telegram, 'ack'))
    await untilSays(rig.wecom, '甲')
    const told = rig.wecom.shown.findLast((one) => 'text' in one.content)!
    expect(told.content).toMatchObject({ replyTo: card.message })
  })
})
