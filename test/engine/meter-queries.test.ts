import { expect, test } from 'vitest'
import { message } from '../../src/domain/message.ts'
import { nextQuery } from '../../src/domain/meter-query.ts'
import type { Policy } from '../../src/domain/policy.ts'
import { until } from '../support/until.ts'
import {
  breaker,
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

const EVERY = 15 * 60_000
const asking = (more: Partial<Policy> = {}) =>
  testPolicy({
    breakers: [{ ...breaker(PUMP, '3号增氧机'), queryEvery: EVERY }, breaker('820721', '投饵机')],
    ...more,
  })
const QUERY = `query ${PUMP} total`

/** An instance whose clock stands shortly before the breaker is to be asked. */
async function startBefore(options: RigOptions = {}): Promise<Rig> {
  const ahead = nextQuery(PUMP, EVERY, Date.now()) - Date.now() - 30_000
  return startRig({ policy: asking(), watchEvery: 20, ahead, ...options })
}

const asked = (rig: Rig) => rig.cloud.commands.filter((one) => one.startsWith('query'))
const planned = (rig: Rig) =>
  until(async () => (await rig.store.counts()).queries?.waiting, 'a question on disk')
const outcomes = async (rig: Rig) =>
  Object.fromEntries((await rig.metrics.queries.get()).values.map((one) => [one.labels.outcome, one.value]))
const untilCounted = (rig: Rig, outcome: string, count = 1) =>
  until(async () => (await outcomes(rig))[outcome] === count, `${outcome} ${count}`)
/** To the time of the question that is planned, and past it. */
async function pass(rig: Rig, ms = 31_000): Promise<void> {
  await planned(rig)
  rig.clock.ahead += ms
}

test('a breaker is asked for its counter each time that it is due, and others are not; no chat hears of it', async () => {
  const rig = await startBefore()
  await pass(rig)
  await untilCounted(rig, 'taken')
  expect(asked(rig)).toEqual([QUERY])
  rig.clock.ahead += EVERY - 45_000
  await pass(rig, 46_000)
  await untilCounted(rig, 'taken', 2)
  expect(rig.cloud.commands).toEqual([QUERY, QUERY])
  expect(texts(rig.telegram)).toEqual([])
  expect(await rig.store.audit({})).toEqual([])
})

test('of two instances one asks, once', async () => {
  const one = await startBefore()
  const other = await startRig({ policy: asking(), watchEvery: 20, beside: one })
  await pass(one)
  await until(async () => {
    const [here, there] = [await outcomes(one), await outcomes(other)]
    return (here.taken ?? 0) + (there.taken ?? 0) === 1
  }, 'the question')
  expect(asked(one)).toEqual([QUERY])
  // Who is left goes on with it.
  await one.engine.stop()
  other.clock.ahead += EVERY - 45_000
  await pass(other, 46_000)
  await until(() => asked(other).length === 2, 'the next question')
})

test('one that came to nothing is counted, and not repeated', async () => {
  const rig = await startBefore()
  let tries = 0
  rig.cloud.query = async () => {
    tries += 1
    return { ok: false, kind: 'unknown', why: message('cloud.unreadable', { status: '502' }) }
  }
  await pass(rig)
  await untilCounted(rig, 'unknown')
  rig.clock.ahead += 5 * 60_000
  await until(
    async () => (await rig.store.counts()).queries?.waiting === undefined || tries > 1,
    'nothing more of it',
  )
  expect(tries).toBe(1)
})

test('one that may have left before the process died does not leave again', async () => {
  const folder = newFolder()
  const rig = await startBefore({ folder })
  let tries = 0
  const hanging: Rig['cloud']['query'] = async (_device, _what, _extra, options) => {
    tries += 1
    await new Promise((resolve) => options?.signal?.addEventListener('abort', resolve))
    // As if it never returned: the run ends with the process, its job unfinished.
    throw new Error('the process died')
  }
  rig.cloud.query = hanging
  await pass(rig)
  await until(() => tries === 1, 'the question to leave')
  const { ahead } = rig.clock
  await rig.stop()
  const again = await startRig({ policy: asking(), watchEvery: 20, ahead: ahead + 2000, folder })
  await untilCounted(again, 'unknown')
  expect(asked(again)).toEqual([])
})

test('nothing is asked while a command is under way or waits to be confirmed; then it is', async () => {
  const rig = await startBefore()
  await rig.trip()
  await untilButton(rig.telegram, 'reclose')
  await planned(rig)
  rig.clock.ahead += 25_000
  await rig.press(rig.telegram, '1', 'reclose')
  await untilButton(rig.telegram, 'confirm')
  rig.clock.ahead += 6000
  await until(
    async () =>
      (await rig.store.unfinished({ queue: 'queries', lane: `query:${PUMP}`, priority: 0, limit: 9 })).some(
        ({ why }) => why?.includes('command'),
      ),
    'the question to wait',
  )
  await rig.press(rig.telegram, '1', 'confirm')
  await untilSays(rig.telegram, '已发出')
  rig.clock.ahead += 5000
  await rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '1' } })
  await untilSays(rig.telegram, '已合闸')
  rig.clock.ahead += 11_000
  await untilCounted(rig, 'taken')
  expect(rig.cloud.commands).toEqual([`close ${PUMP} power`, QUERY])
})

