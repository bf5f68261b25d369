import { expect, test } from 'vitest'
import { message } from '../../src/domain/message.ts'
import { USUAL_OFFLINE } from '../../src/domain/offline.ts'
import type { BreakerConfig, Policy } from '../../src/domain/policy.ts'
import { until } from '../support/until.ts'
import {
  breaker,
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

/** Readings come each second, and three may stay out. */
const SECOND = 1000
const TOO_LONG = 3500
const start = (options: RigOptions = {}) =>
  startRig({ policy: policyOf(), silentAfter: 3, still: true, ...options })

/** A breaker that is away is an alarm at once, and so is a site. */
const AT_ONCE = { ...USUAL_OFFLINE, grace: 0, siteGrace: 0 }
const policyOf = (more: Partial<Policy> = {}) => testPolicy({ offline: AT_ONCE, ...more })

/**
 * Beside the pump, another breaker that falls silent after 3 × `pause`, ms, from now: when it has been told, the pump
 * has been looked at as well.
 */
async function startMarked(pause: number): Promise<Rig> {
  const mark = { ...breaker(MARK, '另一台'), reportEvery: pause }
  const rig = await start({ policy: policyOf({ breakers: [breaker(PUMP, '3号增氧机'), mark] }) })
  await readings(rig)
  await rig.push({ type: 'state', device: MARK, ts: rig.now(), data: { power: '1' } })
  await until(() => stateOf(rig, MARK), 'the report')
  return rig
}
const MARK = '9'

async function untilMarked(rig: Rig, times = 1): Promise<void> {
  await until(() => said(rig, '另一台 失联').length === times, 'the other one to be told')
  await rig.settled()
}

/** As many readings as it takes to know how often they come, one each second by the breaker's clock. */
async function readings(rig: Rig, devices: readonly string[] = [PUMP], current = '12.4'): Promise<void> {
  const now = rig.now()
  for (let ago = 7; ago >= 0; ago--)
    for (const device of devices)
      await rig.push({ type: 'state', device, ts: now - ago * SECOND, data: { power: '1', current } })
  for (const device of devices)
    await until(async () => (await stateOf(rig, device))?.lastReportAt === now, `the readings of ${device}`)
}

/** Once all is settled: `due` made the watch look at a breaker again, and that look ended before the next one. */
async function lookedAt(rig: Rig, due: () => void, device = PUMP): Promise<void> {
  const { get } = rig.store
  let looks = 0
  rig.store.get = (key) => {
    if (key === `breaker/${device}`) looks++
    return get(key)
  }
  for (const look of [1, 2]) {
    due()
    await until(() => looks >= look, 'another look')
  }
  rig.store.get = get
  await rig.settled()
}

const said = (rig: Rig, word: string) => texts(rig.telegram).filter((text) => text.includes(word))
const countInfo = (rig: Rig) => {
  const asked: string[][] = []
  const { info } = rig.cloud
  rig.cloud.info = (devices, options) => {
    asked.push([...devices])
    return info(devices, options)
  }
  return asked
}

test('a breaker that fell silent is told once, the cloud having been asked, and when it is back', async () => {
  const rig = await start()
  await readings(rig)
  const asked = countInfo(rig)
  rig.clock.ahead += TOO_LONG
  expect(await untilSays(rig.telegram, '起没有消息')).toMatch(
    /3号增氧机 失联[\s\S]*自 \d\d:\d\d:\d\d 起没有消息（通常每 1 秒上报一次）/,
  )
  await rig.settled()
  // It is looked at again each 0.6 s, and not asked for again.
  await lookedAt(rig, () => {
    rig.clock.ahead += 600
  })
  expect(asked).toEqual([[PUMP]])
  rig.clock.ahead += 4000
  await readings(rig)
  await untilSays(rig.telegram, '已恢复')
  await rig.settled()
  expect(texts(rig.telegram)).toHaveLength(1)
  const audit = await rig.store.audit({ subjects: [PUMP] })
  expect(audit.map((one) => one.what)).toEqual(['breaker.away', 'breaker.back'])
})

test('one that reports changes only, or whose rhythm is not known yet, is never called silent', async () => {
  const config = (id: string, more: Partial<BreakerConfig>) => ({ ...breaker(id, `泵${id}`), ...more })
  const rig = await start({
    policy: policyOf({
      breakers: [config('1', { reportEvery: 0 }), config('2', {}), config('3', { reportEvery: SECOND })],
    }),
  })
  await readings(rig, ['1'])
  for (const device of ['2', '3'])
    await rig.push({ type: 'state', device, ts: rig.now(), data: { power: '1' } })
  await until(() => stateOf(rig, '3'), 'the report')
  rig.clock.ahead += TOO_LONG
  await untilSays(rig.telegram, '泵3 失联')
  await rig.settled()
  expect(said(rig, '起没有消息')).toHaveLength(1)
})

test('the time in which nothing could be heard does not count', async () => {
  const rig = await startMarked(600)
  rig.clock.ahead += 2000
  rig.engine.missedPushes('test')
  rig.clock.ahead += 2000
  await untilMarked(rig)
  expect(said(rig, '起没有消息')).toHaveLength(1)
  rig.clock.ahead += 2000
  await untilSays(rig.telegram, '3号增氧机 失联')
})

test('one that the cloud says is offline has gone offline', async () => {
  const rig = await start({
    policy: policyOf({ breakers: [{ ...breaker(PUMP, '3号增氧机'), reportEvery: SECOND }] }),
  })
  await readings(rig)
  // Past the time in which the cloud's record may lag behind its pushes.
  rig.clock.ahead += 60_000
  rig.engine.missedPushes('test')
  rig.cloud.status = { online: false }
  rig.clock.ahead += TOO_LONG
  expect(await untilSays(rig.telegram, '离线')).toContain('对账时发现')
  expect((await stateOf(rig))?.online).toBe(false)
  expect(said(rig, '起没有消息')).toEqual([])
})

test('where the cloud has newer values, pushes do not arrive: an admin is told, once', async () => {
  const rig = await startMarked(1200)
  const begun = rig.now()
  const after = (ms: number) => {
    rig.clock.ahead += begun + ms - rig.now()
  }
  rig.cloud.status = { online: true, readings: { current: 13.1 } }
  const asked = countInfo(rig)
  after(TOO_LONG)
  await until(() => asked.length === 1, 'the cloud to be asked')
  after(3700)
  await untilMarked(rig)
  // A push may be on its way, and so it still may in the 10th second.
  expect(said(rig, '推送没有送达')).toEqual([])
  after(9000)
  await rig.push({ type: 'state', device: MARK, ts: rig.now(), data: { power: '1' } })
  await until(async () => !(await stateOf(rig, MARK))?.silent, 'the other one to be back')
  after(13_300)
  await untilMarked(rig, 2)
  expect(said(rig, '推送没有送达')).toEqual([])
  after(13_900)
  await untilSays(rig.telegram, '推送没有送达')
  await rig.settled()
  expect(said(rig, '推送没有送达')).toHaveLength(1)
  // Meanwhile the cloud was not asked for it again and again.
  expect(asked.filter((devices) => devices.includes(PUMP))).toHaveLength(2)
  expect(said(rig, '3号增氧机 失联')).toEqual([])
  expect((await stateOf(rig))?.silent).toBeUndefined()
})

test('one whose push was on its way is nothing to tell', async () => {
  const rig = await startMarked(4500)
  rig.cloud.status = { online: true, readings: { current: 13.1 } }
  const asked = countInfo(rig)
  rig.clock.ahead += TOO_LONG
  await until(() => asked.length === 1, 'the cloud to be asked')
  for (let time = 0; time < 5; time++) {
    await readings(rig, [PUMP], '13.1')
    rig.clock.ahead += 2000
  }
  await untilMarked(rig)
  expect(texts(rig.telegram)).toHaveLength(1)
})

test('a cloud that refuses all for one that it does not know is asked one by one', async () => {
  const rig = await start()
  await readings(rig, [PUMP, '820721'])
  const asked: string[][] = []
  rig.cloud.info = async (devices) => {
    asked.push([...devices])
    return devices.includes('820721')
      ? { ok: false, kind: 'refused', why: message('cloud.no-device', { code: '502' }) }
      : { ok: true, data: [{ device: PUMP, positions: {}, readings: {}, at: rig.now() }] }
  }
  rig.clock.ahead += TOO_LONG
  for (const id of [PUMP, '820721'])
    await until(async () => (await stateOf(rig, id))?.silent, `${id} to be silent`)
  expect(asked).toEqual([[PUMP, '820721'], [PUMP], ['820721']])
})

/** Shorter than what makes those who report fall silent. */
const GRACE = 1500
const FIVE = ['1', '2', '3', '4', '5']
const pond = () =>
  policyOf({
    breakers: FIVE.map((id) => breaker(id, `泵${id}`)),
    offline: { ...AT_ONCE, grace: GRACE },
  })

test('all at once are one alarm, and so is their coming back; who stays away has its own then', async () => {
  const rig = await start({ policy: pond() })
  await readings(rig, FIVE)
  rig.clock.ahead += TOO_LONG
  expect(await untilSays(rig.telegram, '一号鱼塘：5 台断路器失联')).toMatch(/自 \S+ 起全部失联/)
  await rig.settled()
  expect(texts(rig.telegram)).toHaveLength(1)
  rig.clock.ahead += 2000
  await readings(rig, FIVE.slice(0, 4))
  await untilSays(rig.telegram, '部分恢复')
  rig.clock.ahead += GRACE
  await untilSays(rig.telegram, '泵5 失联')
  expect(texts(rig.telegram)).toHaveLength(2)
  await readings(rig, FIVE)
  await until(() => said(rig, '已恢复').length === 1, 'the fifth to be back')
  expect(texts(rig.telegram)).toHaveLength(2)
})

test('a site that is silent is not back because we could not hear for a while', async () => {
  const rig = await start({ policy: pond() })
  await readings(rig, FIVE)
  rig.clock.ahead += TOO_LONG
  await untilSays(rig.telegram, '一号鱼塘：5 台断路器失联')
  await rig.settled()
  await lookedAt(
    rig,
    () => {
      rig.clock.ahead++
      rig.engine.missedPushes('test')
    },
    '1',
  )
  expect(said(rig, '恢复')).toEqual([])
  expect(await rig.store.list({ kind: 'site', open: true })).toHaveLength(1)
})

test('two of five are told one by one', async () => {
  const rig = await start({ policy: pond() })
  await readings(rig, FIVE)
  rig.clock.ahead += 2000
  await readings(rig, FIVE.slice(2))
  rig.clock.ahead += 1000
  for (const id of FIVE.slice(0, 2))
    await until(async () => (await stateOf(rig, id))?.silent, `${id} to be silent`)
  rig.clock.ahead += GRACE
  await until(() => said(rig, '起没有消息').length === 2, 'two alarms')
  await rig.settled()
  expect(texts(rig.telegram)).toHaveLength(2)
  expect(said(rig, '一号鱼塘')).toEqual([])
})

test('two engines on one store tell it once', async () => {
  const rig = await start({ policy: pond() })
  const other = await start({ policy: pond(), beside: rig })
  await readings(rig, FIVE)
  for (const one of [rig, other]) one.clock.ahead += TOO_LONG
  for (const id of FIVE) await until(async () => (await stateOf(rig, id))?.silent, `${id} to be silent`)
  await untilSays(rig.telegram, '一号鱼塘：5 台断路器失联')
  await rig.settled()
  expect(texts(rig.telegram)).toHaveLength(1)
})

test.each([
  ['says that it is online', true, ['close 820720 power']],
  ['does not say', undefined, []],
])(
  'a silent breaker is closed only if the cloud, asked right before, says that it is online: it %s',
  async (_, online, commands) => {
    const rig = await start({ policy: testPolicy() })
    await readings(rig)
    await rig.trip()
    await untilButton(rig.telegram, 'reclose')
    rig.clock.ahead += TOO_LONG
    await until(async () => (await stateOf(rig))?.silent, 'it to be silent')
    rig.cloud.status = online === undefined ? {} : { online }
    await rig.press(rig.telegram, '1', 'reclose')
    await untilButton(rig.telegram, 'confirm')
    await rig.press(rig.telegram, '1', 'confirm')
    await untilSays(rig.telegram, online ? '等待断路器回报' : '云平台也没有确认其在线')
    expect(rig.cloud.commands).toEqual(commands)
  },
)
