import { describe, expect, test } from 'vitest'
import type { Notice } from '../../src/channels/way.ts'
import type { Alarm, AlarmFacts } from '../../src/domain/alarm.ts'
import { message } from '../../src/domain/message.ts'
import { alarmJob } from '../../src/engine/alarm-jobs.ts'
import { until } from '../support/until.ts'
import {
  breaker,
  cardOf,
  newFolder,
  PUMP,
  type Rig,
  type RigOptions,
  startRig,
  testPolicy,
  texts,
  untilButton,
  untilSays,
} from './rig.ts'

const MINUTE = 60_000
const PLATFORMS = ['telegram', 'dingtalk', 'wecom'] as const

const FACTS: AlarmFacts = {
  kind: 'no-duty',
  room: 'night',
  severity: 'critical',
  title: message('no-duty.title', { room: 'night' }),
  notes: [message('no-duty.nobody')],
}

const steps = [
  { after: MINUTE, mention: { person: '乙' } },
  { after: 2 * MINUTE, call: { person: '甲' } },
  { after: 3 * MINUTE, call: { person: '乙' } },
]
const escalations = {
  policies: {
    default: { name: 'default', ackTimeout: 30 * MINUTE, repeat: 0, repeatAfter: 5 * MINUTE, steps },
  },
  rooms: {},
  sites: {},
  breakers: {},
}
const person = (name: string, id: string) =>
  ({
    name,
    role: 'operator',
    ids: { telegram: id, dingtalk: id, wecom: id },
    phone: `1380000000${id}`,
  }) as const
const people = [person('甲', '1'), person('乙', '2')]
const policy = testPolicy({ people, escalations })

/** An engine with one alarm that has its card everywhere, and what was called by telephone. */
async function rigWith(options: RigOptions = {}, calls: string[] = []) {
  const ways: RigOptions['ways'] = new Map([
    [
      'voice',
      {
        async send(to: string, { text }: Notice) {
          calls.push(`${to} ${text}`)
          return { outcome: 'delivered' as const }
        },
      },
    ],
  ])
  const rig = await startRig({ policy, ways, ...options })
  return { rig, calls }
}

async function raise(rig: Rig, id = 'alarm1') {
  await rig.store.enqueue([alarmJob(`raise:${id}`, id, { type: 'raise', facts: FACTS })])
  await Promise.all(PLATFORMS.map((name) => untilButton(rig[name], 'ack')))
}

const resolve = (rig: Rig, id = 'alarm1') =>
  rig.store.enqueue([alarmJob(`resolve:${id}`, id, { type: 'resolve', outcome: message('no-duty.over') })])

const alarmOf = async ({ store }: Rig, id = 'alarm1') => (await store.get<Alarm>(`alarm/${id}`))?.value

const ownedBy = (rig: Rig, name: string | undefined, id = 'alarm1') =>
  until(async () => {
    const alarm = await alarmOf(rig, id)
    return alarm !== undefined && alarm.owner?.person === name
  }, `${id} to be ${name}’s`)

/** A press on the card as that platform has it, but for what is said otherwise. */
async function press(rig: Rig, name: (typeof PLATFORMS)[number], who: string, more: object = {}) {
  const shown = await untilButton(rig[name], 'ack')
  const { data } = cardOf(shown)!.buttons.find((one) => one.action === 'ack')!
  const receipt = rig[name].receive({
    kind: 'press',
    id: `${name}-${who}-${Math.random()}`,
    chat: shown.chat,
    sender: { id: who },
    data,
    message: shown.message,
    at: rig.now(),
    ...more,
  })
  await receipt.taken
  return receipt.answer
}

function say(rig: Rig, text: string, more: object = {}) {
  const line = { kind: 'text', chat: '-100', group: true, sender: { id: '1' }, at: rig.now() } as const
  return rig.telegram.receive({ ...line, id: text + Math.random(), text, ...more }).taken
}

describe.each(PLATFORMS)('a press on the card of an alarm on %s', (name) => {
  test('makes it that person’s everywhere', async () => {
    const { rig } = await rigWith()
    await raise(rig)
    const { toast, card } = await press(rig, name, '1')
    expect(toast).toMatch(/^night 无人值班：甲/)
    if (rig[name].abilities.cardInAnswer)
      expect(card).toMatchObject({ subtitle: expect.stringContaining('甲'), buttons: [] })
    await ownedBy(rig, '甲')
    const others = PLATFORMS.filter((one) => one !== name && rig[one].abilities.updateAnyTime)
    for (const other of others) await untilSays(rig[other], '甲')
  })

  test('counts where the platform does not say in which chat it was', async () => {
    const { rig } = await rigWith()
    await raise(rig)
    await press(rig, name, '2', { chat: '' })
    await ownedBy(rig, '乙')
  })

  test('changes nothing for a stranger, in another chat, or when it is over', async () => {
    const { rig } = await rigWith()
    await raise(rig)
    const stranger = await press(rig, name, '9')
    expect(stranger.toast).toContain('9')
    expect(stranger.alert).toBe(true)
    const elsewhere = await press(rig, name, '1', { chat: 'another' })
    expect(elsewhere).toMatchObject({ alert: true })
    await ownedBy(rig, undefined)
    const shown = await untilButton(rig[name], 'ack')
    const { data } = cardOf(shown)!.buttons[0]!
    await resolve(rig)
    await until(async () => (await alarmOf(rig))?.status === 'resolved', 'the end')
    const receipt = rig[name].receive({
      kind: 'press',
      id: 'late',
      chat: shown.chat,
      sender: { id: '1' },
      data,
      message: shown.message,
      at: rig.now(),
    })
    await receipt.taken
    expect((await receipt.answer).toast).toBe('night 无人值班：已经结束。')
    await ownedBy(rig, undefined)
  })
})

