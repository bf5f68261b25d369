import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { ChannelName, ChatAnswer, Receipt, SendLimits } from '../../src/channels/channel.ts'
import { USUAL_DRAW_RULES } from '../../src/domain/abnormal/rules.ts'
import type { BreakerState } from '../../src/domain/breaker.ts'
import type { CardText } from '../../src/domain/card-text.ts'
import type { Policy } from '../../src/domain/policy.ts'
import { createBindCodes } from '../../src/engine/bind-codes.ts'
import type { Bot } from '../../src/engine/connections.ts'
import { createEngine, type Engine, type EngineOptions } from '../../src/engine/engine.ts'
import { createMetrics, type Metrics } from '../../src/engine/metrics.ts'
import type { MonthlyQuota } from '../../src/engine/quota.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { profileFor } from '../../src/thingboot/profiles.ts'
import { NO_WAITS } from '../domain/support/site.ts'
import { TOKENS } from '../support/tokens.ts'
import { until } from '../support/until.ts'
import { type FakeChannel, type FakeCloud, fakeChannel, fakeCloud, PUMP, type Shown } from './fakes.ts'

export { PUMP } from './fakes.ts'

export const GROUP: Record<ChannelName, string> = { telegram: '-100', dingtalk: 'cid1', wecom: 'wr1' }

export const breaker = (id: string, name: string, room = 'night') => ({
  id,
  name,
  site: '一号鱼塘',
  room,
  ratedCurrent: 60,
  circuits: { power: '' },
  groups: [],
  remoteClose: true,
})

export function testPolicy(more: Partial<Policy> = {}): Policy {
  const chats = (['telegram', 'dingtalk', 'wecom'] as const).map((channel) => ({
    channel,
    chat: GROUP[channel],
  }))
  const person = (name: string, id: string) =>
    ({ name, role: 'operator', ids: { telegram: id, dingtalk: id, wecom: id } }) as const
  return {
    locale: 'zh-CN',
    timezone: 'Asia/Shanghai',
    actuation: true,
    rooms: [{ name: 'night', locale: 'zh-CN', chats }],
    people: [person('甲', '1'), person('乙', '2')],
    breakers: [breaker(PUMP, '3号增氧机'), breaker('820721', '投饵机')],
    closing: NO_WAITS,
    confirmWithin: 60_000,
    feedbackWithin: 10_000,
    groupCloseEvery: 5000,
    // Each incident has a card of its own, where a test is not about storms.
    storm: { more: 0, within: 10_000 },
    // Nothing is looked for in what they draw, where a test is not about that.
    draw: { ...USUAL_DRAW_RULES, kinds: {} },
    ...more,
  }
}

/** What the command line makes codes with, too. */
export const CODES = createBindCodes('the secret of the tests')

/** Of all rigs together, for two of them may share a store. */
let newIds = 0

export interface RigOptions {
  policy?: Policy
  reconcileEvery?: number
  callsPerSecond?: number
  pagePauses?: readonly number[]
  leastPause?: number
  /** Default: never looked for. */
  silentAfter?: number
  /** Lasts over restarts of a test's own. */
  folder?: string
  /** How far the clock is ahead from the start, ms. */
  ahead?: number
  /**
   * The clock goes only as the test moves it, however long a busy machine needs, and a leap does not count as standing
   * still. What waits for its time, such as another try, then waits for the test.
   */
  still?: boolean
  /** What the platforms take. */
  limits?: Partial<Record<ChannelName, SendLimits>>
  perMinute?: number
  /** Default: hardly ever. */
  mendEvery?: number
  /** How often is looked for rooms without duty and for weekly drills, after the start; default: hardly ever. */
  watchEvery?: number
  log?: EngineOptions['log']
  /** Changes the far ends, or the store, before the engine starts. */
  prepare?: (parts: Pick<Rig, 'telegram' | 'dingtalk' | 'wecom' | 'cloud' | 'store'>) => void
  /** Another instance of the service, whose store, platforms and cloud this one shares. */
  beside?: Rig
  instance?: string
  /** What of the store is different for this instance. */
  storeSeen?: (store: Store) => Partial<Store>
  holdTiming?: EngineOptions['holdTiming']
  /** What platforms allow in a month; default: none counts. */
  quotas?: Partial<Record<ChannelName, MonthlyQuota>>
  spool?: EngineOptions['spool']
  console?: EngineOptions['console']
  /** Ways to people and other systems; default: none. */
  ways?: EngineOptions['ways']
  links?: EngineOptions['links']
  /** Default: none. */
  painter?: EngineOptions['painter']
}

