import { describe, expect, test } from 'vitest'
import type { Handed, Notice, WayName } from '../../src/channels/way.ts'
import type { Alarm } from '../../src/domain/alarm.ts'
import type { Drill } from '../../src/domain/drill.ts'
import { drillFailures } from '../../src/domain/drill-result.ts'
import type { EscalationPolicy } from '../../src/domain/escalation.ts'
import { until } from '../support/until.ts'
import {
  cardOf,
  newFolder,
  type Rig,
  type RigOptions,
  startRig,
  testPolicy,
  texts,
  untilButton,
  untilSays,
} from './rig.ts'

const MINUTE = 60_000
const everyWeek = { weekday: 0, hour: 8, minute: 0 }

/** Duty is mentioned, then called; then 甲, a mailbox and a web-hook. */
const NIGHT: EscalationPolicy = {
  name: 'default',
  ackTimeout: 30 * MINUTE,
  repeat: 2,
  repeatAfter: 5 * MINUTE,
  steps: [
    { after: 2 * MINUTE, mention: 'duty' },
    { after: 5 * MINUTE, call: 'duty', causes: ['leakage'] },
    { after: 10 * MINUTE, call: { person: '甲' }, mail: ['boss@example.com'], webhook: 'pager' },
    { after: 15 * MINUTE, call: 'all', mention: 'all' },
  ],
}

interface Sent {
  way: WayName
  to: string
  notice: Notice
}

type Fault = (sent: Sent) => Promise<Handed | undefined> | undefined
/** Ways that take everything, but for what a fault says. */
function waysFor(names: WayName[], sent: Sent[], fault: Fault = () => undefined) {
  const ways: NonNullable<RigOptions['ways']> = new Map(
    names.map((way) => [
      way,
      {
        async send(to, notice) {
          const one = { way, to, notice }
          sent.push(one)
          return (await fault(one)) ?? { outcome: 'delivered' }
        },
      },
    ]),
  )
  return ways
}

const person = (name: string, id: string, phone?: string) =>
  ({
    name,
    role: 'operator',
    ids: { telegram: id, dingtalk: id, wecom: id },
    ...(phone !== undefined && { phone }),
  }) as const

function policyWith(steps: EscalationPolicy = NIGHT, more: Parameters<typeof testPolicy>[0] = {}) {
  return testPolicy({
    people: [person('甲', '1', '13800000001'), person('乙', '2', '13800000002')],
    duty: [{ room: 'night', rota: ['乙'], handover: everyWeek }],
    escalations: { policies: { default: steps }, rooms: {}, sites: {}, breakers: {} },
    ...more,
  })
}

async function rigFor(options: RigOptions & { sent?: Sent[]; fault?: Fault } = {}) {
  const { sent = [], fault, ...rest } = options
  const rig = await startRig({
    policy: policyWith(),
    ways: waysFor(['voice', 'mail', 'webhook'], sent, fault),
    ...rest,
  })
  return { rig, sent }
}

const ask = (rig: Rig, text = '演练') => rig.say(rig.telegram, '1', text).taken

/** Lets each step of it come, and then its end; waits for the word of all tries but so many that come to nothing. */
async function toTheEnd(rig: Rig, steps = NIGHT.steps.length, result = '演练结果', failures = 0) {
  await untilButton(rig.telegram, 'ack')
  for (let step = 1; step < steps; step++) {
    await stepped(rig, step)
    rig.clock.ahead += 5000
  }
  await stepped(rig, steps)
  await tried(rig, failures)
  rig.clock.ahead += 2 * MINUTE
  return untilSays(rig.telegram, result)
}

async function drillOf({ store }: Rig): Promise<Drill | undefined> {
  const all = [true, false].map((open) => store.list<Alarm>({ kind: 'alarm', open }))
  return (await Promise.all(all)).flat().find(({ value }) => value.drill)?.value.drill
}

const stepped = (rig: Rig, step: number) =>
  until(async () => (await drillOf(rig))?.steps.length === step, `step ${step}`)

/** Until there is word of all that was to be told, and no more than so many have failed. */
function tried(rig: Rig, failures = 0) {
  const cards = (['telegram', 'dingtalk', 'wecom'] as const).map((channel) => ({ channel, shown: true }))
  return until(async () => {
    const drill = await drillOf(rig)
    return drill && drillFailures(drill, cards) === failures
  }, 'word of all tries')
}

