import { expect, test } from 'vitest'
import type { Incident } from '../../src/domain/incident.ts'
import { newStorm } from '../../src/domain/storm.ts'
import { stormWrite } from '../../src/engine/storm-state.ts'
import { until } from '../support/until.ts'
import type { FakeChannel } from './fakes.ts'
import {
  breaker,
  cardOf,
  GROUP,
  lastCard,
  newFolder,
  type RigOptions,
  startRig,
  testPolicy,
  texts,
  untilSays,
} from './rig.ts'

const PUMPS = Array.from({ length: 5 }, (_, index) => breaker(`9${index}`, `泵${index}`))
const start = (more: RigOptions = {}) => startRig({ policy: testPolicy({ breakers: PUMPS }), ...more })

const EVERY = 50

const cards = (channel: FakeChannel) => channel.shown.filter((one) => cardOf(one))
const isAcknowledged = (channel: FakeChannel) => {
  const card = lastCard(channel)
  return card !== undefined && !cardOf(card)!.buttons.some(({ action }) => action === 'ack')
}

/** Refuses the next change of a card. */
function refuseOnce(channel: FakeChannel): Promise<void> {
  const refused = Promise.withResolvers<void>()
  channel.fault = () => {
    channel.fault = () => undefined
    refused.resolve()
    return { outcome: 'refused', why: '400' }
  }
  return refused.promise
}

test('a card whose change was refused is mended, and others are left alone', async () => {
  const rig = await start({ mendEvery: EVERY })
  await rig.trip('overload', '90')
  await rig.trip('overload', '91')
  await until(() => rig.dingtalk.shown.length === 2 && rig.telegram.shown.length === 2, 'the cards')
  const refused = refuseOnce(rig.dingtalk)
  await rig.press(rig.telegram, '1', 'ack')
  await refused
  let changes = 0
  rig.dingtalk.fault = () => {
    changes++
    return undefined
  }
  await until(() => isAcknowledged(rig.dingtalk), 'the card to be mended')
  await new Promise((resolve) => setTimeout(resolve, 5 * EVERY))
  expect(changes).toBe(1)
  expect(rig.dingtalk.shown).toHaveLength(2)
})

test('also after a restart, and when the incident is over meanwhile', async () => {
  const folder = newFolder()
  const rig = await start({ folder })
  await rig.trip('overload', '90')
  await until(() => lastCard(rig.dingtalk), 'the card')
  const refused = refuseOnce(rig.dingtalk)
  const ts = rig.now() + 1
  await rig.push({ type: 'event', device: '90', ts, data: { name: 'btn', state: { power: '1' } } })
  await refused
  await until(async () => (await rig.store.deadJobs()).length === 1, 'the change to be given up')
  await rig.stop()
  const again = await start({
    folder,
    mendEvery: EVERY,
    ahead: 1000,
    prepare: ({ dingtalk }) => dingtalk.shown.push(...rig.dingtalk.shown),
  })
  await until(() => cardOf(lastCard(again.dingtalk)!)?.tone === 'good', 'the card to be mended')
  expect(again.dingtalk.shown).toHaveLength(1)
})

test('a chat that takes nothing is tried with one card a pass; when it works again, all come and the room is told', async () => {
  const rig = await start()
  let tried = 0
  const kicked = ({ telegram }: Pick<typeof rig, 'telegram'>) => {
    telegram.fault = (chat) => {
      if (chat !== GROUP.telegram) return undefined
      tried++
      return { outcome: 'refused', why: 'kicked', gone: 'chat' }
    }
  }
  kicked(rig)
  for (const { id } of PUMPS) await rig.trip('overload', id)
  await until(async () => (await rig.store.deadJobs()).length === PUMPS.length, 'all to be refused')
  const sweeping = await start({ beside: rig, mendEvery: EVERY })
  const before = tried
  let passes = 0
  const { enqueue } = rig.store
  rig.store.enqueue = (jobs) => {
    if (jobs.some(({ id }) => id.includes(':sweep:'))) passes++
    return enqueue(jobs)
  }
  await until(() => tried - before >= 3, 'three tries')
  await until(() => passes >= 4, 'more passes')
  expect(tried - before).toBeLessThanOrEqual(passes)
  expect(await rig.store.deadJobs()).toHaveLength(PUMPS.length)
  rig.telegram.fault = () => undefined
  await until(() => cards(rig.telegram).length === PUMPS.length, 'all cards')
  await untilSays(rig.wecom, 'Telegram群恢复正常')
  await sweeping.stop()
})

test('a chat that works again has what it missed without waiting for the next pass', async () => {
  const rig = await start()
  rig.telegram.fault = (chat) =>
    chat === GROUP.telegram ? { outcome: 'refused', why: 'kicked', gone: 'chat' } : undefined
  for (const { id } of PUMPS) await rig.trip('overload', id)
  await until(async () => (await rig.store.deadJobs()).length === PUMPS.length, 'all to be refused')
  rig.telegram.fault = () => undefined
  await rig.say(rig.telegram, '1', '我是谁').taken
  await until(() => cards(rig.telegram).length === PUMPS.length, 'all cards')
})