/** The engine on a store on disk, between platforms and a cloud in memory. Ends with the test. */
export interface Rig {
  engine: Engine
  store: Store
  metrics: Metrics
  cloud: FakeCloud
  telegram: FakeChannel
  dingtalk: FakeChannel
  wecom: FakeChannel
  clock: { ahead: number }
  now(): number
  /** All that was due has been done: no job is due any more, and none runs. */
  settled(): Promise<void>
  push(body: object): Promise<void>
  trip(fault?: string, device?: string): Promise<void>
  press(on: FakeChannel, who: string, button: string, card?: Shown): Promise<ChatAnswer>
  say(on: FakeChannel, who: string, text: string, at?: number, chat?: string): Receipt
  stop(): Promise<void>
}

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const { beside, instance = beside ? 'other' : 'one' } = options
  const clock = beside?.clock ?? { ahead: options.ahead ?? 0 }
  const start = Date.now()
  const now = beside?.now ?? (() => (options.still ? start : Date.now()) + clock.ahead)
  const store =
    beside?.store ?? (await openSqliteStore(join(options.folder ?? newFolder(), 'breakerbot.db'), { now }))
  const settled = beside?.settled ?? settling(store, clock)
  const { telegram, dingtalk, wecom, cloud } = beside ?? {
    telegram: fakeChannel('telegram'),
    dingtalk: fakeChannel('dingtalk'),
    wecom: fakeChannel('wecom'),
    cloud: fakeCloud(now),
  }
  for (const one of [telegram, dingtalk, wecom]) one.limits = options.limits?.[one.name] ?? one.limits
  const metrics = createMetrics()
  const engine = createEngine({
    store: options.storeSeen ? { ...store, ...options.storeSeen(store) } : store,
    policy: options.policy ?? testPolicy(),
    bots: new Map(
      [telegram, dingtalk, wecom].map((one): [ChannelName, Bot] => [
        one.name,
        {
          id: one.name,
          perMinute: options.perMinute,
          ...(options.quotas?.[one.name] && { quota: options.quotas[one.name] }),
          connect: (onUse) => one.connect(instance, onUse),
        },
      ]),
    ),
    holder: instance,
    spool: options.spool,
    ...(options.holdTiming && { holdTiming: options.holdTiming }),
    cloud,
    tokens: TOKENS,
    ways: options.ways ?? new Map(),
    ...(options.painter && { painter: options.painter }),
    codes: CODES,
    ...(options.links && { links: options.links }),
    log: options.log ?? { debug() {}, info() {}, warn() {}, error() {} },
    metrics,
    now,
    newId: () => `${Date.now().toString(36)}${(++newIds).toString(36).padStart(4, '0')}`,
    profileFor: () => profileFor(undefined),
    reconcileEvery: options.reconcileEvery ?? 0,
    callsPerSecond: options.callsPerSecond ?? 100,
    silentAfter: options.silentAfter ?? 0,
    sweepEvery: 20,
    stoodStill: options.still ? Number.POSITIVE_INFINITY : undefined,
    ...(options.console && { console: options.console }),
    mendEvery: options.mendEvery,
    watchEvery: options.watchEvery ?? 3_600_000,
    ...(options.pagePauses && { pagePauses: options.pagePauses }),
    ...(options.leastPause !== undefined && { leastPause: options.leastPause }),
  })
  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= engine.stop().then(() => (beside ? undefined : store.close())))
  onTestFinished(stop)
  options.prepare?.({ telegram, dingtalk, wecom, cloud, store })
  await engine.start().catch(async (error) => {
    await stop()
    throw error
  })
  const push = async (body: object) => {
    const answer = await engine.pushes.take(body, JSON.stringify(body))
    if (!answer.ok) throw new Error(answer.why)
  }
  let inputs = 0
  return {
    engine,
    store,
    metrics,
    cloud,
    telegram,
    dingtalk,
    wecom,
    clock,
    now,
    settled,
    push,
    trip: (fault = 'overload', device = PUMP) =>
      push({ type: 'event', device, ts: now(), data: { name: 'trip', state: { power: '0', fault } } }),
    async press(on, who, button, card = lastCard(on)) {
      const data = cardOf(card!)?.buttons.find((one) => one.action === button)?.data
      if (!data) throw new Error(`no button ${button} on ${JSON.stringify(card)}`)
      const { chat, message } = card!
      const press = {
        kind: 'press',
        id: `${instance}-p${++inputs}`,
        chat,
        sender: { id: who },
        data,
        message,
        at: now(),
      } as const
      const receipt = on.receive(press)
      await receipt.taken
      const answer = await receipt.answer
      receipt.shown(on.abilities.cardInAnswer && answer.card !== undefined && !answer.privately)
      return answer
    },
    say: (on, who, text, at = now(), chat = GROUP[on.name]) =>
      on.receive({
        kind: 'text',
        id: `${instance}-t${++inputs}`,
        chat,
        group: true,
        sender: { id: who },
        text,
        at,
      }),
    stop,
  }
}