describe('a drill', () => {
  test('takes every step of the policy up to the telephone, tells nobody twice, and tells its result', async () => {
    const { rig, sent } = await rigFor({
      prepare: ({ telegram }) => {
        telegram.abilities.mention = true
      },
    })
    await ask(rig)
    await untilSays(rig.telegram, '【演练】night：演练开始')
    const result = await toTheEnd(rig)
    expect(result.split('\n')).toEqual([
      '🧪 【演练】night：演练结果，全部送达。',
      '· 卡片：Telegram ✓；钉钉 ✓；企业微信 ✓',
      '· 第 1 步（真实告警时为 2 分钟 后）：Telegram 群提醒 @乙 ✓；钉钉 群提醒 @乙 ✓；企业微信 群提醒 @乙 ✓',
      '· 第 2 步（真实告警时为 5 分钟 后）：呼叫 乙：语音电话 ✓',
      '· 第 3 步（真实告警时为 10 分钟 后）：呼叫 甲：语音电话 ✓；邮件 boss@example.com ✓；Webhook pager ✓',
      '· 第 4 步（真实告警时为 15 分钟 后）：Telegram 群提醒 @甲 ✓；钉钉 群提醒 @甲 ✓；企业微信 群提醒 @甲 ✓',
      '· 无人确认',
      '· 有地址、但没有配置的方式：钉钉电话 DING（乙, 甲）；钉钉短信 DING（乙, 甲）；钉钉应用内 DING（乙, 甲）',
    ])
    await until(() => sent.length === 5, 'the web-hook to be told of the end')
    expect(sent.map(({ way, to, notice }) => `${way} ${to} ${notice.event}`).sort()).toEqual([
      'mail boss@example.com raised',
      'voice 13800000001 raised',
      'voice 13800000002 raised',
      'webhook pager raised',
      'webhook pager resolved',
    ])
    for (const { notice } of sent) {
      expect(notice.isDrill).toBe(true)
      for (const text of [notice.title, notice.text]) expect(text).toContain('演练')
      for (const fact of ['what', 'where', 'site', 'breaker', 'cause'])
        expect(notice.facts[fact]).toContain('演练')
    }
    for (const text of texts(rig.telegram)) expect(text).toContain('演练')
    expect(rig.cloud.commands).toEqual([])
  })

  test('notes who acknowledges after how long, and goes on', async () => {
    const { rig, sent } = await rigFor()
    await ask(rig)
    const card = await untilButton(rig.telegram, 'ack')
    rig.clock.ahead += 3000
    const answer = await rig.press(rig.telegram, '2', 'ack', card)
    expect(answer.toast).toMatch(/已记下，[34] 秒/)
    const result = await toTheEnd(rig)
    expect(result).toMatch(/· 确认：乙 [34] 秒后$/m)
    expect(sent.filter(({ way }) => way === 'voice')).toHaveLength(2)
    expect(cardOf(rig.telegram.shown.find((one) => one.message === card.message)!)).toMatchObject({
      subtitle: '演练结束：全部送达',
      buttons: [],
    })
  })

  test('cannot be handed over or given back', async () => {
    const { rig } = await rigFor()
    await ask(rig)
    const card = await untilButton(rig.telegram, 'ack')
    rig.telegram.receive({
      kind: 'text',
      id: 'give',
      chat: card.chat,
      group: true,
      sender: { id: '1' },
      text: '转交 乙',
      at: rig.now(),
      replyTo: card.message,
    })
    await untilSays(rig.telegram, '演练只能确认，几分钟后自动结束')
  })

  test('tells what failed and why, took the next way, and what is not configured', async () => {
    const { rig, sent } = await rigFor({
      sent: [],
      fault: async ({ way, to }) => {
        if (way === 'voice' && to.endsWith('1')) return { outcome: 'refused', why: '号码停机' }
        if (way === 'mail') return { outcome: 'later', why: 'the mailbox is full' }
        return undefined
      },
    })
    await ask(rig)
    const result = await toTheEnd(rig, 4, '演练结果', 1)
    expect(result).toContain('🧪 【演练】night：演练结果，1 项没有送达 ⚠️')
    expect(result).toContain(
      '呼叫 甲：语音电话 ✗ 号码停机；单聊消息 ✓；邮件 boss@example.com ✗ the mailbox is full',
    )
    expect(result).toContain('· 有地址、但没有配置的方式：钉钉电话 DING（乙, 甲）')
    expect(sent.filter(({ way }) => way === 'mail')).toHaveLength(1)
    await untilSays(rig.telegram, '演练结束，1 项没有送达。详情见 night 的群')
    expect(texts(rig.telegram).filter((text) => !text.includes('演练'))).toEqual([])
  })

  test('tells of a chat that takes nothing, in those that do', async () => {
    const { rig } = await rigFor({
      policy: policyWith({ ...NIGHT, steps: [NIGHT.steps[0]!] }),
      prepare: ({ dingtalk }) => {
        dingtalk.fault = () => ({ outcome: 'refused', why: '机器人不在群里' })
      },
    })
    await ask(rig)
    await untilButton(rig.telegram, 'ack')
    await tried(rig, 1)
    await untilButton(rig.wecom, 'ack')
    rig.clock.ahead += 2 * MINUTE
    const result = await untilSays(rig.telegram, '演练结果')
    expect(result.split('\n').slice(0, 3)).toEqual([
      '🧪 【演练】night：演练结果，2 项没有送达 ⚠️',
      '· 卡片：Telegram ✓；钉钉 ✗ 没有送达；企业微信 ✓',
      '· 第 1 步（真实告警时为 2 分钟 后）：Telegram 群提醒 @乙 ✓；钉钉 群提醒 @乙 ✗ 机器人不在群里；企业微信 群提醒 @乙 ✓',
    ])
    await untilSays(rig.wecom, '演练结果，2 项没有送达')
  })

  test('ends within minutes though a provider hangs, and calls nobody after that', async () => {
    const hanging: (() => void)[] = []
    const { rig, sent } = await rigFor({
      fault: ({ way }) =>
        way === 'voice'
          ? new Promise((settle) => hanging.push(() => settle({ outcome: 'unknown', why: 'hung up' })))
          : undefined,
    })
    await ask(rig)
    await untilButton(rig.telegram, 'ack')
    for (let step = 1; step < 4; step++) {
      await stepped(rig, step)
      rig.clock.ahead += 5000
    }
    await until(() => hanging.length === 2, 'both calls to hang')
    rig.clock.ahead += 2 * MINUTE
    const result = await untilSays(rig.telegram, '演练结果')
    expect(result).toContain('呼叫 乙：✗ 没有结果')
    const calls = sent.length
    for (const hangUp of hanging) hangUp()
    await until(async () => ((await rig.store.counts()).drills?.waiting ?? 0) === 0, 'what hung to end')
    expect(sent.filter(({ notice }) => notice.event !== 'resolved').length).toBeLessThanOrEqual(calls)
  })

  test('by the policy of a breaker, named in the language of the room', async () => {
    const own = { ...NIGHT, name: 'pumps', steps: [{ after: MINUTE, call: { person: '甲' } }] }
    const base = policyWith()
    const policy = {
      ...base,
      rooms: base.rooms.map((room) => ({ ...room, locale: 'en' as const })),
      escalations: {
        policies: { default: NIGHT, pumps: own },
        rooms: {},
        sites: {},
        breakers: { '820720': 'pumps' },
      },
    }
    const { rig, sent } = await rigFor({ policy })
    await ask(rig, 'drill 3号增氧机')
    await untilSays(rig.telegram, 'TEST 3号增氧机: the drill begins.')
    const result = await toTheEnd(rig, 1, 'result of the drill')
    expect(result.split('\n')).toEqual([
      '🧪 TEST 3号增氧机: result of the drill. All arrived.',
      '· Card: Telegram ✓; DingTalk ✓; WeCom ✓',
      '· Step 1 (after 60 s in earnest): 甲 called: telephone ✓',
      '· Nobody acknowledged',
      '· There are addresses for what is not configured: DING by telephone (甲); DING by text message (甲); DING (甲)',
    ])
    expect(sent.map(({ notice }) => notice.text)).toEqual([
      'This is a test, not a real alarm. TEST 3号增氧机. Please acknowledge in the group that it has reached you.',
    ])
  })

  test('without a policy shows the card alone', async () => {
    const { escalations: _, ...policy } = policyWith()
    const { rig } = await rigFor({ policy })
    await ask(rig)
    await untilButton(rig.telegram, 'ack')
    await Promise.all([untilButton(rig.dingtalk, 'ack'), untilButton(rig.wecom, 'ack')])
    rig.clock.ahead += 2 * MINUTE
    const result = await untilSays(rig.telegram, '演练结果')
    expect(result).toContain('没有配置通知策略（escalation）：真实告警时只有卡片')
  })
})

