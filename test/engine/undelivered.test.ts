import { describe, expect, test } from 'vitest'
import type { Delivery } from '../../src/channels/channel.ts'
import type { Policy } from '../../src/domain/policy.ts'
import { until } from '../support/until.ts'
import type { FakeChannel } from './fakes.ts'
import {
  breaker,
  GROUP,
  lastCard,
  newFolder,
  type Rig,
  type RigOptions,
  startRig,
  testPolicy,
  texts,
  untilSays,
} from './rig.ts'

const PUMPS = Array.from({ length: 12 }, (_, index) => breaker(`9${index}`, `泵${index}`))
const KICKED = { outcome: 'refused', why: 'kicked', gone: 'chat' } as const
const DOWN = { outcome: 'later', why: '502' } as const
const CHIEF = { name: '场长', role: 'admin', ids: { telegram: '7' } } as const

const start = (more: RigOptions = {}) => startRig({ policy: testPolicy({ breakers: PUMPS }), ...more })

/** The group refuses, or does not take, what it is given. */
function breaks(channel: FakeChannel, delivery: Delivery): void {
  channel.fault = (chat) => (chat === GROUP[channel.name] ? delivery : undefined)
}

function mended(channel: FakeChannel): void {
  channel.fault = () => undefined
}

const saying = (channel: FakeChannel, words: string) => texts(channel).filter((text) => text.includes(words))

const undelivered = async (rig: Rig) =>
  (await rig.store.audit({ limit: 1000 })).filter(({ what }) => what === 'alarm.undelivered')

/** Nothing is left that is due, but for a platform that is stuck. */
function settled(rig: Rig, stuck?: FakeChannel): Promise<unknown> {
  let still = 0
  return until(async () => {
    const counts = Object.entries(await rig.store.counts()).filter(
      ([queue]) => queue !== `send-${stuck?.name}`,
    )
    still = counts.every(([, { oldestDue, waiting }]) => waiting === 0 || oldestDue === 0) ? still + 1 : 0
    return still > 10
  }, 'nothing to be due')
}