/** What tells that all has settled. The runs are counted, for the store counts only what waits. */
function settling(store: Store, clock: { ahead: number }): () => Promise<void> {
  const { work } = store
  const runs = new Set<string>()
  store.work = (queue, options, handler) =>
    work(queue, options, async (job) => {
      const run = `${job.id} ${job.attempt}`
      runs.add(run)
      try {
        return await handler(job)
      } finally {
        runs.delete(run)
      }
    })
  const isIdle = async () => {
    if (runs.size > 0) return false
    const counts = Object.values(await store.counts())
    return runs.size === 0 && counts.every(({ oldestDue }) => oldestDue === 0)
  }
  async function isSettled(): Promise<boolean> {
    if (!(await isIdle())) return false
    // What falls due in this very moment is told from what does not only in the next.
    clock.ahead++
    return isIdle()
  }
  return async () => {
    await until(isSettled, 'nothing to be due').catch(async ({ message }) => {
      throw new Error(`${message}; there is ${JSON.stringify([[...runs], await store.counts()])}`)
    })
  }
}

/** What is known of a breaker. */
export const stateOf = async ({ store }: Pick<Rig, 'store'>, device = PUMP) =>
  (await store.get<BreakerState>(`breaker/${device}`))?.value

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'breakerbot-engine-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function cardOf({ content }: Shown): CardText | undefined {
  return 'card' in content ? content.card : undefined
}

export function lastCard(channel: FakeChannel): Shown | undefined {
  return channel.shown.findLast((one) => cardOf(one))
}

/** Everything that stands in the chats of a platform. */
export function texts(channel: FakeChannel): string[] {
  return channel.shown.map(({ content }) =>
    'text' in content
      ? content.text
      : [content.card.title, content.card.subtitle, ...content.card.notes].join('\n'),
  )
}

export function untilSays(channel: FakeChannel, says: string): Promise<string> {
  return until(
    () => texts(channel).findLast((text) => text.includes(says)),
    `«${says}» in ${channel.name}; there is ${JSON.stringify(texts(channel))}`,
  )
}

/** Waits until the newest card of a platform has a button. */
export function untilButton(channel: FakeChannel, action: string): Promise<Shown> {
  return until(
    () => {
      const last = lastCard(channel)
      return last && cardOf(last)!.buttons.some((one) => one.action === action) ? last : undefined
    },
    `a button ${action} in ${channel.name}; there is ${JSON.stringify(texts(channel))}`,
  )
}
