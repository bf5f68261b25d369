import { describe, expect, test } from 'vitest'
import { judgeSoak } from '../../soak/judge.ts'
import type { SoakFacts } from '../../soak/verdict.ts'
import { newStorm } from '../../src/domain/storm.ts'
import { stormCard } from '../../src/domain/storm-card.ts'
import type { LogEntry } from '../../src/simulator/dingtalk/index.ts'
import { type ApiCall, telegramFaults } from '../../src/simulator/telegram/index.ts'
import type { LoggedFrame } from '../../src/simulator/wecom/index.ts'
import { translator } from '../../src/text/translate.ts'
import { befallen, GOOD, INCIDENT, NOON, RESOURCES, STANDING, sampleAt } from './good.ts'

const brokenIn = (facts: SoakFacts) => judgeSoak(facts).violations.map(({ rule, what }) => `${rule}: ${what}`)
const [telegramCard, dingtalkCard, wecomCard, wecomWord] = STANDING as [
  ...[(typeof STANDING)[0], (typeof STANDING)[0], (typeof STANDING)[0], (typeof STANDING)[0]],
]

const withStanding = (...standing: SoakFacts['standing']): SoakFacts => ({ ...GOOD, standing })
const withKept = (kept: Partial<SoakFacts['kept']>): SoakFacts => ({
  ...GOOD,
  kept: { ...GOOD.kept, ...kept },
})
const withProcess = (process: Partial<SoakFacts['process']>): SoakFacts => ({
  ...GOOD,
  process: { ...GOOD.process, ...process },
})
const withFrames = (frames: LoggedFrame[], faults: SoakFacts['befallen'] = []): SoakFacts => ({
  ...GOOD,
  befallen: faults,
  fleet: { ...GOOD.fleet, wecom: { ...GOOD.fleet.wecom, frames: () => frames } },
})
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one)
const older = (card: SoakFacts['standing'][number]) => ({ ...card, card: { ...card.card!, version: 3 } })