/** Two cards that one chat has refused, and takes by now; the instance has stopped. */
async function refusedBefore() {
  const rig = await start()
  rig.telegram.fault = () => ({ outcome: 'refused', why: '400' })
  await rig.trip('overload', '90')
  await rig.trip('overload', '91')
  await until(async () => (await rig.store.deadJobs()).length === 2, 'both to be refused')
  await rig.engine.stop()
  rig.telegram.fault = () => undefined
  return rig
}

test('a pass goes on although somebody asks for one from the start in its midst', async () => {
  const rig = await refusedBefore()
  await startRig({
    beside: rig,
    policy: testPolicy({ breakers: PUMPS }),
    mendEvery: EVERY,
    storeSeen: (store) => ({
      async get(key) {
        if (key.startsWith('card/')) {
          store.broadcast('card-sweep', {})
          await new Promise(setImmediate)
        }
        return store.get(key)
      },
    }),
  })
  await until(() => cards(rig.telegram).length === 2, 'the cards')
})

test('the first card of a storm is not for the sweep to send: there is nothing on it yet', async () => {
  const rig = await refusedBefore()
  const storm = newStorm('s1', 'night', '一号鱼塘', rig.now())
  await rig.store.commit({ writes: [stormWrite(storm, 0)] })
  await startRig({ beside: rig, policy: testPolicy({ breakers: PUMPS }), mendEvery: EVERY })
  // Storms are looked at first.
  await until(() => cards(rig.telegram).length >= 2, 'the cards')
  expect(cards(rig.telegram).filter((one) => cardOf(one)!.subject.startsWith('-.'))).toEqual([])
})

test('all that is open is looked at, however much of one moment there is', async () => {
  const looked = new Set<string>()
  const rig = await start()
  await rig.trip('overload', '90')
  const [known] = await until(async () => {
    const found = await rig.store.list<Incident>({ kind: 'incident', open: true })
    return found.length > 0 && found
  }, 'the incident')
  const { openedAt: at } = known!.value
  const ids = Array.from({ length: 450 }, (_, index) => `i${index}`)
  await rig.store.commit({
    writes: ids.map((id) => ({
      ...{ key: `incident/${id}`, value: { ...known!.value, id }, version: 0 },
      index: { at, open: true },
    })),
  })
  await startRig({
    beside: rig,
    policy: testPolicy({ breakers: PUMPS }),
    mendEvery: EVERY,
    storeSeen: (store) => ({
      get(key) {
        if (key.startsWith(`card/telegram:${GROUP.telegram}:i`)) looked.add(key)
        return store.get(key)
      },
    }),
  })
  await until(() => looked.size === ids.length, 'all to be looked at')
})

test('a card of months ago is still changed where it stands', async () => {
  const folder = newFolder()
  const rig = await start({ folder })
  await rig.trip('overload', '90')
  await until(() => [rig.telegram, rig.dingtalk].every((one) => lastCard(one)), 'the cards')
  await until(async () => (await rig.store.list({ kind: 'card' })).length === 3, 'them to be noted')
  await rig.stop()
  const later = await start({
    folder,
    ahead: 300 * 24 * 3_600_000,
    mendEvery: EVERY,
    prepare({ telegram, dingtalk }) {
      telegram.shown.push(...rig.telegram.shown)
      dingtalk.shown.push(...rig.dingtalk.shown)
    },
  })
  await later.press(later.telegram, '1', 'ack')
  await until(
    () => isAcknowledged(later.telegram) && isAcknowledged(later.dingtalk),
    'the cards to be changed',
  )
  expect([cards(later.telegram).length, cards(later.dingtalk).length]).toEqual([1, 1])
})

test.each(['telegram', 'dingtalk', 'wecom'] as const)(
  'what is done on %s shows on every card of the room within 3 s, and is told where a card cannot be changed',
  async (name) => {
    const rig = await start()
    await rig.trip('overload', '90')
    await until(() => [rig.telegram, rig.dingtalk, rig.wecom].every((one) => lastCard(one)), 'the cards')
    const answer = await rig.press(rig[name], '1', 'ack')
    const wecom = () =>
      name === 'wecom'
        ? !answer.card?.buttons.some(({ action }) => action === 'ack')
        : texts(rig.wecom).some((text) => text.includes('甲'))
    const dingtalk = () => (name === 'dingtalk' ? answer.card !== undefined : isAcknowledged(rig.dingtalk))
    await until(() => isAcknowledged(rig.telegram) && dingtalk() && wecom(), 'the same everywhere')
  },
)
