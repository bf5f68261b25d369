import type { Handed, Notice, Way, WayName } from '../../src/channels/way.ts'
import type { EscalationPolicy, Step } from '../../src/domain/escalation.ts'
import type { Person } from '../../src/domain/people.ts'
import type { Policy } from '../../src/domain/policy.ts'
import { until } from '../support/until.ts'
import type { FakeChannel } from './fakes.ts'
import { type Rig, type RigOptions, startRig, testPolicy } from './rig.ts'

export const MINUTE = 60_000

/** A way in memory: what was handed to it, and what it answers. */
export interface FakeWay extends Pick<Way, 'send'> {
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

export type FakeWays = Record<WayName, FakeWay>

export const fakeWays = (): FakeWays => ({
  voice: fakeWay(),
  'ding-phone': fakeWay(),
  'ding-sms': fakeWay(),
  'ding-app': fakeWay(),
  mail: fakeWay(),
  webhook: fakeWay(),
})

export const STEPS: Step[] = [
  { after: 0, cards: true },
  { after: 2 * MINUTE, mention: 'duty' },
  { after: 5 * MINUTE, call: 'duty' },
  { after: 10 * MINUTE, mail: ['boss@example.com'], webhook: 'ops' },
]

/** Policies of which `default` is the usual one; 乙 is on duty in the only room. */
export function policyWith(
  steps: Step[] = STEPS,
  more: Partial<EscalationPolicy> = {},
  rest: Partial<Policy> = {},
): Policy {
  const people = testPolicy().people.map(
    (one): Person => ({
      ...one,
      phone: `1380000000${one.ids.telegram}`,
      mail: `${one.ids.telegram}@example.com`,
    }),
  )
  const policy = {
    name: 'default',
    ackTimeout: 30 * MINUTE,
    repeat: 0,
    repeatAfter: 5 * MINUTE,
    steps,
    ...more,
  }
  return testPolicy({
    people,
    duty: [{ room: 'night', rota: ['乙'], handover: { weekday: 0, hour: 8, minute: 0 } }],
    escalations: { policies: { default: policy }, rooms: {}, sites: {}, breakers: {} },
    ...rest,
  })
}

export interface Stage extends Rig {
  ways: FakeWays
  /**
   * Everything that was sent to chats or handed to ways since it was last asked for, a line each; what all three chats
   * were told is one line.
   */
  news(): string[]
  /** Moves the clock, and waits until all that is due then has been done. */
  later(ms: number): Promise<void>
}

/** The engine with ways in memory. Only Telegram can call on somebody. */
export async function stage(options: Omit<RigOptions, 'ways'> & { ways?: FakeWays } = {}): Promise<Stage> {
  const ways = options.ways ?? fakeWays()
  const rig = await startRig({
    policy: policyWith(),
    prepare: ({ telegram }) => {
      telegram.abilities.mention = true
    },
    ...options,
    ways: new Map(Object.entries(ways) as [WayName, FakeWay][]),
  })
  const seen = new Map<object, number>()
  const fresh = <T>(all: T[]): T[] => {
    const before = seen.get(all) ?? 0
    seen.set(all, all.length)
    return all.slice(before)
  }
  return {
    ...rig,
    ways,
    news: () => [
      ...together([rig.telegram, rig.dingtalk, rig.wecom].flatMap((one) => fresh(one.shown).map(said(one)))),
      ...Object.entries(ways).flatMap(([name, way]) =>
        fresh(way.handed).map(({ to, notice }) => `${name} → ${to}: ${notice.event}, ${notice.text}`),
      ),
    ],
    async later(ms) {
      rig.clock.ahead += ms
      await settle(rig)
      // What is gathered for a moment.
      rig.clock.ahead += 1000
      await settle(rig)
    },
  }
}

const said =
  ({ name, abilities }: FakeChannel) =>
  ({ content, chat }: FakeChannel['shown'][number]): { name: string; what: string } => {
    const to = chat.startsWith('user:') || /^\d+$/.test(chat) ? ` to ${chat}` : ''
    if ('card' in content) return { name: name + to, what: 'card' }
    const called = content.mention?.map((one) => `@${one.name}`).join(' ')
    const text = abilities.mention && called ? `${content.text}\n${called}` : content.text
    return { name: name + to, what: text.replaceAll('\n', ' | ') }
  }

function together(all: { name: string; what: string }[]): string[] {
  const by = Map.groupBy(all, ({ what }) => what)
  return [...by].flatMap(([what, who]) => {
    const names = who.map(({ name }) => name)
    const isAll = names.length === 3 && new Set(names).size === 3
    return isAll ? [what] : names.map((name) => `${name}: ${what}`)
  })
}

/** Waits until nothing is due any more. */
export async function settle({ store }: Pick<Rig, 'store'>): Promise<void> {
  let calm = 0
  await until(async () => {
    const queues = Object.values(await store.counts())
    calm = queues.every(({ oldestDue }) => oldestDue === 0) ? calm + 1 : 0
    return calm > 15
  }, 'that nothing is due any more')
}