const KICK: LoggedFrame = {
  ...{ at: NOON, conn: 1, direction: 'received' },
  text: '{"body":{"event":{"eventtype":"disconnected_event"}}}',
}
const CALL: ApiCall = { n: 1, at: NOON, bot: 1, method: 'sendMessage', payload: {}, status: 429 }
const FRAME: LoggedFrame = {
  ...{ at: NOON, conn: 1, direction: 'received', errcode: 846607 },
  text: '{"errcode":846607,"errmsg":"aibot send msg frequency limit exceeded"}',
}
const REQUEST: LogEntry = {
  ...{ at: NOON, kind: 'request', method: 'POST', path: '/v1.0/card/instances/createAndDeliver', query: {} },
  ...{ body: {}, status: 403, answer: { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi' } },
}

test('a good run breaks nothing, and what happened is counted', () => {
  const { counts, violations } = judgeSoak(GOOD)
  expect(violations).toEqual([])
  expect(counts).toMatchObject({
    trips: 1,
    incidents: 1,
    'messages: wecom': 2,
    'fault: telegram: 500': '1, met by 3 calls',
    'expected errors in the log: reconciliation failed': 1,
    'growth in the second half, an hour': '0.0 MB (0.0 MB in all)',
    'telegram: throttled by our doing': '0 of 0',
  })
})

const BROKEN: [what: string, rule: string, facts: SoakFacts][] = [
  ['the card in Telegram is behind', 'converged', withStanding(older(telegramCard), ...STANDING.slice(1))],
  [
    'the card in DingTalk is behind',
    'converged',
    withStanding(telegramCard, older(dingtalkCard), wecomCard, wecomWord),
  ],
  ['WeCom was told nothing after the card', 'converged', withStanding(telegramCard, dingtalkCard, wecomCard)],
  [
    'WeCom was told something before the card only',
    'converged',
    withStanding(telegramCard, dingtalkCard, { ...wecomCard, at: wecomWord.at + 1 }, wecomWord),
  ],
  ['the service knows that a chat is behind', 'converged', withKept({ shown: new Map() })],
  ['an alarm is missing in a chat', 'alarms', withStanding(dingtalkCard, wecomCard, wecomWord)],
  ['a trip has no incident', 'alarms', withKept({ incidents: [] })],
  [
    'a card does not say how it ended',
    'ends',
    withStanding({ ...telegramCard, text: '已分闸' }, ...STANDING.slice(1)),
  ],
  ['a card stands twice for no reason', 'doubles', withStanding(telegramCard, ...STANDING)],
  [
    'memory grows',
    'process',
    withProcess({ samples: GOOD.process.samples.map((_, minute) => sampleAt(minute, 50 + minute)) }),
  ],
  [
    'a timer is left at rest',
    'process',
    withProcess({ after: { ...sampleAt(61), resources: { ...RESOURCES, Timeout: 40 } } }),
  ],
  [
    'connections are left at rest',
    'process',
    withProcess({ after: { ...sampleAt(61), resources: { TCPSocketWrap: 40 } } }),
  ],
  ['it ends with another exit code', 'process', withProcess({ code: 2 })],
  ['it takes too long to end', 'process', withProcess({ seconds: 10.5 })],
  ['something kept it from ending', 'process', withProcess({ ending: { byItself: false, left: {} } })],
  ['a timer is left', 'process', withProcess({ ending: { byItself: true, left: { Timeout: 1 } } })],
  [
    'a fault nobody caught is logged',
    'log',
    { ...GOOD, log: '{"level":60,"msg":"a fault nobody caught; ending"}' },
  ],
  ['an unexpected error is logged', 'log', { ...GOOD, log: '{"level":50,"msg":"an input was not taken"}' }],
  ['something else than the log speaks', 'log', { ...GOOD, log: '(node:1) MaxListenersExceededWarning: …' }],
  ['a secret stands in the log', 'secrets', { ...GOOD, log: '{"level":30,"msg":"with a-secret-0001"}' }],
  ['Telegram throttles us', 'limits', { ...GOOD, traffic: { ...GOOD.traffic, telegram: times(90, CALL) } }],
  ['WeCom throttles us', 'limits', { ...GOOD, traffic: { ...GOOD.traffic, wecom: times(90, FRAME) } }],
  [
    'DingTalk throttles us',
    'limits',
    { ...GOOD, traffic: { ...GOOD.traffic, dingtalk: times(90, REQUEST) } },
  ],
  ['a second connection of the bot throws out the first', 'connections', withFrames([KICK])],
  [
    'a card was given up',
    'given up',
    withKept({ dead: [{ id: 'card:i1:telegram:-1001:x', why: 'refused' }] }),
  ],
  [
    'the audit has a gap',
    'audit',
    withKept({
      auditStart: { seq: 1, hash: 'x' },
      audit: [{ seq: 3, hash: 'y', at: 1, who: 'w', what: 'x', subject: 's' }],
    }),
  ],
  [
    'a breaker is believed to stand otherwise',
    'positions',
    withKept({ breakers: new Map([['800100', { ...GOOD.kept.breakers.get('800100')!, circuits: {} }]]) }),
  ],
]

test('a storm has to be shown as it stands, in each chat of its room', () => {
  const storm = newStorm('s1', 'room-0', '1号鱼塘', NOON)
  const card = stormCard(storm)
  const say = translator('zh-CN', 'Asia/Shanghai')
  const shows = (text: string) => ({
    ...withKept({ storms: [storm] }),
    standing: [
      ...STANDING,
      ...[telegramCard, dingtalkCard, wecomWord].map(({ platform, chat }) => ({
        ...{ platform, chat, at: NOON, text },
      })),
    ],
  })
  expect(brokenIn(shows(`${say(card.title)}\n${say(card.subtitle)}`))).toEqual([])
  expect(brokenIn(shows(say(card.title)))).toHaveLength(3)
})

test.each(BROKEN)('the verdict notices when %s', (_what, rule, facts) => {
  expect(judgeSoak(facts).violations.map((one) => one.rule)).toContain(rule)
})

describe('what the plan itself did is no fault of the service', () => {
  test('a card twice whose first answer got lost is counted by its reason', () => {
    const lost = befallen('telegram', 'answers lost', 0, 2000)
    const facts = { ...withStanding(telegramCard, ...STANDING), befallen: [lost] }
    expect(brokenIn(facts)).toEqual([])
    expect(judgeSoak(facts).counts).toMatchObject({
      'cards twice': 1,
      'card twice after: telegram: answers lost': 1,
    })
  })

  test('not so after a fault that loses no answer, at another time, or on another platform', () => {
    for (const fault of [
      befallen('telegram', '500', 0, 2000),
      befallen('telegram', 'answers lost', 60_000, 62_000),
      befallen('wecom', 'answers lost', 0, 2000),
    ]) {
      expect(brokenIn({ ...withStanding(telegramCard, ...STANDING), befallen: [fault] })).toHaveLength(1)
    }
  })

  test('a group that had thrown the bot out may lack the card; not so another, or at another time, or all', () => {
    const missing = withStanding(dingtalkCard, wecomCard, wecomWord)
    const shut = (from: number, to: number, side: 'telegram' | 'dingtalk' = 'telegram') =>
      befallen(side, side === 'telegram' ? 'kicked from the group' : 'removed from the group', from, to)
    expect(brokenIn({ ...missing, befallen: [shut(-1000, 5000)] })).toEqual([])
    expect(brokenIn({ ...missing, befallen: [shut(-9000, -1000)] })).toHaveLength(1)
    expect(brokenIn({ ...missing, befallen: [shut(-1000, 5000, 'dingtalk')] })).toHaveLength(1)
    expect(brokenIn({ ...withStanding(), befallen: [shut(-1000, 5000)] })).toContain(
      `alarms: incident ${INCIDENT.id} of ${INCIDENT.breaker} stands in no chat at all`,
    )
  })

  test('nor is a card that a person deleted when nothing changed any more', () => {
    const missing = withStanding(dingtalkCard, wecomCard, wecomWord)
    const deleted = (at: number) => [befallen('telegram', 'card deleted by a person', at, at)]
    expect(brokenIn({ ...missing, befallen: deleted(21_000) })).toEqual([])
    expect(brokenIn({ ...missing, befallen: deleted(19_000) })).toHaveLength(1)
  })

  test('and a card given up there is counted', () => {
    const dead = [{ id: 'card:i1:telegram:-1001:x', why: 'Bot was kicked from -1001' }]
    const facts = {
      ...withKept({ dead }),
      befallen: [befallen('telegram', 'kicked from the group', 0, 1000)],
    }
    expect(brokenIn(facts)).toEqual([])
    expect(judgeSoak(facts).counts).toMatchObject({ 'messages given up: card, Bot was kicked from ': 1 })
  })

  test('planned throttles are not ours', () => {
    const traffic: SoakFacts['traffic'] = {
      telegram: times(90, { ...CALL, fault: telegramFaults.tooMany(3) }),
      wecom: times(90, { ...FRAME, text: '{"errcode":846607,"errmsg":"scripted failure"}' }),
      dingtalk: times(90, {
        ...REQUEST,
        answer: { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', requestid: 'FAULT' },
      }),
    }
    expect(brokenIn({ ...GOOD, traffic })).toEqual([])
  })

  test('nor is a planned kick', () => {
    const kicked = befallen('wecom', 'kicked by a second instance', 0, 1)
    expect(brokenIn(withFrames([KICK], [kicked]))).toEqual([])
    expect(brokenIn(withFrames([KICK, KICK], [kicked]))).toHaveLength(1)
  })

  test('what a process grows by right after its start says little', () => {
    const samples = Array.from({ length: 60 }, (_, second) => sampleAt(second / 60, 50 + second / 30))
    expect(brokenIn(withProcess({ samples }))).toEqual([])
  })
})
