import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { GROUP, untilCard, untilSaid } from './chats.ts'
import { type Rig, startRig } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

describe('other ways in', () => {
  test('pushes by MQTT instead of HTTP', async () => {
    rig = await startRig({ platforms: ['telegram'], mqtt: true })
    await until(async () => {
      const state = (await (await fetch(`${rig.url}/readyz`)).json()) as { mqtt?: { state: string } }
      return state.mqtt?.state === 'ready'
    }, 'MQTT')
    await rig.cloud.trip(820720)
    await untilCard(rig.chats.telegram, '过载')
    await rig.chats.telegram.press('甲', '合闸')
    await untilCard(rig.chats.telegram, '请求合闸')
    await rig.chats.telegram.press('甲', '确认合闸')
    await untilCard(rig.chats.telegram, '已合闸')
    expect((await rig.push({ type: 'offline', device: 820720 })).status).toBe(404)
  })

  test('Telegram by web-hook', async () => {
    const port = await freePort()
    rig = await startRig({ platforms: ['telegram'], port, telegramWebhook: `http://127.0.0.1:${port}` })
    await rig.cloud.trip(820720)
    await untilCard(rig.chats.telegram, '过载')
    expect(await rig.chats.telegram.press('甲', '确认')).toContain('甲')
    await untilCard(rig.chats.telegram, '已确认')
    expect(rig.telegram.pushes.map((push) => push.status)).toEqual([200])
    const forged = await fetch(`${rig.url}/telegram/guessed`, { method: 'POST', body: '{}' })
    expect(forged.status).toBe(404)
  })
})

describe('what a person can type', () => {
  test('energy, status, list, whoami, bind and help, in Chinese and English', async () => {
    rig = await startRig({ platforms: ['telegram'] })
    const chat = rig.chats.telegram
    const day = 24 * 3_600_000
    for (const [ago, energy] of [
      [40 * day, 1000],
      [day, 1500],
      [0, 1532.81],
    ] as const) {
      const data = {
        power: '1',
        voltage: '229.8',
        current: '12.4',
        active_power: '2850',
        energy: String(energy),
      }
      await rig.push({ type: 'state', device: 820720, ts: Date.now() - ago, data })
    }
    chat.say('看客', '电量 3号')
    await untilSaid(
      chat,
      /今天：[\d.]+ kWh[\s\S]*昨天：[\d.]+ kWh[\s\S]*本月：[\d.]+ kWh[\s\S]*2\.85 kW 12\.4 A/,
    )
    chat.say('看客', '/list')
    await untilSaid(chat, /断路器 3 台，未结束的告警 0 起[\s\S]*820730/)
    await rig.cloud.trip(820721, { cause: 'leakage' })
    await untilCard(chat, '漏电')
    chat.say('看客', 'STATUS')
    await untilSaid(chat, /🔴 投饵机：分闸；.*漏电/)
    chat.say('生人', 'whoami')
    await untilSaid(chat, /ID：109，不在名单中/)
    chat.say('甲', '绑定')
    await untilSaid(chat, String(GROUP.telegram))
    chat.say('看客', '帮助')
    const help = await untilSaid(chat, /看客，你可以/)
    expect(help).not.toContain('合闸')
    chat.say('甲', '/help')
    expect(await untilSaid(chat, /甲，你可以/)).toContain('合闸')
  })

  test('an unknown word gets the nearest command; talk among people gets no answer', async () => {
    rig = await startRig()
    rig.chats.wecom.say('甲', '电亮')
    await untilSaid(rig.chats.wecom, '是不是“电量”')
    rig.chats.telegram.say('甲', '确认一下明天几点开会')
    rig.chats.telegram.say('甲', '今天鱼卖得不错')
    rig.chats.telegram.say('甲', '我是谁')
    await untilSaid(rig.chats.telegram, '甲（操作）')
    expect(rig.telegram.messages(GROUP.telegram).filter((one) => one.from === 123456)).toHaveLength(1)
  })

  test('a reply to a card needs no name', async () => {
    rig = await startRig({ platforms: ['telegram'] })
    await rig.cloud.trip(820720)
    await rig.cloud.trip(820721)
    await until(() => rig.chats.telegram.cards() === 2, 'two cards')
    const card = rig.telegram.messages(GROUP.telegram).find((one) => one.text.includes('3号增氧机'))!
    rig.telegram.say(GROUP.telegram, 102, '确认', { replyTo: card.id })
    await untilSaid(rig.chats.telegram, /3号增氧机[\s\S]*乙 已确认/)
  })

  test('opening: at once, and closing again by the one who opened', async () => {
    rig = await startRig({ platforms: ['dingtalk'] })
    const chat = rig.chats.dingtalk
    chat.say('甲', '分闸 投饵机')
    await untilSaid(chat, '已分闸')
    expect(rig.cloud.device(820721).positions).toEqual({ power: 'open' })
    chat.say('看客', '合闸 投饵机')
    await untilSaid(chat, '没有操作权限')
    chat.say('甲', '合闸 投饵机')
    await untilCard(chat, '请求合闸', ['确认合闸'])
    await chat.press('甲', '确认合闸')
    await untilSaid(chat, '已合闸')
    expect(rig.cloud.device(820721).positions).toEqual({ power: 'closed' })
  })
})

