import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EscalationPolicy, Step, Target } from '../../src/domain/escalation.ts'
import { forecastLines } from '../../src/domain/forecast-lines.ts'
import { type Forecast, foresee, gravest } from '../../src/domain/foresee.ts'
import type { Reach } from '../../src/domain/lines.ts'
import type { BreakerConfig, Policy } from '../../src/domain/policy.ts'
import { SEVERITIES } from '../../src/domain/severity.ts'
import { translator } from '../../src/text/translate.ts'
import { POLICY, PUMP } from './support/site.ts'

const MINUTE = 60_000
const SUNDAY = Date.parse('2026-01-04T22:00:00+08:00')
const handover = { weekday: 0, hour: 8, minute: 0 }

const people: Policy['people'] = [
  { name: '甲', role: 'operator', ids: { telegram: '1' }, phone: '13800000001', mail: 'jia@example.com' },
  { name: '乙', role: 'operator', ids: { telegram: '2' }, phone: '13800000002' },
  { name: '丙', role: 'admin', ids: {} },
]
const ALL: Reach = {
  ways: new Set(['voice', 'mail', 'webhook'] as const),
  channels: new Set(['telegram'] as const),
}
const CHAT_ALONE: Reach = { ways: new Set(), channels: new Set(['telegram'] as const) }

function policyOf(steps: Step[], more: Partial<EscalationPolicy> = {}, rest: Partial<Policy> = {}): Policy {
  const one = { name: 'default', ackTimeout: 30 * MINUTE, repeat: 0, repeatAfter: 5 * MINUTE, steps, ...more }
  return {
    ...POLICY,
    people,
    duty: [{ room: PUMP.room, rota: ['乙'], handover }],
    escalations: { policies: { default: one }, rooms: {}, sites: {}, breakers: {} },
    ...rest,
  }
}

const said = (forecast: Forecast, locale: 'zh-CN' | 'en' = 'zh-CN') =>
  forecastLines(forecast).map(translator(locale, 'Asia/Shanghai'))

const told = (policy: Policy, reach = ALL, breaker: BreakerConfig = PUMP, now = SUNDAY) =>
  said(foresee(policy, breaker, reach, now))