test.each<[string, Partial<Policy>, (rig: Rig) => Promise<unknown>]>([
  ['an offline breaker', {}, (rig) => rig.push({ type: 'offline', device: PUMP, ts: rig.now() })],
  ['without actuation, nobody', { actuation: false }, async () => {}],
  [
    'while control is off, nobody',
    { people: [{ name: '场长', role: 'admin', ids: { telegram: '7' } }] },
    async (rig) => {
      await rig.say(rig.telegram, '7', '停控').taken
      await untilSays(rig.telegram, '已停用遥控')
    },
  ],
])('%s is not asked', async (_, more, happen) => {
  const rig = await startBefore({ policy: asking(more) })
  await happen(rig)
  await pass(rig)
  await untilCounted(rig, 'left-out')
  expect(asked(rig)).toEqual([])
})

test('another configuration is followed: who is to be asked no more is not, who is to be asked is', async () => {
  const rig = await startBefore()
  await planned(rig)
  rig.engine.adopt(
    testPolicy({
      breakers: [breaker(PUMP, '3号增氧机'), { ...breaker('820721', '投饵机'), queryEvery: 60_000 }],
    }),
  )
  rig.clock.ahead += 31_000
  await untilCounted(rig, 'left-out')
  await until(async () => {
    rig.clock.ahead += 5000
    return asked(rig).length > 0
  }, 'the other to be asked')
  expect(asked(rig)[0]).toBe('query 820721 total')
})

test('what was due while the service was down is not made up for', async () => {
  const folder = newFolder()
  const rig = await startBefore({ folder })
  await planned(rig)
  const { ahead } = rig.clock
  await rig.stop()
  const again = await startRig({ policy: asking(), watchEvery: 20, ahead: ahead + 3 * EVERY, folder })
  await untilCounted(again, 'left-out')
  expect(asked(again)).toEqual([])
})

test('the answer is a sample, no operation by anybody, and its shape is kept only where it was not understood', async () => {
  const rig = await startRig({ policy: asking() })
  const [first, second] = [rig.now() - 2000, rig.now() - 1000]
  await rig.push({ type: 'state', device: PUMP, ts: rig.now() - 5000, data: { power: '1' } })
  const answer = { query: 'total', total: '1532.81', extra: 'query0123456789ab' }
  await rig.push({ type: 'order', device: PUMP, ts: first, data: answer })
  await rig.push({
    type: 'order',
    device: PUMP,
    ts: second,
    data: { odd: [1532.81], extra: 'query0123456789ab' },
  })
  await until(async () => (await rig.store.list({ kind: 'push' })).length === 1, 'the odd one to be kept')
  expect(await rig.store.samples(PUMP, 0, rig.now() + 1)).toEqual([
    { device: PUMP, at: first, energy: 1532.81 },
  ])
  expect(await rig.store.get(`breaker/${PUMP}`)).toMatchObject({
    value: { online: true, circuits: { power: { position: 'closed' } } },
  })
  expect(texts(rig.telegram)).toEqual([])
  expect(await rig.store.audit({})).toEqual([])
})
