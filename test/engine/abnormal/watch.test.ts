import { describe, expect, test } from 'vitest'
import type { DrawRecord } from '../../../src/domain/abnormal/record.ts'
import type { Alarm } from '../../../src/domain/alarm.ts'
import { until } from '../../support/until.ts'
import { breaker, cardOf, GROUP, PUMP, type Rig, startRig, texts, untilButton, untilSays } from '../rig.ts'
import {
  BEGIN,
  DAY,
  HOUR,
  looked,
  type Meter,
  MINUTE,
  running,
  type Scene,
  seeing,
  watched,
  watchingPolicy,
} from './support.ts'

const alarms = async ({ store }: Rig): Promise<Alarm[]> =>
  (await Promise.all([true, false].map((open) => store.list<Alarm>({ kind: 'alarm', open }))))
    .flat()
    .map((one) => one.value)

const recordOf = async ({ store }: Rig) => (await store.get<DrawRecord>(`draw/${PUMP}`))?.value

/** Runs as ever until then, and stands still afterwards. */
const stillFrom =
  (from: number): Meter =>
  (at) => ({ power: at < from ? 1000 : 0, voltage: 220 })

async function learned(scene: Scene): Promise<void> {
  await until(async () => (await recordOf(scene))?.usual !== undefined, 'the usual to be learned')
}

/** A pump that has stopped although its contacts are closed. */
async function stopped(): Promise<Scene> {
  const scene = await watched({ meter: stillFrom(BEGIN + 5 * MINUTE) })
  await scene.contacts('1')
  await learned(scene)
  scene.clock.ahead += 20 * MINUTE
  await untilButton(scene.telegram, 'normal')
  return scene
}

describe('a draw that becomes abnormal', () => {
  test('is told of once with its evidence, a picture in answer to the card, and ends', async () => {
    const scene = await stopped()
    const card = await untilButton(scene.telegram, 'ack')
    expect(cardOf(card)).toMatchObject({
      title: '3号增氧机 合着闸，但设备停止用电',
      tone: 'warning',
      notes: [
        expect.stringContaining('2026-06-10 10:35'),
        '之前为 1 kW，此后几乎为零。这个时段平时不停机。',
        expect.stringContaining('断路器没有跳闸'),
      ],
      buttons: [{ action: 'ack' }, { action: 'normal' }, { action: 'mute-draw' }],
    })
    await untilSays(scene.telegram, '用电曲线')
    const picture = scene.telegram.shown.find(
      ({ content }) => 'text' in content && content.text.includes('用电曲线'),
    )
    expect(picture?.content).toMatchObject({ replyTo: card.message })
    await looked(scene)
    expect(await alarms(scene)).toMatchObject([
      {
        ...{ kind: 'draw', severity: 'warning', status: 'open', breaker: PUMP },
        finding: { kind: 'stopped', since: BEGIN + 5 * MINUTE },
        chart: { kind: 'line', unit: 'W' },
      },
    ])
    scene.meters.set(PUMP, running)
    scene.clock.ahead += 5 * MINUTE
    await untilSays(scene.telegram, '已恢复平常')
    expect(await alarms(scene)).toMatchObject([{ status: 'resolved' }])
    expect(await recordOf(scene)).toMatchObject({ standing: [], past: [{ kind: 'stopped' }] })
  })

  test('is over when the contacts are opened, and nothing is told of one that stands open', async () => {
    const scene = await stopped()
    await scene.contacts('0')
    await untilSays(scene.telegram, '已分闸')
    scene.clock.ahead += 6 * HOUR
    await looked(scene)
    expect((await alarms(scene)).filter(({ status }) => status === 'open')).toEqual([])
    expect(await recordOf(scene)).toMatchObject({ past: [{ kind: 'opened' }, { kind: 'stopped' }] })
  })

  test('goes on over a restart: nothing is lost, nothing told twice', async () => {
    const scene = await stopped()
    await untilSays(scene.telegram, '用电曲线')
    const before = scene.telegram.shown.length
    const { meters } = scene
    const metering = { meters, asked: 0 }
    const other = await startRig({
      beside: scene,
      policy: watchingPolicy(),
      watchEvery: 20,
      storeSeen: seeing(metering),
    })
    await scene.engine.stop()
    await looked(metering)
    expect(await alarms(other)).toHaveLength(1)
    expect(scene.telegram.shown).toHaveLength(before)
    meters.set(PUMP, running)
    other.clock.ahead += 5 * MINUTE
    await untilSays(other.telegram, '已恢复平常')
  })

  test('is over for a breaker that is not configured any more, and for what is not looked for any more', async () => {
    const scene = await stopped()
    scene.engine.adopt(
      watchingPolicy({ breakers: [{ ...breaker(PUMP, '3号增氧机'), unwatched: ['stopped'] }] }),
    )
    await untilSays(scene.telegram, '不再监测')
    scene.engine.adopt(watchingPolicy())
    await until(
      async () => (await alarms(scene)).filter(({ status }) => status === 'open').length === 1,
      'it to begin anew',
    )
    scene.engine.adopt(watchingPolicy({ breakers: [] }))
    await until(async () => (await alarms(scene)).every(({ status }) => status === 'resolved'), 'its end')
  })

  test('nothing is told where nothing is measured, or too little is known', async () => {
    const scene = await watched({ meter: () => undefined })
    await scene.contacts('1')
    scene.clock.ahead += HOUR
    await looked(scene)
    scene.meters.set(PUMP, (at) => (at < BEGIN ? undefined : { power: at < BEGIN + HOUR ? 1000 : 0 }))
    scene.clock.ahead += HOUR
    await looked(scene)
    expect(await alarms(scene)).toEqual([])
  })

  test('of a site’s supply is told of once', async () => {
    const low: Meter = (at) => ({ power: 1000, voltage: at < BEGIN ? 220 : 180 })
    const scene = await watched({ meter: low })
    scene.meters.set('820721', low)
    scene.clock.ahead += 15 * MINUTE
    await untilSays(scene.telegram, '电压过低')
    await looked(scene)
    expect(await alarms(scene)).toMatchObject([
      { severity: 'warning', finding: { kind: 'voltage', value: 180 } },
    ])
  })
})