describe('what would follow from an alarm that nobody acknowledges', () => {
  const steps: Step[] = [
    { after: 2 * MINUTE, mention: 'duty' },
    { after: 5 * MINUTE, call: 'duty' },
    { after: 10 * MINUTE, call: { person: '甲' }, mail: ['boss@example.com', '甲'], webhook: 'pager' },
  ]

  test('is told step by step, with the ways of each person', () => {
    expect(told(policyOf(steps))).toEqual([
      '· 立即：群里发卡片',
      '· 2 分钟 后：群里提醒 @乙',
      '· 5 分钟 后：呼叫 乙（依次：语音电话；单聊消息）',
      '· 10 分钟 后：呼叫 甲（依次：语音电话；邮件；单聊消息）；邮件 boss@example.com；邮件 甲；Webhook pager',
      '· 有人确认即停止；30 分钟 后仍未恢复则从头再来',
    ])
    expect(said(foresee(policyOf(steps), PUMP, ALL, SUNDAY), 'en')).toEqual([
      '· at once: the card in the room',
      '· after 2 min: the room is reminded, with @乙',
      '· after 5 min: 乙 is called (in this order: telephone; direct message)',
      '· after 10 min: 甲 is called (in this order: telephone; mail; direct message); mail to boss@example.com; mail to 甲; web-hook pager',
      '· whoever acknowledges stops it; if it is not resolved 30 min later, it begins anew',
    ])
  })

  test('names ways that are not configured, and people who have none', () => {
    const lines = told(policyOf([...steps, { after: 15 * MINUTE, call: { person: '丙' } }]), CHAT_ALONE)
    expect(lines.slice(2, 5)).toEqual([
      '· 5 分钟 后：呼叫 乙（依次：单聊消息）；乙 的这些方式未配置，用不上：语音电话 ⚠️',
      '· 10 分钟 后：呼叫 甲（依次：单聊消息）；甲 的这些方式未配置，用不上：语音电话；邮件 ⚠️；邮件 boss@example.com：未配置 notify.mail 或没有地址 ⚠️；邮件 甲：未配置 notify.mail 或没有地址 ⚠️；Webhook pager：未配置 ⚠️',
      '· 15 分钟 后：呼叫 丙：没有任何可用方式 ⚠️',
    ])
  })

  test('names who is taken where nobody is on duty', () => {
    const policy = policyOf([{ after: MINUTE, call: 'duty' }], { ackTimeout: 0 }, { duty: [] })
    expect(told(policy)).toEqual([
      '· 立即：群里发卡片',
      '· 60 秒 后：应通知值班人员，但没有人，改为通知 丙 ⚠️；呼叫 丙：没有任何可用方式 ⚠️',
      '· 有人确认即停止',
    ])
  })

  test('without a policy is the card alone', () => {
    const { escalations: _, ...policy } = policyOf([])
    expect(told(policy)).toEqual(['· 立即：群里发卡片', '· 没有通知策略（escalation）：之后不再通知任何人'])
  })

  test('goes through all rounds; those that are alike are one line', () => {
    const policy = policyOf([{ after: MINUTE, call: { person: '甲' } }], { repeat: 8, ackTimeout: 0 })
    expect(foresee(policy, PUMP, ALL, SUNDAY).steps.map(({ after }) => after / MINUTE)).toEqual([
      1, 6, 11, 16, 21, 26, 31, 36, 41,
    ])
    expect(told(policy)[2]).toBe(
      '· 再重复 8 轮，开始于：6 分钟；11 分钟；16 分钟；21 分钟；26 分钟 … 41 分钟',
    )
  })

  test('takes the hand-over of the duty into account that comes meanwhile', () => {
    const policy = policyOf(
      [
        { after: 0, call: 'duty' },
        { after: 20 * MINUTE, call: 'duty' },
      ],
      {},
      { duty: [{ room: PUMP.room, rota: ['甲', '乙'], handover }] },
    )
    const { steps } = foresee(policy, PUMP, ALL, Date.parse('2026-01-05T07:50:00+08:00'))
    const called = steps.flatMap((one) => (one.what === 'call' ? one.people.map(({ name }) => name) : []))
    expect(new Set(called)).toEqual(new Set(['甲', '乙']))
    expect(called).toHaveLength(2)
  })
})

describe('the sample', () => {
  test('is the gravest cause, and of those the one with the most steps', () => {
    const policy = policyOf([
      { after: 0, cards: true },
      { after: MINUTE, call: 'all', causes: ['leakage'] },
    ])
    expect(gravest(policy, PUMP)).toEqual({ cause: 'leakage', severity: 'critical' })
    expect(gravest(policy, { ...PUMP, severity: 'info' })).toEqual({ cause: 'leakage', severity: 'info' })
  })

  test('steps for graver alarms are not foreseen for a breaker that is none', () => {
    const policy = policyOf([{ after: MINUTE, call: 'all', severity: 'critical' }])
    expect(foresee(policy, { ...PUMP, severity: 'warning' }, ALL, SUNDAY).steps).toEqual([])
    expect(foresee(policy, PUMP, ALL, SUNDAY).steps).not.toEqual([])
  })
})

const anyStep: fc.Arbitrary<Step> = fc.record(
  {
    after: fc.nat(20).map((one) => one * MINUTE),
    mention: fc.constantFrom<Target>('duty', 'all', { person: '甲' }),
    call: fc.constantFrom<Target>('duty', 'all', { person: '丙' }),
    mail: fc.constant(['boss@example.com']),
    severity: fc.constantFrom(...SEVERITIES),
  },
  { requiredKeys: ['after'] },
)

test('always ends, in the order of time, with as many rounds as are configured', () => {
  const given = fc.record({ steps: fc.array(anyStep, { minLength: 1, maxLength: 6 }), repeat: fc.nat(5) })
  fc.assert(
    fc.property(given, ({ steps, repeat }) => {
      const { steps: foreseen } = foresee(policyOf(steps, { repeat }), PUMP, ALL, SUNDAY)
      const times = foreseen.map(({ after }) => after)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(Math.max(0, ...foreseen.map(({ round }) => round))).toBeLessThanOrEqual(repeat)
      for (const one of foreseen)
        expect(
          JSON.stringify(said({ ...foresee(policyOf(steps), PUMP, ALL, SUNDAY), steps: [one] })),
        ).not.toContain('undefined')
    }),
    { numRuns: 100 },
  )
})
