import { expect, test } from 'vitest'
import type { Limit } from '../../src/channels/channel.ts'
import { message } from '../../src/domain/message.ts'
import { limitsWith, takeRoom } from '../../src/engine/budgets.ts'
import { PRIORITY } from '../../src/engine/queues.ts'
import { sayJob } from '../../src/engine/send-jobs.ts'
import { until } from '../support/until.ts'
import type { FakeChannel } from './fakes.ts'
import { breaker, GROUP, lastCard, newFolder, type Rig, startRig, testPolicy, texts } from './rig.ts'

const A_MINUTE: Limit[] = [{ most: 25, within: 60_000 }]
const WECOM = { group: A_MINUTE, person: A_MINUTE, bot: [] }
const TELEGRAM = { group: [{ most: 18, within: 60_000 }], person: [{ most: 1, within: 1000 }], bot: [] }
const WECOM_GROUP = { channel: 'wecom', chat: GROUP.wecom } as const
const TELEGRAM_GROUP = { channel: 'telegram', chat: GROUP.telegram } as const

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => breaker(`9${index}`, `泵${index}`))

/** When a platform was given something, sends and changes of cards alike. */
function watch(channel: FakeChannel, { now }: Pick<Rig, 'now'>, given: number[] = []): number[] {
  channel.fault = () => {
    given.push(now())
    return undefined
  }
  return given
}

/**
 * What is let go is given to the channel a moment later, and the clock of these tests runs a hundred times as fast as
 * the machine: on a busy one that is some seconds. That no span has too much is shown to the ms by the store's own tests.
 */
const MINUTE = 50_000

function mostWithin(times: number[], within: number): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + within).length))
}

/** Moves the clock by seconds until it is so; every second the engine gets a moment. */
async function inTime(rig: Rig, what: string, isSo: () => boolean): Promise<void> {
  await until(
    async () => {
      if (isSo()) return true
      // What is under way comes before it.
      await rig.store.counts()
      rig.clock.ahead += 500
      return false
    },
    what,
    50_000,
  )
}

test('40 alarms in 10 s reach a WeCom group at 25 a minute and no faster, and none is lost', async () => {
  const rig = await startRig({
    policy: testPolicy({ breakers: many(40) }),
    limits: { wecom: WECOM },
  })
  const given = watch(rig.wecom, rig)
  for (let index = 0; index < 40; index++) {
    await rig.trip('overload', `9${index}`)
    rig.clock.ahead += 250
  }
  await until(() => given.length === 25, 'as many as there is room for')
  const names = () =>
    new Set(rig.wecom.shown.map((one) => ('card' in one.content ? one.content.card.subject : '')))
  await inTime(rig, 'all 40', () => names().size === 40)
  expect(mostWithin(given, MINUTE)).toBeLessThanOrEqual(25)
  expect(given.length).toBe(40)
  expect(await rig.store.deadJobs()).toEqual([])
})

test('an alarm passes a queue of 100 reports that wait for room, and these come in their order', async () => {
  const rig = await startRig({ limits: { telegram: TELEGRAM } })
  const given = watch(rig.telegram, rig)
  const report = (index: number) =>
    sayJob(
      `report${index}`,
      TELEGRAM_GROUP,
      [message('command.no-breaker', { text: `<${index}>` })],
      PRIORITY.rest,
    )
  await rig.store.enqueue(Array.from({ length: 100 }, (_, index) => report(index)))
  await until(() => given.length === 12, 'what there is room for, less what is kept for alarms')
  await rig.trip()
  await until(() => lastCard(rig.telegram), 'the alarm')
  expect(given.length).toBe(13)
  await inTime(rig, 'all reports', () => given.length === 101)
  expect(mostWithin(given, MINUTE)).toBeLessThanOrEqual(18)
  const order = texts(rig.telegram).flatMap((text) => /<(\d+)>/.exec(text)?.[1] ?? [])
  expect(order).toEqual(Array.from({ length: 100 }, (_, index) => `${index}`))
  expect((await rig.store.counts())['send-telegram']).toBeUndefined()
})