describe('a word about the supply of a site', () => {
  const low: Meter = (at) => ({ power: 1000, voltage: at < BEGIN ? 220 : 180 })

  /** Two breakers of one site whose supply is too low; it is told of at one of them. */
  async function tooLow(): Promise<Scene> {
    const scene = await watched({ meter: low })
    scene.meters.set('820721', low)
    scene.clock.ahead += 15 * MINUTE
    await untilSays(scene.telegram, '电压过低')
    return scene
  }

  test.each([
    ['normal', '甲 说这是正常的'],
    ['mute-draw', '静音到'],
  ])('%s at one of its breakers holds for all', async (action, says) => {
    const scene = await tooLow()
    await scene.press(scene.telegram, '1', action, await untilButton(scene.telegram, action))
    await untilSays(scene.telegram, says)
    scene.clock.ahead += 20 * MINUTE
    await looked(scene)
    await looked(scene)
    expect(await alarms(scene)).toMatchObject([{ status: 'resolved' }])
  })
})

describe('a word about it', () => {
  const lit =
    (watts: number): Meter =>
    (at) => ({ power: new Date(at + 8 * HOUR).getUTCHours() < 6 ? (at < BEGIN ? 0 : watts) : 1000 })

  /** Something was left on at night. */
  async function leftOn(): Promise<Scene> {
    const scene = await watched({ meter: lit(200) })
    await learned(scene)
    scene.clock.ahead = Date.parse('2026-06-11T04:10:00+08:00') - Date.now()
    await untilSays(scene.telegram, '在平时不用电的时间用电')
    return scene
  }

  test('«this is normal» ends it and teaches the usual, until it is taken back', async () => {
    const scene = await leftOn()
    const card = await untilButton(scene.telegram, 'normal')
    expect((await alarms(scene))[0]).toMatchObject({ severity: 'info' })
    await scene.press(scene.telegram, '1', 'normal', card)
    await untilSays(scene.telegram, '甲 说这是正常的')
    scene.clock.ahead += DAY
    await looked(scene)
    expect(await alarms(scene)).toMatchObject([{ status: 'resolved' }])
    expect(await recordOf(scene)).toMatchObject({
      accepted: [{ kind: 'standby', by: '甲', atMost: 240, hours: [1, 2, 3, 4, 5] }],
    })
    scene.say(scene.telegram, '1', '恢复用电监测 3号增氧机')
    await untilSays(scene.telegram, '已撤回“正常”1 条')
    scene.clock.ahead += HOUR
    await until(async () => (await alarms(scene)).length === 2, 'another alarm')
    const audit = await scene.store.audit({ limit: 100 })
    expect(audit.map(({ who, what }) => `${who} ${what}`)).toEqual(
      expect.arrayContaining(['甲 alarm.draw-normal', '甲 draw.watched']),
    )
  })

  test('may be typed with the name, by who may', async () => {
    const scene = await leftOn()
    scene.say(scene.telegram, '9', '正常 3号增氧机')
    await untilSays(scene.telegram, '9')
    expect((await alarms(scene))[0]).toMatchObject({ status: 'open' })
    scene.say(scene.telegram, '2', '正常 3号增氧机')
    await untilSays(scene.telegram, '乙 说这是正常的')
  })

  test('a mute in answer to its card keeps its draw quiet for so long, and its faults loud', async () => {
    const scene = await leftOn()
    const card = await untilButton(scene.telegram, 'mute-draw')
    scene.telegram.receive({
      ...{ kind: 'text', id: 'mute', chat: GROUP.telegram, group: true, sender: { id: '1' } },
      ...{ text: '静音 2 天', at: scene.now(), replyTo: card.message },
    })
    await untilSays(scene.telegram, '静音到 2026-06-13 04:')
    await looked(scene)
    expect(await alarms(scene)).toHaveLength(1)
    await scene.contacts('1')
    await scene.trip()
    await untilSays(scene.telegram, '跳闸（过载）')
    scene.clock.ahead += 2 * DAY + HOUR
    await until(async () => (await alarms(scene)).length === 2, 'an alarm after the mute')
  })
})

test('a hint calls on nobody and does not escalate', async () => {
  const steps = [{ after: 0, call: 'all' as const }]
  const policy = { name: 'default', ackTimeout: 0, repeat: 0, repeatAfter: MINUTE, steps }
  const escalations = { policies: { default: policy }, rooms: {}, sites: {}, breakers: {} }
  const twice: Meter = (at) => ({ power: at < BEGIN ? 1000 : 2500 })
  const scene = await watched({ meter: twice, policy: watchingPolicy({ escalations }) })
  await learned(scene)
  scene.clock.ahead += 3 * HOUR
  await untilSays(scene.telegram, '用电比平时多')
  expect(await alarms(scene)).toMatchObject([
    { severity: 'info', finding: { kind: 'unusual', side: 'more' } },
  ])
  expect((await alarms(scene))[0]?.escalation).toBeUndefined()
  await untilSays(scene.telegram, '用电曲线')
  expect(texts(scene.telegram).filter((one) => one.includes('用电比平时多'))).toHaveLength(2)
})
