import { describe, expect, test } from 'vitest'
import type { Handed, Notice, Way, WayName } from '../../src/channels/way.ts'
import type { EscalationPolicy, Step } from '../../src/domain/escalation.ts'
import type { Person } from '../../src/domain/people.ts'
import type { Policy } from '../../src/domain/policy.ts'
import { until } from '../support/until.ts'
import type { FakeChannel } from './fakes.ts'
import { newFolder, PUMP, type Rig, type RigOptions, startRig, testPolicy, texts, untilButton, untilSays } from './rig.ts'

const MINUTE = 60_000
const everyWeek = { weekday: 0, hour: 8, minute: 0 }

/** A way in memory: what was handed to it, and what it answers. */
interface FakeWay extends Pick<Way, 'send'> {
  handed: { to: string; notice: Notice; key: string }[]
  answer: (to: string, notice: Notice) => Handed | Promise<Handed>
}

function fakeWay(): FakeWay {
  const way: FakeWay = {
    handed: [],
    answer: () => ({ outcome: 'delivered' }),
    async send(to, notice, key) {
      way.handed.push({ to, notice, key })
      return way.answer(to, notice)
    },
  }
  return way
}

type Ways = Record<WayName, FakeWay>
const fakeWays = (): Ways =>
  Object.fromEntries(
    (['voice', 'ding-phone', 'ding-sms', 'ding-app', 'mail', 'webhook'] as const).map((name) => [name, fakeWay()]),
  ) as Ways

const STEPS: Step[] = [
  { after: 0, cards: true },
  { after: 2 * MINUTE, mention: 'duty' },
  { after: 5 * MINUTE, call: 'duty' },
  { after: 10 * MINUTE, mail: ['boss@example.com'], webhook: 'ops' },
]

function policyWith(steps: Step[] = STEPS, more: Partial<EscalationPolicy> = {}, rest: Partial<Policy> = {}): Policy {
  const base = testPolicy()
  const people = base.people.map(
    (one): Person => ({ ...one, phone: `1380000000${one.ids.telegram}`, mail: `${one.ids.telegram}@example.com` }),
  )
  const policy = { name: 'default', ackTimeout: 30 * MINUTE, repeat: 0, repeatAfter: 5 * MINUTE, steps, ...more }
  return testPolicy({
    people,
    duty: [{ room: 'night', rota: ['乙'], handover: everyWeek }],
    escalations: { policies: { default: policy }, rooms: {}, sites: {}, breakers: {} },
    ...rest,
  })
}

interface Staged extends Rig {
  ways: Ways
  /** Everything that was sent to chats or handed to ways since it was last asked for. */
  news(): string[]
}

async function stage(options: RigOptions = {}, ways = fakeWays()): Promise<Staged> {
  const rig = await startRig({
    policy: policyWith(),
    prepare: ({ telegram }) => {
      telegram.abilities.mention = true
    },
    ...options,
    ways: new Map(Object.entries(ways)) as never,
  })
  let seen = 0
  const all = () => [
    ...[rig.telegram, rig.dingtalk, rig.wecom].flatMap((one) => said(one)),
    ...Object.entries(ways).flatMap(([name, way]) =>
      way.handed.map(({ to, notice }) => `${name} → ${to}: ${notice.event}`),
    ),
  ]
  let known: string[] = []
  return {
    ...rig,
    ways,
    news() {
      const now = all()
      const left = [...known]
      const fresh = now.filter((one) => {
        const at = left.indexOf(one)
        if (at >= 0) left.splice(at, 1)
        return at < 0
      })
      known = now
      seen += fresh.length
      return fresh
    },
  }
}

/** What stands in a chat, without the cards' own changes. */
const said = (channel: FakeChannel): string[] =>
  channel.shown.map(({ content }) =>
    'card' in content
      ? `${channel.name}: card`
      : `${channel.name}: ${content.text.split('\n').join(' | ')}${content.mention ? ` @${content.mention.map(({ id }) => id)}` : ''}`,
  )

/** Moves the clock, and waits until nothing is due any more. */
async function later(rig: Rig, ms: number): Promise<void> {
  rig.clock.ahead += ms
  await settle(rig)
}

async function settle(rig: Rig): Promise<void> {
  const isIdle = async () => {
    const counts = Object.values(await rig.store.counts())
    return counts.every(({ oldestDue }) => oldestDue === 0)
  }
  let calm = 0
  await until(async () => {
    calm = (await isIdle()) ? calm + 1 : 0
    return calm > 20
  }, 'that nothing is due any more')
}

test('the steps are taken one after another, each once, and nothing else is said', async () => {
  const rig = await stage()
  await rig.trip()
  await untilButton(rig.telegram, 'ack')
  await settle(rig)
  expect(rig.news()).toEqual(['telegram: card', 'dingtalk: card', 'wecom: card'])
  expect(rig.telegram.shown[0]!.content.mention).toBeUndefined()

  await later(rig, 2 * MINUTE - 1500)
  expect(rig.news()).toEqual([])
  await later(rig, 3000)
  console.log(rig.news())
  await later(rig, 3 * MINUTE)
  await later(rig, 2000)
  console.log(rig.news())
  await later(rig, 5 * MINUTE)
  await later(rig, 2000)
  console.log(rig.news(), rig.ways.mail.handed[0], rig.ways.voice.handed[0])
  await later(rig, 60 * MINUTE)
  console.log(rig.news())
})
