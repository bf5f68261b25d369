import { describe, expect, test } from 'vitest'
import type { Policy } from '../../src/domain/policy.ts'
import type { Window } from '../../src/domain/window.ts'
import { until } from '../support/until.ts'
import { newFolder, PUMP, type Rig, type RigOptions, startRig, testPolicy, texts, untilSays } from './rig.ts'

const HOUR = 3_600_000
const AHEAD = Date.parse('2026-12-01T14:30:00Z') - Date.now()

/** 22:30 in the night, Shanghai. */
const rigWith = (policy: Partial<Policy>, more: RigOptions = {}) =>
  startRig({ policy: testPolicy(policy), ahead: AHEAD, ...more })

const QUIET: Window = {
  id: 'q',
  kind: 'quiet',
  scope: { room: 'night' },
  when: { from: 22 * 60, to: 6 * 60 },
}
const at = (time: string) => Date.parse(`2026-12-${time}Z`)
const WORK: Window = {
  id: 'm',
  kind: 'maintenance',
  scope: { site: '一号鱼塘' },
  when: { from: at('01T14:00:00'), until: at('01T16:00:00') },
}

const platforms = (rig: Rig) => [rig.telegram, rig.dingtalk, rig.wecom]
const untilOpen = (rig: Rig, count = 1) =>
  until(
    async () => (await rig.store.list({ kind: 'incident', open: true, limit: 9 })).length >= count,
    'an open incident',
  )
const overText = (rig: Rig, word: string) => texts(rig.telegram).filter((text) => text.includes(word))

describe('in quiet hours', () => {
  test('what is not critical is recorded; at their end it gets its card, and the room one list', async () => {
    const rig = await rigWith({ windows: [QUIET] })
    await rig.trip('under-voltage')
    await untilOpen(rig)
    await rig.push({ type: 'state', device: '820721', ts: rig.now(), data: { power: '1' } })
    for (const one of platforms(rig)) expect(texts(one)).toEqual([])
    rig.clock.ahead += 8 * HOUR
    for (const one of platforms(rig)) {
      await untilSays(one, '免打扰结束：night')
      await untilSays(one, '跳闸（欠压） · 3号增氧机')
      expect(texts(one)).toHaveLength(2)
    }
    const [list] = overText(rig, '免打扰结束')
    expect(list).toMatch(/期间有 1 起告警：\n· 2026-12-01 22:30:\d\d 3号增氧机：欠压，已分闸，无人确认$/)
  })

  test('a critical one is told at once, and nothing is listed', async () => {
    const rig = await rigWith({ windows: [QUIET] })
    await rig.trip('overload')
    for (const one of platforms(rig)) await untilSays(one, '跳闸（过载）')
    rig.clock.ahead += 8 * HOUR
    await rig.trip('overload', '820721')
    await untilSays(rig.telegram, '投饵机')
    expect(overText(rig, '免打扰结束')).toEqual([])
  })

  test('what is over by their end is listed, and has no card', async () => {
    const rig = await rigWith({ windows: [QUIET] })
    await rig.trip('under-voltage')
    await untilOpen(rig)
    rig.clock.ahead += HOUR
    await rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '1' } })
    await until(
      async () => (await rig.store.list({ kind: 'incident', open: false, limit: 9 })).length === 1,
      'the end of the incident',
    )
    expect(texts(rig.telegram)).toEqual([])
    rig.clock.ahead += 8 * HOUR
    const list = await untilSays(rig.telegram, '免打扰结束')
    expect(list).toMatch(/欠压，已合闸 2026-12-01 23:30:\d\d$/)
    expect(texts(rig.telegram)).toHaveLength(1)
  })

  test('who acts on an incident has its card, and so has the room from then on', async () => {
    const rig = await rigWith({ windows: [QUIET] })
    await rig.trip('under-voltage')
    await untilOpen(rig)
    rig.say(rig.telegram, '1', '确认 3号增氧机')
    for (const one of platforms(rig)) await untilSays(one, '甲')
    rig.clock.ahead += 8 * HOUR
    expect(await untilSays(rig.telegram, '免打扰结束')).toContain('已分闸，甲 已确认')
  })

  test('a storm is none: many incidents make one list', async () => {
    const rig = await rigWith({ windows: [QUIET], storm: { more: 1, within: 10_000 } })
    await rig.trip('under-voltage')
    await rig.trip('under-voltage', '820721')
    await untilOpen(rig, 2)
    rig.clock.ahead += 8 * HOUR
    expect(await untilSays(rig.telegram, '免打扰结束')).toContain('期间有 2 起告警')
    for (const name of ['3号增氧机', '投饵机']) await untilSays(rig.telegram, `跳闸（欠压） · ${name}`)
    expect(await rig.store.list({ kind: 'storm', limit: 9 })).toEqual([])
    expect(texts(rig.telegram)).toHaveLength(3)
  })
})

describe('in a maintenance window', () => {
  test('also a critical one is kept quiet, nobody closes, and its end says what happened', async () => {
    const rig = await rigWith({ windows: [WORK] })
    await rig.trip('overload')
    await untilOpen(rig)
    expect(texts(rig.telegram)).toEqual([])
    rig.say(rig.telegram, '1', '合闸 3号增氧机')
    await untilSays(rig.telegram, '维护期间不得合闸（至 2026-12-02 00:00:00）')
    expect(rig.cloud.commands).toEqual([])
    rig.clock.ahead += 2 * HOUR
    for (const one of platforms(rig)) await untilSays(one, '维护结束：一号鱼塘')
  })

  test('in English, a restart in the window and one after its end lose nothing and tell nothing twice', async () => {
    const folder = newFolder()
    const policy = testPolicy({ windows: [WORK] })
    const english = {
      ...policy,
      rooms: policy.rooms.map((one) => ({ ...one, locale: 'en' as const })),
    }
    const first = await rigWith(english, { folder })
    await first.trip('overload')
    await untilOpen(first)
    await first.stop()
    const second = await rigWith(english, { folder, ahead: AHEAD + HOUR / 2 })
    await second.trip('leakage', '820721')
    await untilOpen(second, 2)
    expect(texts(second.telegram)).toEqual([])
    await second.stop()
    // It ends while nothing runs.
    const third = await rigWith(english, { folder, ahead: AHEAD + 3 * HOUR })
    const list = await untilSays(third.telegram, 'Maintenance is over: 一号鱼塘')
    expect(list).toContain('2 incidents:')
    expect(list).toMatch(/3号增氧机: Overload, Open, not acknowledged\n· .* 投饵机: Earth leakage, Open/)
    for (const name of ['3号增氧机', '投饵机']) await untilSays(third.telegram, `· ${name}`)
    await third.stop()
    const fourth = await rigWith(english, { folder, ahead: AHEAD + 4 * HOUR })
    await fourth.trip('overload', '820721')
    await fourth.push({ type: 'event', device: PUMP, ts: fourth.now(), data: { name: 'off' } })
    expect(overText(fourth, 'Maintenance is over')).toEqual([])
  })

  test('of two instances one tells its end', async () => {
    const rig = await rigWith({ windows: [WORK] })
    const other = await startRig({ policy: testPolicy({ windows: [WORK] }), beside: rig })
    await other.trip('overload')
    await untilOpen(rig)
    rig.clock.ahead += 2 * HOUR
    await untilSays(rig.telegram, '维护结束')
    await untilSays(rig.telegram, '跳闸（过载） · 3号增氧机')
    expect(overText(rig, '维护结束')).toHaveLength(1)
    expect(texts(rig.telegram)).toHaveLength(2)
  })
})