test('where no room is left alarms go before answers and these before reports, each in their order', async () => {
  const rig = await startRig({ limits: { telegram: TELEGRAM } })
  const given = watch(rig.telegram, rig)
  const lines = (kind: keyof typeof PRIORITY, count: number, name: string = kind) =>
    Array.from({ length: count }, (_, index) => {
      const said = message('command.no-breaker', { text: `<${name} ${index}>` })
      return sayJob(`${name}${index}`, TELEGRAM_GROUP, [said], PRIORITY[kind])
    })
  await rig.store.enqueue(lines('alarm', 18, 'first'))
  await until(() => rig.telegram.shown.length === 18, 'the room to be used up')
  for (const kind of ['rest', 'answer', 'alarm'] as const) await rig.store.enqueue(lines(kind, 20))
  await inTime(rig, 'all', () => given.length === 78)
  const order = texts(rig.telegram).flatMap((text) => /<(?!first)\w+ \d+>/.exec(text)?.[0] ?? [])
  const kinds = ['alarm', 'answer', 'rest']
  expect(order).toEqual(
    kinds.flatMap((kind) => Array.from({ length: 20 }, (_, index) => `<${kind} ${index}>`)),
  )
  expect(mostWithin(given, MINUTE)).toBeLessThanOrEqual(18)
})

test('what was taken counts for the instance that takes over, and over a restart', async () => {
  const folder = newFolder()
  const limits = { telegram: TELEGRAM }
  const policy = testPolicy({ breakers: many(40) })
  const one = await startRig({ folder, limits, policy })
  const given = watch(one.telegram, one)
  const other = await startRig({ beside: one, policy, limits })
  for (let index = 0; index < 10; index++) await one.trip('overload', `9${index}`)
  await until(() => given.length === 10, 'the first ten')
  await one.engine.stop()
  for (let index = 10; index < 40; index++) await other.trip('overload', `9${index}`)
  await until(() => given.length === 18, 'what is left for the other')
  await other.stop()
  await one.stop()
  const again = await startRig({ folder, limits, policy, ahead: one.clock.ahead })
  watch(again.telegram, again, given)
  await again.trip('short', '90')
  await inTime(again, 'the rest', () => given.length >= 41)
  expect(mostWithin(given, MINUTE)).toBe(18)
})

test('takers at the same moment share what there is: chat, person, topic and bot', async () => {
  const rig = await startRig({
    limits: { telegram: { ...TELEGRAM, bot: [{ most: 20, within: 60_000 }] }, wecom: WECOM },
  })
  const parts = { store: rig.store, channels: rig.engine.channels }
  const taken = async (count: number, chat: string, isAlarm: boolean) => {
    const waits = await Promise.all(
      Array.from({ length: count }, () => takeRoom(parts, { channel: 'telegram', chat }, isAlarm)),
    )
    return waits.filter((wait) => wait === 0).length
  }
  expect(await taken(50, '-7/1', false)).toBe(12)
  expect(await taken(50, '-7/2', true)).toBe(6)
  expect(await taken(50, '5', false)).toBe(1)
  expect(await taken(50, '-8', true)).toBe(1)
  rig.clock.ahead += 60_000
  expect(await taken(50, '-7', true)).toBe(18)
})

test('a card that came with the answer to a press takes room too', async () => {
  const spent: string[] = []
  const rig = await startRig({
    limits: { dingtalk: WECOM },
    storeSeen: (store) => ({
      spend(budgets) {
        spent.push(...budgets.map(({ name }) => name))
        return store.spend(budgets)
      },
    }),
  })
  const ofGroup = () => spent.filter((name) => name === `send:dingtalk:${GROUP.dingtalk}:60000`).length
  const given = watch(rig.dingtalk, rig)
  await rig.trip()
  const card = await until(() => lastCard(rig.dingtalk), 'the alarm')
  expect(ofGroup()).toBe(1)
  await rig.press(rig.dingtalk, '1', 'ack', card)
  await until(() => ofGroup() === 2, 'room for the card of the answer')
  expect(given.length).toBe(1)
})

test('the limit by the minute of a group is the configured one', async () => {
  const limits = {
    group: [
      { most: 18, within: 60_000 },
      { most: 3, within: 3000 },
      { most: 900, within: 3_600_000 },
    ],
    person: A_MINUTE,
    bot: [],
  }
  expect(limitsWith(limits, undefined)).toBe(limits)
  expect(limitsWith(limits, 40)).toEqual({
    ...limits,
    group: [
      { most: 40, within: 60_000 },
      { most: 900, within: 3_600_000 },
    ],
  })
  const rig = await startRig({ limits: { wecom: WECOM }, perMinute: 2 })
  const parts = { store: rig.store, channels: rig.engine.channels }
  const waits = [await takeRoom(parts, WECOM_GROUP, true), await takeRoom(parts, WECOM_GROUP, true)]
  expect(waits).toEqual([0, 0])
  expect(await takeRoom(parts, WECOM_GROUP, true)).toBeGreaterThan(50_000)
})
