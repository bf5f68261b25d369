import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type Rig, startRig, testPolicy, texts, untilSays } from './rig.ts'

const MINUTE = 60_000
const steps = [
  { after: 2 * MINUTE, mention: 'duty' as const },
  { after: 5 * MINUTE, call: 'duty' as const },
]
const one = { name: 'default', ackTimeout: 30 * MINUTE, repeat: 0, repeatAfter: 5 * MINUTE, steps }
const policy = testPolicy({
  duty: [{ room: 'night', rota: ['乙'], handover: { weekday: 0, hour: 8, minute: 0 } }],
  escalations: { policies: { default: one }, rooms: {}, sites: {}, breakers: {} },
})
const ask = (rig: Rig, who: string, text: string) => rig.say(rig.telegram, who, text).taken

test.each([
  '告警计划 3号增氧机',
  '升级计划3号增氧机',
  '谁会收到 3号增氧机',
  '升级 3号增氧机',
  '/plan 820720',
])('who would be told is asked for by «%s»', async (line) => {
  const rig = await startRig({ policy })
  await ask(rig, '1', line)
  expect((await untilSays(rig.telegram, '若')).split('\n')).toEqual([
    '3号增氧机 若过载（严重）且无人确认：',
    '· 立即：群里发卡片',
    '· 2 分钟 后：群里提醒 @乙',
    expect.stringMatching(
      /^· 5 分钟 后：呼叫 乙（依次：单聊消息）；乙 的这些方式未配置，用不上：钉钉电话 DING/,
    ),
    '· 有人确认即停止；30 分钟 后仍未恢复则从头再来',
  ])
  expect(await rig.store.list({ kind: 'alarm', open: true })).toEqual([])
})

test('in the language of the room, also by whoever may only view', async () => {
  const [jia, ...others] = policy.people
  const rooms = policy.rooms.map((room) => ({ ...room, locale: 'en' as const }))
  const rig = await startRig({
    policy: { ...policy, rooms, people: [{ ...jia!, role: 'viewer' }, ...others] },
  })
  await ask(rig, '1', 'plan 3号增氧机')
  await untilSays(
    rig.telegram,
    '3号增氧机: Overload (Critical), and nobody acknowledges:\n· at once: the card',
  )
})

test('a stranger is told nothing of it, and a line without a breaker asks for one', async () => {
  const rig = await startRig({ policy })
  await ask(rig, '9', '告警计划 3号增氧机')
  await untilSays(rig.telegram, '9')
  await ask(rig, '1', '告警计划')
  await untilSays(rig.telegram, '告警计划 3号增氧机')
  expect(texts(rig.telegram).some((text) => text.includes('无人确认'))).toBe(false)
})

test('a window that stands is named, with its end', async () => {
  const from = Date.parse('2026-12-01T00:00:00+08:00')
  const windows = [
    {
      id: 'w',
      kind: 'maintenance' as const,
      scope: { site: '一号鱼塘' },
      when: { from, until: from + 60 * MINUTE },
    },
  ]
  const rig = await startRig({ policy: { ...policy, windows }, ahead: from + MINUTE - Date.now() })
  await ask(rig, '1', '告警计划 3号增氧机')
  const [, second] = (await untilSays(rig.telegram, '若')).split('\n')
  expect(second).toBe('⚠️ 维护中，至 2026-12-01 01:00:00；在此之前以下都不会发出。')
  rig.clock.ahead += 60 * MINUTE
  await ask(rig, '1', 'plan 3号增氧机')
  await until(() => texts(rig.telegram).length === 2)
  expect(texts(rig.telegram)[1]).not.toContain('维护中')
})
