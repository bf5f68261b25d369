import { expect, test } from 'vitest'
import type { Alarm } from '../../src/domain/alarm.ts'
import type { Locale } from '../../src/domain/card-text.ts'
import type { CloudPulse } from '../../src/domain/cloud-away.ts'
import { message } from '../../src/domain/message.ts'
import { USUAL_OFFLINE } from '../../src/domain/offline.ts'
import { until } from '../support/until.ts'
import type { FakeChannel } from './fakes.ts'
import {
  breaker,
  cardOf,
  GROUP,
  newFolder,
  PUMP,
  type Rig,
  type RigOptions,
  startRig,
  stateOf,
  testPolicy,
  texts,
  untilButton,
  untilSays,
} from './rig.ts'

const [SECOND, MINUTE] = [1000, 60_000]
const { grace, siteGrace, cloudGrace } = USUAL_OFFLINE

/** Of two sites: PUMP alone, and a pond of three. */
const POND = ['1', '2', '3']
const policy = (locale: Locale = 'zh-CN') =>
  testPolicy({
    locale,
    rooms: [{ name: 'night', locale, chats: [{ channel: 'telegram', chat: GROUP.telegram }] }],
    breakers: [
      breaker(PUMP, '3号增氧机'),
      ...POND.map((id) => ({ ...breaker(id, `泵${id}`), site: '二号鱼塘' })),
    ],
  })

/** However long a machine needs for a step: what counts is how long the test lets pass. */
const start = (options: RigOptions) => startRig({ still: true, ...options })

const alarms = async (rig: Rig) => (await rig.store.list<Alarm>({ kind: 'alarm' })).map((one) => one.value)
const titles = (on: FakeChannel) =>
  on.shown.map((one) => cardOf(one)?.title ?? texts(on)[on.shown.indexOf(one)])

async function tell(rig: Rig, type: 'offline' | 'online', ids: readonly string[] = [PUMP]): Promise<void> {
  for (const device of ids) await rig.push({ type, device, ts: rig.now(), data: {} })
  for (const id of ids)
    await until(async () => (await stateOf(rig, id))?.online === (type === 'online'), `${id} to be ${type}`)
}

test('back before its grace is over: nothing is said', async () => {
  const rig = await start({ policy: policy() })
  for (let time = 0; time < 5; time++) {
    await tell(rig, 'offline')
    rig.clock.ahead += grace - 10 * SECOND
    await tell(rig, 'online')
  }
  rig.clock.ahead += grace
  await rig.settled()
  expect(rig.telegram.shown).toEqual([])
  expect(await alarms(rig)).toEqual([])
  expect((await rig.store.audit({ subjects: [PUMP] })).map((one) => one.what)).toEqual(
    Array(5).fill('breaker.back'),
  )
})

test.each([
  ['zh-CN', '3号增氧机 失联', '已恢复，中断 14 分钟'],
  ['en', '3号增氧机 is away', 'back after 14 min'],
] as const)(
  '%s: after it a card, acknowledged and changed when the breaker is back',
  async (locale, title, back) => {
    const rig = await start({ policy: policy(locale) })
    await tell(rig, 'offline')
    rig.clock.ahead += grace
    await untilButton(rig.telegram, 'ack')
    expect(titles(rig.telegram)).toEqual([title])
    await rig.press(rig.telegram, '1', 'ack')
    await until(async () => (await alarms(rig))[0]?.status === 'acknowledged', 'it to be acknowledged')
    rig.clock.ahead += 12 * MINUTE
    await tell(rig, 'online')
    await untilSays(rig.telegram, back)
    expect(titles(rig.telegram)).toEqual([title])
  },
)

test('a restart within the grace, and one while the alarm stands, neither lose nor double it', async () => {
  const folder = newFolder()
  const first = await start({ policy: policy(), folder })
  await tell(first, 'offline')
  await first.stop()
  const second = await start({ policy: policy(), folder, ahead: grace })
  await untilSays(second.telegram, '3号增氧机 失联')
  await second.stop()
  const third = await start({ policy: policy(), folder, ahead: grace + MINUTE })
  await tell(third, 'online')
  await until(async () => (await alarms(third))[0]?.status === 'resolved', 'it to be over')
  expect(await alarms(third)).toHaveLength(1)
})