describe('an alarm that a chat refuses for good', () => {
  test('is told in the other chats at once, by one text for all of a moment, with what to do about the chat', async () => {
    const rig = await start()
    // All are refused in one moment, however long it takes until they are there.
    const areThere = () => rig.wecom.shown.length >= 12 && rig.dingtalk.shown.length >= 12
    rig.telegram.fault = async () => {
      await until(areThere, 'the cards elsewhere')
      return KICKED
    }
    await Promise.all(PUMPS.map(({ id }) => rig.trip('overload', id)))
    for (const other of [rig.wecom, rig.dingtalk]) {
      const text = await untilSays(other, '这 12 条告警')
      expect(text).toContain('Telegram群拒收')
      expect(text).toContain('kicked')
      expect(text).toContain('请转告')
      expect(text.match(/· .*泵\d+ 跳闸（过载）/gu)).toHaveLength(10)
      expect(text).toContain('… 另有 2 条')
      await untilSays(other, 'Telegram群收不到消息：kicked。请把机器人重新拉进群')
    }
    await settled(rig)
    for (const other of [rig.wecom, rig.dingtalk]) {
      expect(saying(other, 'Telegram群')).toHaveLength(2)
      expect(
        other.shown.find(({ content }) => 'text' in content && content.text.includes('拒收'))?.content.urgent,
      ).toBe(true)
    }
    const lines = await undelivered(rig)
    expect(lines.map(({ subject }) => subject).toSorted()).toEqual(PUMPS.map(({ id }) => id).toSorted())
    expect(lines[0]!.details).toMatchObject({
      chat: `telegram:${GROUP.telegram}`,
      why: 'kicked',
      incident: expect.any(String),
    })
    const { values } = await rig.metrics.undelivered.get()
    expect(values).toContainEqual({ labels: { channel: 'telegram' }, value: PUMPS.length })
  })

  test('each of a burst is told, however slowly the chat refuses them', async () => {
    const rig = await start()
    let refusals = 0
    rig.telegram.fault = async () => {
      const before = saying(rig.wecom, '拒收').length
      // The next one is refused only after this one was told.
      if (refusals++ > 0) await until(() => saying(rig.wecom, '拒收').length > 0 || before > 0, 'the first')
      return KICKED
    }
    await Promise.all(PUMPS.map(({ id }) => rig.trip('overload', id)))
    await until(async () => (await undelivered(rig)).length === PUMPS.length, 'all of them')
    const lines = await undelivered(rig)
    expect(new Set(lines.map(({ subject }) => subject)).size).toBe(PUMPS.length)
    expect(saying(rig.wecom, '拒收').length).toBeGreaterThan(1)
  })

  test('the room is told once that the chat is broken and once that it works, and not more than once an hour', async () => {
    const rig = await start()
    let flaps = 0
    const flap = async (device: string) => {
      flaps++
      breaks(rig.telegram, KICKED)
      await rig.trip('overload', device)
      await until(() => saying(rig.wecom, '拒收这条告警').length === flaps, 'the alarm to be passed on')
      await settled(rig)
      mended(rig.telegram)
      await rig.say(rig.telegram, '1', '我是谁').taken
      await settled(rig)
    }
    const told = () => [saying(rig.wecom, '收不到消息').length, saying(rig.wecom, '恢复正常').length]
    await flap('90')
    expect(told()).toEqual([1, 1])
    await flap('91')
    await flap('92')
    expect(told()).toEqual([1, 1])
    rig.clock.ahead += 3_600_000
    await flap('93')
    expect(told()).toEqual([2, 2])
  })

  test('is told to an admin one-to-one where no other chat works', async () => {
    const policy: Policy = testPolicy({ breakers: PUMPS, people: [CHIEF] })
    const rig = await start({ policy })
    for (const channel of [rig.telegram, rig.dingtalk, rig.wecom]) breaks(channel, KICKED)
    await rig.trip('overload', '90')
    const text = await untilSays(rig.telegram, '“night”的')
    expect(text).toContain('kicked')
    await until(() => saying(rig.telegram, '泵0 跳闸（过载）').length > 0, 'the alarm itself')
    expect(rig.telegram.shown.every(({ chat }) => chat === '7')).toBe(true)
  })

  test('other refusals of a change do not make the chat broken', async () => {
    const rig = await start()
    await rig.trip('overload', '90')
    await until(() => lastCard(rig.dingtalk) && lastCard(rig.telegram), 'the alarm')
    rig.dingtalk.fault = () => ({ outcome: 'refused', why: '400' })
    await rig.press(rig.telegram, '1', 'ack')
    await until(async () => (await rig.store.deadJobs()).length === 1, 'the refusal')
    await settled(rig)
    expect([...texts(rig.wecom), ...texts(rig.telegram)].filter((text) => text.includes('钉钉群'))).toEqual(
      [],
    )
  })
})