describe('who may have a drill, and how often', () => {
  test('an operator, one at a time, and no more than six in a day', async () => {
    const people = [person('甲', '1'), person('乙', '2'), { ...person('丙', '3'), role: 'viewer' as const }]
    const { rig } = await rigFor({ policy: policyWith({ ...NIGHT, steps: [NIGHT.steps[0]!] }, { people }) })
    await rig.say(rig.telegram, '3', '演练').taken
    await untilSays(rig.telegram, '丙')
    expect(await rig.store.list({ kind: 'alarm', open: true })).toEqual([])
    for (let count = 1; count <= 6; count++) {
      await ask(rig)
      await until(
        () => texts(rig.telegram).filter((text) => text.includes('演练开始')).length === count,
        `drill ${count}`,
      )
      if (count === 1) {
        await ask(rig)
        await untilSays(rig.telegram, 'night 正在演练')
      }
      await until(
        async () => (await rig.store.list({ kind: 'alarm', open: true })).length === 1,
        'it to begin',
      )
      rig.clock.ahead += 2 * MINUTE
      await until(
        () => texts(rig.telegram).filter((text) => text.includes('演练结果')).length === count,
        `result ${count}`,
      )
    }
    await ask(rig)
    await untilSays(rig.telegram, 'night 24 小时内已演练 6 次')
  })

  test('is not begun by talk that is not addressed to the bot, nor one-to-one', async () => {
    const { rig } = await rigFor()
    const line = { kind: 'text', chat: '-100', group: true, sender: { id: '1' }, at: rig.now() } as const
    await rig.telegram.receive({ ...line, id: 'a', text: '测试', addressed: false }).taken
    await rig.telegram.receive({ ...line, id: 'b', chat: '1', group: false, text: '演练' }).taken
    await untilSays(rig.telegram, '请在群里发起演练')
    expect(await rig.store.list({ kind: 'alarm', open: true })).toEqual([])
  })
})

