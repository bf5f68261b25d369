import { afterEach, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type Chat, PEOPLE, untilCard, untilSaid } from './chats.ts'
import { type ConfigOptions, type Rig, startRig } from './rig.ts'

const PUMP = 820720
const LENIENT = 'coolDown: 0s, coolDownHot: 0s, betweenCloses: 0s, perHour: 1000, perDay: 1000, inrush: 0s'
const AUTO = '{ enabled: true, causes: [voltage], deadTime: 1s, reclaim: 180s }'

let rig: Rig
afterEach(() => rig.close())

async function start(options: ConfigOptions = {}): Promise<Chat> {
  rig = await startRig({ platforms: ['telegram'], ...options })
  // What stands closed must be known to have been.
  await rig.cloud.report(PUMP)
  return rig.chats.telegram
}

/** How many orders to close have reached the cloud. */
const closes = () => rig.cloud.commands.filter((one) => one.order?.power === '1').length

async function closeAs(chat: Chat): Promise<void> {
  await untilCard(chat, '已分闸', ['合闸'])
  await chat.press('甲', '合闸')
  await untilCard(chat, '请求合闸', ['确认合闸'])
  await chat.press('甲', '确认合闸')
}

describe('a hold', () => {
  test('keeps everybody from closing until its setter lifts it, or an admin with a reason who has it told to him', async () => {
    const chat = await start()
    await rig.cloud.trip(PUMP, { cause: 'overload', rise: false })
    await untilCard(chat, '已分闸', ['合闸'])
    chat.say('乙', '挂牌 3号增氧机 检修水泵')
    await untilSaid(chat, '乙 给 3号增氧机 挂牌：检修水泵')
    const card = await untilCard(chat, '挂牌：检修水泵')
    expect(card.text).toContain('挂牌不等于停电隔离')
    expect(await chat.press('甲', '合闸')).toContain('已挂牌（检修水泵）')
    chat.say('甲', '状态 3号增氧机')
    await untilSaid(chat, '乙 挂牌（检修水泵）')
    chat.say('甲', '摘牌 3号增氧机 我要合闸')
    await untilSaid(chat, '只有本人或管理员可以摘')
    chat.say('场长', '摘牌 3号增氧机')
    await untilSaid(chat, '要代为摘牌请写明原因')
    chat.say('场长', '摘牌 3号增氧机 已确认撤离')
    await untilSaid(chat, '场长 摘下 3号增氧机 的挂牌')
    const toSetter = () => rig.telegram.messages(PEOPLE.乙.telegram).map((one) => one.text)
    await until(
      () =>
        [...toSetter(), ...chat.texts()].some((text) => text.includes('你在 3号增氧机 的挂牌：已确认撤离')),
      'the setter to be told',
    )
    await closeAs(chat)
    await untilCard(chat, '已合闸')
    expect(closes()).toBe(1)
  })

  test('set between the confirmation and the sending: the command does not leave', async () => {
    const chat = await start()
    await rig.cloud.trip(PUMP, { cause: 'overload', rise: false })
    rig.cloud.faults.add({
      when: (call) => call.path === 'device/info',
      effect: { kind: 'slow', ms: 1500 },
    })
    await closeAs(chat)
    chat.say('乙', '挂牌 3号增氧机 检修水泵')
    await untilCard(chat, '命令没有发出')
    expect(closes()).toBe(0)
  })
})

test('a trip soon after the close locks out, with a message of its own, until an admin unlocks it', async () => {
  const chat = await start()
  rig.cloud.retripAfter(PUMP, 300, { cause: 'overload', rise: false })
  await rig.cloud.trip(PUMP, { cause: 'overload', rise: false })
  await closeAs(chat)
  await untilSaid(chat, '永久故障，已闭锁')
  await untilCard(chat, '已闭锁：合闸后又跳闸', ['合闸'])
  expect(await chat.press('场长', '合闸')).toContain('已闭锁')
  chat.say('甲', '解锁 3号增氧机 看过了')
  await untilSaid(chat, '不是管理员，不能解锁')
  chat.say('场长', '解锁 3号增氧机 已更换电缆')
  await untilSaid(chat, '场长 解锁 3号增氧机：已更换电缆')
  rig.cloud.retripAfter(PUMP, undefined)
  await closeAs(chat)
  await untilCard(chat, '已合闸')
  expect(closes()).toBe(2)
})

test('an overload cools first, and the card says until when', async () => {
  const chat = await start({ closing: '{ coolDown: 3m }' })
  await rig.cloud.trip(PUMP, { cause: 'overload', rise: false })
  await untilCard(chat, '已分闸', ['合闸'])
  expect(await chat.press('甲', '合闸')).toMatch(/过载后须冷却到 \d\d:\d\d:\d\d/)
  expect(closes()).toBe(0)
})

describe('automatic reclosing', () => {
  const options = { autoReclose: AUTO, closing: `{ ${LENIENT}, voltageStable: 0s }` }

  test('is announced, closes after its dead time, and is told', async () => {
    const chat = await start(options)
    await rig.cloud.trip(PUMP, { cause: 'under-voltage', rise: false })
    await untilCard(chat, '将自动合闸', ['停止自动合闸'])
    await untilSaid(chat, '已自动合闸')
    await untilCard(chat, '已合闸（自动合闸）')
    expect(rig.cloud.device(PUMP).positions).toEqual({ power: 'closed' })
    expect(closes()).toBe(1)
  })

  test('looks at the supply first, by itself', async () => {
    const chat = await start({ ...options, closing: `{ ${LENIENT}, voltageStable: 2s }` })
    await rig.cloud.trip(PUMP, { cause: 'under-voltage', rise: false })
    await untilSaid(chat, '已自动合闸')
    expect(closes()).toBe(1)
  })

  test('is stopped by its button', async () => {
    const chat = await start({ ...options, autoReclose: AUTO.replace('1s', '3s') })
    await rig.cloud.trip(PUMP, { cause: 'under-voltage', rise: false })
    await untilCard(chat, '将自动合闸', ['停止自动合闸'])
    expect(await chat.press('甲', '停止自动合闸')).toContain('不会自动合闸')
    await untilCard(chat, '已停止', ['合闸'])
    expect(rig.cloud.device(PUMP).positions).toEqual({ power: 'open' })
  })

  test('locks out when it trips again', async () => {
    const chat = await start(options)
    rig.cloud.retripAfter(PUMP, 200, { cause: 'under-voltage', rise: false })
    await rig.cloud.trip(PUMP, { cause: 'under-voltage', rise: false })
    await untilSaid(chat, '永久故障，已闭锁')
    await until(
      () => !/将自动合闸，不早于/.test(chat.card()?.text.split('\n')[1] ?? ''),
      'nothing more to be announced',
    )
    expect(closes()).toBe(1)
  })
})