describe('an alarm that a chat has not taken within 30 s', () => {
  test.each([
    ['that is refused for now', DOWN, '502'],
    ['whose fate is unknown', { outcome: 'unknown', why: 'no answer' }, 'no answer'],
    ['that hangs', undefined, '消息发不出去'],
  ] as const)(
    '%s: the other chats are told once, and that the chat works when it does',
    async (_, delivery, why) => {
      const rig = await start()
      const hangs = Promise.withResolvers<undefined>()
      rig.dingtalk.fault = () => delivery ?? (hangs.promise as Promise<never>)
      await rig.trip('overload', '90')
      await until(() => rig.telegram.shown.length === 1, 'the first card')
      rig.clock.ahead += 29_000
      await rig.trip('short', '91')
      await until(() => rig.telegram.shown.length === 2, 'the cards')
      await settled(rig, rig.dingtalk)
      expect(saying(rig.telegram, '钉钉群')).toEqual([])
      rig.clock.ahead += 2000
      const text = await untilSays(rig.telegram, '30 秒内没有收到这条告警')
      expect(text).toBe(
        `⚠ 钉钉群 30 秒内没有收到这条告警（${why}），请转告：一号鱼塘 泵0 跳闸（过载）：已分闸，无人确认`,
      )
      await untilSays(rig.wecom, '钉钉群收不到消息')
      // The second one's time comes later; it is told by itself, the chat is not again.
      rig.clock.ahead += 28_500
      await until(() => saying(rig.telegram, '泵1 跳闸（短路').length === 1, 'the second')
      await settled(rig, rig.dingtalk)
      expect(saying(rig.telegram, '泵0 跳闸（过载').filter((one) => one.includes('⚠ 钉钉'))).toHaveLength(1)
      expect(saying(rig.telegram, '钉钉群收不到消息')).toHaveLength(1)
      expect(await undelivered(rig)).toHaveLength(2)
      mended(rig.dingtalk)
      hangs.resolve(undefined)
      rig.clock.ahead += 400_000
      await until(() => rig.dingtalk.shown.length >= 2, 'the cards at last')
      await untilSays(rig.telegram, '钉钉群恢复正常')
      await settled(rig)
      expect(saying(rig.telegram, '恢复正常')).toHaveLength(1)
      expect(await rig.store.deadJobs()).toEqual([])
    },
  )

  test('also when the service was restarted meanwhile, and by whichever instance', async () => {
    const folder = newFolder()
    const rig = await start({ folder })
    breaks(rig.telegram, DOWN)
    await rig.trip('overload', '90')
    await until(() => rig.wecom.shown.length === 1, 'the card elsewhere')
    await rig.stop()
    const again = await start({ folder, ahead: 31_000, prepare: ({ telegram }) => breaks(telegram, DOWN) })
    await untilSays(again.wecom, 'Telegram群 30 秒内没有收到这条告警')
    await settled(again)
    expect(saying(again.wecom, '30 秒内没有收到')).toHaveLength(1)
  })

  test('not if its facts reached the chat in another way, which is asked for once', async () => {
    const rig = await start()
    let urgent = 0
    rig.wecom.fault = (_chat, content) => {
      if (content.urgent) urgent++
      return { outcome: 'later', why: 'no connection', ...(content.urgent && { told: true }) }
    }
    await rig.trip('overload', '90')
    await until(() => urgent === 1, 'the alarm')
    for (let tries = 0; tries < 4; tries++) {
      rig.clock.ahead += 20_000
      await settled(rig)
    }
    expect(urgent).toBe(1)
    expect(saying(rig.telegram, '企业微信群')).toEqual([])
    mended(rig.wecom)
    rig.clock.ahead += 60_000
    await until(() => lastCard(rig.wecom), 'the card, with its buttons')
  })

  test('a chat that has had as much as it takes is busy, not broken', async () => {
    const limit = [{ most: 3, within: 120_000 }]
    const rig = await start({ limits: { dingtalk: { group: limit, person: limit, bot: [] } } })
    for (const { id } of PUMPS) await rig.trip('overload', id)
    await until(() => rig.dingtalk.shown.length === 3, 'what there is room for')
    await until(() => rig.telegram.shown.length === 12, 'all elsewhere')
    rig.clock.ahead += 31_000
    await untilSays(rig.telegram, '30 秒内没有收到这 9 条告警（消息太多')
    await settled(rig, rig.dingtalk)
    expect(saying(rig.telegram, '收不到消息')).toEqual([])
    expect(saying(rig.telegram, '钉钉群')).toHaveLength(1)
  })

  test('one whose tries used up its room is broken all the same', async () => {
    const limit = [{ most: 3, within: 120_000 }]
    const rig = await start({ limits: { dingtalk: { group: limit, person: limit, bot: [] } } })
    breaks(rig.dingtalk, DOWN)
    for (const { id } of PUMPS.slice(0, 5)) await rig.trip('overload', id)
    await until(() => rig.telegram.shown.length === 5, 'all elsewhere')
    await settled(rig, rig.dingtalk)
    rig.clock.ahead += 31_000
    await untilSays(rig.telegram, '30 秒内没有收到这 5 条告警（502）')
    await untilSays(rig.telegram, '钉钉群收不到消息：502')
  })

  test('nothing is said where all took it', async () => {
    const rig = await start()
    await rig.trip('overload', '90')
    await until(
      () => [rig.telegram, rig.dingtalk, rig.wecom].every(({ shown }) => shown.length === 1),
      'the cards',
    )
    rig.clock.ahead += 40_000
    await until(async () => !(await rig.store.counts()).watch?.waiting, 'the looks')
    await settled(rig)
    for (const { shown } of [rig.telegram, rig.dingtalk, rig.wecom]) expect(shown).toHaveLength(1)
    expect(await undelivered(rig)).toEqual([])
  })
})
