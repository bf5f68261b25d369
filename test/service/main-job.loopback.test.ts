import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { untilCard, untilSaid } from './chats.ts'
import { PLATFORMS, type Rig, startRig } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

describe.each(PLATFORMS.map((platform) => ({ platform })))(
  'the main job on $platform alone',
  ({ platform }) => {
    beforeEach(async () => {
      rig = await startRig({ platforms: [platform] })
    })

    test('trip → card → acknowledge → reclose → confirm → signed command → order push → closed', async () => {
      const chat = rig.chats[platform]
      await rig.cloud.trip(820720)
      await untilCard(chat, '过载', ['确认', '合闸', '电量'])
      await chat.press('甲', '确认')
      await untilCard(chat, /甲.*确认|确认.*甲/s)
      await chat.press('甲', '合闸')
      await untilCard(chat, '请求合闸', ['确认合闸', '取消'])
      expect(rig.cloud.commands).toHaveLength(0)
      await chat.press('甲', '确认合闸')
      await untilSaid(chat, '已合闸')
      expect(rig.cloud.commands).toMatchObject([
        {
          signature: 'valid',
          outcome: 'accepted',
          devices: ['820720'],
          order: { power: '1' },
          acted: ['820720'],
        },
      ])
      expect(rig.cloud.commands[0]!.extra).toMatch(/^[A-Za-z0-9]{1,32}$/)
      expect(rig.cloud.device(820720).positions).toEqual({ power: 'closed' })
    })

    test('typed commands do the same', async () => {
      const chat = rig.chats[platform]
      await rig.cloud.trip(820720)
      await untilCard(chat, '过载')
      chat.say('乙', '确认 3号增氧机')
      await untilSaid(chat, /乙.*确认/s)
      chat.say('乙', '／合闸　３号增氧机')
      await untilCard(chat, '请求合闸', ['确认合闸'])
      chat.say('乙', '确认合闸')
      await untilSaid(chat, '已合闸')
      expect(rig.cloud.commands).toMatchObject([{ order: { power: '1' }, outcome: 'accepted' }])
    })
  },
)

describe('one room on all three platforms', () => {
  beforeEach(async () => {
    rig = await startRig()
  })

  test('what is done in one chat shows in all of them', async () => {
    const { telegram, dingtalk, wecom } = rig.chats
    const all = [telegram, dingtalk, wecom]
    await rig.cloud.trip(820720)
    await Promise.all(all.map((chat) => untilCard(chat, '过载', ['确认', '合闸'])))
    await telegram.press('甲', '确认')
    await Promise.all(all.map((chat) => untilSaid(chat, /甲.*已确认|已确认.*甲/s)))
    await dingtalk.press('甲', '合闸')
    await Promise.all(all.map((chat) => untilSaid(chat, '请求合闸')))
    await dingtalk.press('甲', '确认合闸')
    await Promise.all(all.map((chat) => untilSaid(chat, '已合闸')))
    expect(rig.cloud.commands).toHaveLength(1)
  })

  test('a press on WeCom mends its card there and tells the others', async () => {
    const { telegram, dingtalk, wecom } = rig.chats
    await rig.cloud.trip(820720)
    await Promise.all([telegram, dingtalk, wecom].map((chat) => untilCard(chat, '过载')))
    await wecom.press('乙', '确认')
    await untilCard(wecom, '乙')
    await untilCard(telegram, '乙')
    await untilCard(dingtalk, '乙')
  })

  test('a stranger, a viewer and a press from elsewhere are refused, and nothing is switched', async () => {
    const { telegram, dingtalk, wecom } = rig.chats
    await rig.cloud.trip(820720)
    await Promise.all([telegram, dingtalk, wecom].map((chat) => untilCard(chat, '过载')))
    expect(await telegram.press('生人', '合闸')).toContain('不在名单中')
    expect(await dingtalk.press('生人', '合闸')).toContain('不在名单中')
    expect(await wecom.press('生人', '合闸')).toContain('不在名单中')
    expect(await telegram.press('看客', '合闸')).toContain('没有操作权限')
    expect(await telegram.forge('甲', 'v1:confirm:820720.nosuchthing1:abcdef')).toContain('已过期')
    expect(await telegram.forge('甲', 'DROP TABLE')).toContain('已过期')
    await telegram.press('甲', '合闸')
    await untilCard(telegram, '请求合闸')
    expect(await telegram.press('乙', '确认合闸')).toContain('甲')
    expect(rig.cloud.commands).toHaveLength(0)
    expect(rig.cloud.device(820720).positions).toEqual({ power: 'open' })
  })

  test('a jammed breaker: sent, not confirmed, and what to do', async () => {
    await rig.close()
    rig = await startRig({ timings: { feedbackWithin: 300 } })
    const { telegram } = rig.chats
    await rig.cloud.trip(820720)
    rig.cloud.jam(820720)
    await untilCard(telegram, '过载')
    await telegram.press('甲', '合闸')
    await untilCard(telegram, '请求合闸')
    await telegram.press('甲', '确认合闸')
    await untilCard(telegram, '未得到断路器回报')
    await untilCard(telegram, '不要盲目重复')
    expect(rig.cloud.commands).toHaveLength(1)
  })

  test('no secret is logged', async () => {
    await rig.cloud.trip(820720)
    await untilCard(rig.chats.telegram, '过载')
    rig.chats.telegram.say('甲', '状态')
    await until(() => rig.chats.telegram.texts().some((text) => text.includes('需要注意')), 'the status')
    const text = rig.log.join('')
    for (const secret of [
      'demo-app-secret-0001',
      'TEST-token_of',
      'push-token-of',
      'ding-client-secret',
      'wecom-bot-secret',
      ...rig.dingtalk.secrets,
    ]) {
      expect(text).not.toContain(secret)
    }
  })
})
