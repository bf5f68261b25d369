import { describe, expect, test } from 'vitest'
import type { ChannelHealth } from '../../src/channels/channel.ts'
import { GROUP, type Rig, startRig, testPolicy, texts, untilSays } from './rig.ts'

const ADMIN = { name: '场长', role: 'admin', ids: { telegram: '7' } } as const

/** Everything in this rig is well but what a test makes ill. 场长 is an admin; the room has no WeCom chat. */
async function rigWith(
  health: Partial<Record<'telegram' | 'dingtalk' | 'wecom', ChannelHealth>>,
): Promise<Rig> {
  const chats = (['telegram', 'dingtalk'] as const).map((channel) => ({ channel, chat: GROUP[channel] }))
  const people = [...testPolicy().people, ADMIN]
  const rooms = [{ name: 'night', locale: 'zh-CN' as const, chats }]
  return startRig({
    policy: testPolicy({ people, rooms }),
    prepare: (parts) => {
      for (const name of ['telegram', 'dingtalk', 'wecom'] as const) {
        const { health: usual } = parts[name]
        parts[name].health = () => health[name] ?? usual()
      }
    },
  })
}

const waiting = (since: number): ChannelHealth => ({
  state: 'waiting',
  since,
  detail: 'the operator reads this',
})

describe('«状态» for a whole room', () => {
  test('tells which of its platforms is not connected, and for how long', async () => {
    const now = Date.now()
    const rig = await rigWith({ dingtalk: waiting(now - 180_000), wecom: waiting(now - 180_000) })
    await rig.say(rig.telegram, '1', '状态').taken
    const said = await untilSays(rig.telegram, '钉钉')
    expect(said).toContain('⚠️ 钉钉：连接断开 3 分钟，正在重连')
    expect(said).not.toContain('企业微信')
    expect(said).not.toContain('operator')
  })

  test.each([
    ['failed', '无法连接'],
    ['starting', '正在连接'],
    ['stopped', '已停止'],
  ] as const)('has words for %s', async (state, word) => {
    const rig = await rigWith({ dingtalk: { state, since: Date.now() } })
    await rig.say(rig.telegram, '1', '状态').taken
    expect(await untilSays(rig.telegram, '钉钉')).toContain(word)
  })

  test('says nothing of them while all are well, or held by another instance', async () => {
    const rig = await rigWith({ dingtalk: { state: 'standby', since: 0 } })
    await rig.say(rig.telegram, '1', '状态').taken
    await untilSays(rig.telegram, '台')
    expect(texts(rig.telegram).join()).not.toMatch(/钉钉|Telegram/)
  })

  test('tells an admin of all platforms', async () => {
    const rig = await rigWith({ wecom: waiting(Date.now() - 30_000) })
    await rig.say(rig.telegram, '7', '状态').taken
    const said = await untilSays(rig.telegram, '企业微信')
    // Some seconds more on a busy machine.
    expect(said).toMatch(/⚠️ 企业微信：连接断开 [345]\d 秒，正在重连\n已连接：Telegram；钉钉/)
  })

  test('but not where one breaker was named', async () => {
    const rig = await rigWith({ dingtalk: waiting(Date.now() - 180_000) })
    await rig.say(rig.telegram, '1', '状态 3号增氧机').taken
    expect(await untilSays(rig.telegram, '3号增氧机')).not.toContain('钉钉')
  })
})