describe('breakers of several circuits', () => {
  test('one trips and is closed, the other is left alone', async () => {
    rig = await startRig({ platforms: ['wecom'] })
    const chat = rig.chats.wecom
    await rig.cloud.trip(820730, { circuit: 'power2' })
    await untilCard(chat, '右泵')
    await chat.press('甲', '合闸')
    await chat.press('甲', '确认合闸')
    await untilSaid(chat, '已合闸')
    expect(rig.cloud.commands).toMatchObject([{ order: { power2: '1' } }])
    chat.say('甲', '分闸 双泵箱')
    await untilSaid(chat, '请写明回路')
    chat.say('甲', '分闸 左泵')
    await until(() => rig.cloud.device(820730).positions.power1 === 'open', 'the left pump to open')
    expect(rig.cloud.device(820730).positions.power2).toBe('closed')
  })
})

describe('the dangerous causes', () => {
  test('a short circuit is not closed from afar', async () => {
    rig = await startRig({ platforms: ['telegram'] })
    await rig.cloud.trip(820720, { cause: 'short-circuit' })
    await untilCard(rig.chats.telegram, '短路')
    expect(await rig.chats.telegram.press('甲', '合闸')).toContain('现场')
    expect(rig.cloud.commands).toHaveLength(0)
  })

  test('after a leakage two persons are needed, the second on another platform', async () => {
    rig = await startRig()
    const { telegram, dingtalk } = rig.chats
    await rig.cloud.trip(820720, { cause: 'leakage' })
    await untilCard(telegram, '漏电')
    await telegram.press('甲', '合闸')
    await untilCard(telegram, '另一人', ['确认合闸'])
    await untilCard(dingtalk, '另一人', ['确认合闸'])
    expect(await telegram.press('甲', '确认合闸')).toContain('另一人')
    expect(rig.cloud.commands).toHaveLength(0)
    await dingtalk.press('乙', '确认合闸')
    await untilCard(telegram, '已合闸')
    expect(rig.cloud.commands).toHaveLength(1)
  })

  test('a breaker that is offline is refused, and nothing waits for its return', async () => {
    rig = await startRig({ platforms: ['telegram'] })
    await rig.cloud.trip(820720)
    await untilCard(rig.chats.telegram, '过载')
    await rig.cloud.goOffline(820720)
    await untilCard(rig.chats.telegram, '断路器离线')
    expect(await rig.chats.telegram.press('甲', '合闸')).toContain('离线')
    await rig.cloud.goOnline(820720)
    await until(
      () => !rig.chats.telegram.card()?.text.includes('断路器离线'),
      'the card to say no more of it',
    )
    expect(rig.cloud.commands).toHaveLength(0)
  })

  test('alerting only: no command ever leaves', async () => {
    rig = await startRig({ platforms: ['telegram'], actuation: false })
    await rig.cloud.trip(820720)
    await untilCard(rig.chats.telegram, '过载')
    expect(await rig.chats.telegram.press('甲', '合闸')).toContain('只告警')
    expect(rig.cloud.commands).toHaveLength(0)
  })
})

describe('clocks that differ', () => {
  test('a trip by a clock far behind is an alarm, whatever was told or asked before', async () => {
    rig = await startRig({ platforms: ['telegram'] })
    await rig.push({ type: 'state', device: 820720, ts: Date.now(), data: { power: '1', voltage: '229.8' } })
    const state = { power: '0', fault: 'overload', voltage: '228.4', current: '63.1', active_power: '14400' }
    await rig.push({
      type: 'event',
      device: 820720,
      mid: 'a1b2c3d4',
      ts: 1767225600000,
      data: { name: 'trip', state },
    })
    await untilCard(rig.chats.telegram, '过载', ['确认', '合闸', '电量'])
  })
})