test('a real alarm during a drill goes its own way', async () => {
  const real = { ...NIGHT, steps: [{ after: 0, call: { person: '甲' } as const, mention: 'duty' as const }] }
  const { rig, sent } = await rigFor({ policy: policyWith(real) })
  await ask(rig)
  await until(() => sent.length === 1, 'the call of the drill')
  await rig.trip()
  await untilSays(rig.telegram, '过载')
  rig.clock.ahead += 1500
  await until(() => sent.length === 2, 'the call in earnest')
  await untilSays(rig.telegram, '仍未处理')
  const [drill, earnest] = sent.map(({ notice }) => notice.text)
  expect(drill).toContain('演练')
  expect(earnest).toContain('过载')
  expect(earnest).not.toContain('演练')
  expect(earnest).not.toContain('另有')
  const reminder = texts(rig.telegram).find((text) => text.includes('仍未处理'))
  expect(reminder).not.toContain('演练')
})

test('goes on where it was after a restart', async () => {
  const folder = newFolder()
  const { rig: first, sent } = await rigFor({ folder })
  await ask(first)
  await stepped(first, 1)
  await tried(first)
  const { ahead } = first.clock
  await first.stop()
  const rest = await rigFor({ folder, ahead: ahead + 5000, sent })
  for (let step = 2; step <= 4; step++) {
    await stepped(rest.rig, step)
    await tried(rest.rig)
    rest.rig.clock.ahead += step === 4 ? 2 * MINUTE : 5000
  }
  const result = await untilSays(rest.rig.telegram, '演练结果')
  expect(result).toContain('呼叫 乙：语音电话 ✓')
  expect(sent.filter(({ way }) => way === 'voice')).toHaveLength(2)
})