test('a whole site is one alarm in place of single ones; who stays away when it is back has its own', async () => {
  const rig = await start({ policy: policy() })
  await tell(rig, 'offline', [...POND, PUMP])
  rig.clock.ahead += siteGrace
  await untilSays(rig.telegram, '二号鱼塘：3 台断路器失联')
  rig.clock.ahead += grace
  await untilSays(rig.telegram, '3号增氧机 失联')
  await rig.settled()
  expect(titles(rig.telegram)).toEqual(['二号鱼塘：3 台断路器失联', '3号增氧机 失联'])
  await tell(rig, 'online', ['1'])
  await untilSays(rig.telegram, '部分恢复；2 台仍失联')
  await tell(rig, 'online', ['2'])
  rig.clock.ahead += grace - 10 * SECOND
  await rig.settled()
  expect(rig.telegram.shown).toHaveLength(2)
  rig.clock.ahead += 10 * SECOND
  await untilSays(rig.telegram, '泵3 失联')
  await rig.settled()
  expect(titles(rig.telegram)).toEqual(['二号鱼塘：3 台断路器失联', '3号增氧机 失联', '泵3 失联'])
})

test('a site that is back within its grace is no news', async () => {
  const rig = await start({ policy: policy() })
  await tell(rig, 'offline', POND)
  await tell(rig, 'online', ['2'])
  rig.clock.ahead += siteGrace
  await rig.settled()
  await tell(rig, 'online', ['1', '3'])
  rig.clock.ahead += grace
  await rig.settled()
  expect(rig.telegram.shown).toEqual([])
})

test('two engines on one store raise each alarm once', async () => {
  const rig = await start({ policy: policy() })
  const other = await start({ policy: policy(), beside: rig })
  await Promise.all(POND.map((id, index) => tell(index % 2 ? rig : other, 'offline', [id])))
  await tell(other, 'offline')
  rig.clock.ahead += siteGrace
  await untilSays(rig.telegram, '二号鱼塘')
  rig.clock.ahead += grace
  await untilSays(rig.telegram, '3号增氧机 失联')
  await rig.settled()
  expect(await alarms(rig)).toHaveLength(2)
  expect(rig.telegram.shown).toHaveLength(2)
})

const FAILS = {
  ok: false,
  kind: 'refused',
  code: 5006,
  why: message('cloud.wrong-secret', { code: '5006' }),
} as const

/** The cloud answers nothing from now on, and that was noticed. */
async function cutOff(rig: Rig): Promise<() => void> {
  const { page, info } = rig.cloud
  rig.cloud.page = async () => FAILS
  rig.cloud.info = async () => FAILS
  rig.clock.ahead += 40 * SECOND
  await until(async () => (await rig.store.get<CloudPulse>('cloud/pulse'))?.value.away, 'it to be noticed')
  return () => Object.assign(rig.cloud, { page, info })
}

test('the cloud away is one alarm, in words; no breaker is silent meanwhile, and it ends', async () => {
  const all = policy()
  const rig = await start({
    policy: { ...all, breakers: all.breakers.map((one) => ({ ...one, reportEvery: SECOND })) },
    silentAfter: 3,
  })
  const other = await start({
    policy: { ...all, breakers: all.breakers.map((one) => ({ ...one, reportEvery: SECOND })) },
    silentAfter: 3,
    beside: rig,
  })
  const report = async () => {
    for (const device of [PUMP, ...POND])
      await rig.push({ type: 'state', device, ts: rig.now(), data: { power: '1' } })
  }
  await report()
  const mend = await cutOff(rig)
  rig.clock.ahead += cloudGrace
  const said = await untilSays(rig.telegram, '云平台没有消息')
  expect(said).toContain('thingboot.appSecret')
  rig.clock.ahead += grace
  await rig.settled()
  expect(titles(rig.telegram)).toEqual(['云平台没有消息'])
  for (const id of POND) expect((await stateOf(rig, id))?.absence).toBeUndefined()
  mend()
  await report()
  await untilSays(rig.telegram, '已恢复')
  expect(await alarms(rig)).toHaveLength(1)
  await other.stop()
})