describe('a typed word about an alarm', () => {
  test('in reply to its card means it, though an incident is open too', async () => {
    const { rig } = await rigWith()
    await raise(rig)
    const card = await untilButton(rig.telegram, 'ack')
    await rig.trip()
    await untilSays(rig.telegram, '过载')
    await say(rig, '收到', { replyTo: card.message })
    await ownedBy(rig, '甲')
    await say(rig, '转交 乙', { replyTo: card.message })
    await ownedBy(rig, '乙')
    await say(rig, '取消确认', { replyTo: card.message })
    await ownedBy(rig, undefined)
  })

  test('without a name means it where nothing else can be meant, and asks where something can', async () => {
    const { rig } = await rigWith()
    await raise(rig)
    await say(rig, '确认')
    await ownedBy(rig, '甲')
    await say(rig, '取消确认')
    await ownedBy(rig, undefined)
    await raise(rig, 'alarm2')
    await say(rig, '确认')
    await untilSays(rig.telegram, '请')
    await ownedBy(rig, undefined)
    await ownedBy(rig, undefined, 'alarm2')
  })
})

describe('the escalation of an alarm', () => {
  test('reminds, then calls, and stops with the acknowledgement', async () => {
    const { rig, calls } = await rigWith()
    await raise(rig)
    rig.clock.ahead += MINUTE
    for (const name of PLATFORMS)
      await untilSays(rig[name], '⏰ 仍未处理（已 1 分钟），无人确认：night 无人值班（night）')
    rig.clock.ahead += MINUTE
    await until(() => calls.length === 1, 'the call')
    expect(calls).toEqual(['13800000001 告警：night，night 无人值班，已 2 分钟，无人确认。请到群里确认。'])
    await untilSays(rig.telegram, '📞 已通知 甲（语音电话）：night 无人值班（night）。')
    await press(rig, 'telegram', '1')
    await ownedBy(rig, '甲')
    rig.clock.ahead += 20 * MINUTE
    await rig.trip()
    await untilSays(rig.telegram, '过载')
    expect(calls).toHaveLength(1)
  })

  test('goes on after a restart between two steps, and repeats none', async () => {
    const folder = newFolder()
    const { rig: first, calls } = await rigWith({ folder })
    await raise(first)
    first.clock.ahead += MINUTE
    await untilSays(first.telegram, '仍未处理')
    first.clock.ahead += MINUTE
    await until(() => calls.length === 1, 'the first call')
    await untilSays(first.telegram, '已通知 甲')
    const { ahead } = first.clock
    await first.stop()
    const { rig: second } = await rigWith({ folder, ahead: ahead + MINUTE }, calls)
    await until(() => calls.length === 2, 'the second call')
    expect(calls.map((call) => call.split(' ')[0])).toEqual(['13800000001', '13800000002'])
    await untilSays(second.telegram, '已通知 乙')
    expect(texts(second.telegram).filter((text) => text.includes('仍未处理'))).toEqual([])
  })

  test('is one for two instances', async () => {
    const { rig, calls } = await rigWith()
    const { rig: other } = await rigWith({ beside: rig, instance: 'other' }, calls)
    await raise(rig)
    other.clock.ahead += MINUTE
    await untilSays(rig.telegram, '仍未处理')
    other.clock.ahead += MINUTE
    await until(() => calls.length === 1, 'a call')
    await untilSays(rig.telegram, '已通知 甲')
    for (const name of PLATFORMS) {
      expect(texts(rig[name]).filter((text) => text.includes('仍未处理'))).toHaveLength(1)
      expect(rig[name].shown.filter((one) => cardOf(one))).toHaveLength(1)
    }
    expect(calls).toHaveLength(1)
  })

  test('is told in English in a room that speaks it', async () => {
    const rooms = policy.rooms.map((room) => ({ ...room, locale: 'en' as const }))
    const breakers = [breaker(PUMP, 'pump-3')]
    const { rig, calls } = await rigWith({ policy: { ...policy, rooms, breakers } })
    await raise(rig)
    rig.clock.ahead += MINUTE
    await untilSays(
      rig.telegram,
      '⏰ Still open (1 min), nobody has acknowledged: night: nobody is on duty (night).',
    )
    rig.clock.ahead += MINUTE
    await until(() => calls.length === 1, 'the call')
    expect(calls).toEqual([
      '13800000001 Alarm: night: nobody is on duty at night, since 2 min. Nobody has acknowledged it. Please acknowledge in the group.',
    ])
  })
})