test('what had fallen silent just before the cloud did is looked at when that is back', async () => {
  const all = policy()
  const rig = await start({
    policy: {
      ...all,
      breakers: all.breakers.map((one) => ({ ...one, ...(one.id === PUMP && { reportEvery: SECOND }) })),
    },
    silentAfter: 3,
  })
  await rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '1' } })
  await until(() => stateOf(rig, PUMP), 'the report')
  rig.clock.ahead += 4 * SECOND
  await until(async () => (await stateOf(rig, PUMP))?.silent, 'it to be silent')
  const mend = await cutOff(rig)
  rig.clock.ahead += grace
  await rig.settled()
  expect(rig.telegram.shown).toEqual([])
  mend()
  rig.clock.ahead += 40 * SECOND
  await until(
    async () => !(await rig.store.get<CloudPulse>('cloud/pulse'))?.value.away,
    'the cloud to be back',
  )
  await rig.settled()
  expect(rig.telegram.shown).toEqual([])
  rig.clock.ahead += siteGrace
  await rig.settled()
  rig.clock.ahead += grace
  await untilSays(rig.telegram, '3号增氧机 失联')
})

test('with the whole fleet away it is one alarm for each site, and all end; no card is doubled', async () => {
  const all = policy()
  const ids = Array.from({ length: 24 }, (_, n) => String(100 + n))
  const breakers = ids.map((id, n) => ({ ...breaker(id, `泵${id}`), site: `${n % 4}号鱼塘` }))
  const rig = await start({ policy: { ...all, breakers } })
  await tell(rig, 'offline', ids)
  rig.clock.ahead += siteGrace
  await until(() => rig.telegram.shown.length === 4, 'four alarms')
  rig.clock.ahead += grace
  await rig.settled()
  expect(titles(rig.telegram).toSorted()).toEqual([0, 1, 2, 3].map((n) => `${n}号鱼塘：6 台断路器失联`))
  await tell(rig, 'online', ids)
  await until(async () => (await alarms(rig)).every((one) => one.status === 'resolved'), 'all to be over')
  rig.clock.ahead += grace
  await rig.settled()
  expect(rig.telegram.shown).toHaveLength(4)
})

test('a restart while the cloud is away neither doubles its alarm nor loses its end', async () => {
  const folder = newFolder()
  const first = await start({ policy: policy('en'), folder })
  await cutOff(first)
  first.clock.ahead += cloudGrace
  await untilSays(first.telegram, 'No word from the cloud')
  const { ahead } = first.clock
  await first.stop()
  const second = await start({ policy: policy('en'), folder, ahead: ahead + MINUTE })
  await second.push({ type: 'state', device: PUMP, ts: second.now(), data: { power: '1' } })
  await until(async () => (await alarms(second))[0]?.status === 'resolved', 'it to be over')
  expect(await alarms(second)).toHaveLength(1)
  expect((await alarms(second))[0]?.outcome?.key).toBe('alarm.back')
})

test('a breaker that flaps is told so once in the room', async () => {
  const rig = await start({ policy: policy('en') })
  for (let time = 0; time < 5; time++) {
    await tell(rig, 'offline')
    rig.clock.ahead += grace
    await rig.settled()
    await until(
      async () => (await stateOf(rig, PUMP))?.outlasted?.length === time + 1,
      'its grace to be over',
    )
    await tell(rig, 'online')
    rig.clock.ahead += MINUTE
  }
  await untilSays(rig.telegram, 'keeps coming and going: away 4 times within an hour')
  await rig.settled()
  expect(rig.telegram.shown).toHaveLength(4)
})

test('what leaves the configuration has no alarm any more', async () => {
  const rig = await start({ policy: policy() })
  await tell(rig, 'offline', [...POND, PUMP])
  rig.clock.ahead += siteGrace
  await untilSays(rig.telegram, '二号鱼塘')
  rig.clock.ahead += grace
  await untilSays(rig.telegram, '3号增氧机 失联')
  rig.engine.adopt({ ...policy(), breakers: [breaker('9', '泵9')] })
  await until(async () => (await alarms(rig)).every((one) => one.status === 'resolved'), 'both to be over')
  expect((await alarms(rig)).map((one) => one.outcome?.key)).toEqual([
    'alarm.unconfigured',
    'alarm.unconfigured',
  ])
})
