import { describe, expect, test } from 'vitest'
import type { Policy } from '../../src/domain/policy.ts'
import { until } from '../support/until.ts'
import { newFolder, type Rig, type RigOptions, startRig, testPolicy, texts, untilSays } from './rig.ts'

const HOUR = 3_600_000
/** 22:30 in the night, Shanghai. */
const AHEAD = Date.parse('2026-12-01T14:30:00Z') - Date.now()

const DUTY = [{ room: 'night', rota: ['甲'], handover: { weekday: 0, hour: 8, minute: 0 } }]
const rigWith = (policy: Partial<Policy> = {}, more: RigOptions = {}) =>
  startRig({ policy: testPolicy(policy), ahead: AHEAD, ...more })
const english = () =>
  testPolicy({ rooms: testPolicy().rooms.map((one) => ({ ...one, locale: 'en' as const })) })
const viewer = { name: '看客', role: 'viewer', ids: { telegram: '9' } } as const
const withViewer = () => ({ people: [...testPolicy().people, viewer] })

const say = (rig: Rig, text: string, who = '1') => rig.say(rig.telegram, who, text)
const untilOpen = (rig: Rig, count = 1) =>
  until(
    async () => (await rig.store.list({ kind: 'incident', open: true, limit: 9 })).length >= count,
    'an open incident',
  )

describe('a mute', () => {
  test('is told to the whole room, keeps even critical ones quiet, and ends with a list', async () => {
    const rig = await rigWith()
    say(rig, '静音 3号增氧机 2h')
    for (const one of [rig.telegram, rig.dingtalk, rig.wecom])
      expect(await untilSays(one, '已静音')).toMatch(/^甲 已静音 3号增氧机，到 2026-12-02 00:30:\d\d：/)
    await rig.trip('overload')
    await untilOpen(rig)
    await rig.trip('overload', '820721')
    await untilSays(rig.telegram, '跳闸（过载） · 投饵机')
    expect(texts(rig.telegram)).toHaveLength(2)
    rig.clock.ahead += 2 * HOUR + 1000
    expect(await untilSays(rig.telegram, '静音结束：3号增氧机')).toContain('期间有 1 起告警：')
    await untilSays(rig.telegram, '跳闸（过载） · 3号增氧机')
    expect(texts(rig.telegram)).toHaveLength(4)
  })

  test('in English, ended by word: what happened is listed at once, and what is open told', async () => {
    const rig = await startRig({ policy: english(), ahead: AHEAD })
    say(rig, 'mute 3号增氧机 until 2026-12-03 08:00')
    await untilSays(rig.telegram, 'until 2026-12-03 08:00:00')
    await rig.trip('overload')
    await untilOpen(rig)
    say(rig, 'mute')
    await untilSays(rig.telegram, '🔕 Mute: 3号增氧机, until 2026-12-03 08:00:00 (by 甲)')
    say(rig, 'status')
    await until(() => texts(rig.telegram).filter((one) => one.includes('🔕 Mute')).length === 2, 'the status')
    say(rig, 'unmute')
    await untilSays(rig.telegram, '甲 has ended the mute: 3号增氧机')
    await untilSays(rig.telegram, 'The mute is over')
    await untilSays(rig.telegram, '3号增氧机\nOpen')
    rig.clock.ahead += 48 * HOUR
    say(rig, 'history')
    const history = await untilSays(rig.telegram, '甲 muted 3号增氧机')
    expect(history).toContain('甲 ended the mute of 3号增氧机')
    expect(texts(rig.telegram).filter((one) => one.includes('The mute is over'))).toHaveLength(1)
  })

  test('with nothing in it ends with one line, also after a restart', async () => {
    const folder = newFolder()
    const first = await rigWith({}, { folder })
    say(first, '静音 一号鱼塘 到 2026-12-02')
    await untilSays(first.telegram, '到 2026-12-02 00:00:00')
    await first.stop()
    const second = await rigWith({}, { folder, ahead: AHEAD + HOUR })
    await second.trip('overload')
    await untilOpen(second)
    second.clock.ahead += HOUR
    await untilSays(second.telegram, '静音结束：一号鱼塘')
    await second.stop()
    const third = await rigWith({}, { folder, ahead: AHEAD + 3 * HOUR, instance: 'third' })
    say(third, '静音 30分钟')
    await untilSays(third.telegram, '已静音 night')
    third.clock.ahead += HOUR
    expect(await untilSays(third.telegram, '静音结束：night')).toContain('期间没有告警')
    expect(texts(third.telegram).filter((one) => one.includes('静音结束'))).toHaveLength(1)
  })

  test.each([
    ['静音 3号增氧机 2h', '9', '没有操作权限'],
    ['维护 一号鱼塘 2h 换电缆', '9', '没有操作权限'],
    ['免打扰 22:00-06:00', '9', '没有操作权限'],
    ['今晚我值班', '9', '没有操作权限'],
    ['静音 3号增氧机 2h', '77', '77'],
    ['静音 3号增氧机 31d', '1', '最多 30 天'],
    ['静音 3号增氧机 到 2020-01-01', '1', '最多 30 天'],
    ['静音 五号 2h', '1', '五号'],
    ['静音 3号增氧机', '1', '用法'],
    ['免打扰 25:00-06:00', '1', '用法'],
    ['代班 丙 今晚', '1', '没有叫“丙”的人'],
    ['取消静音', '1', '没有静音'],
    ['维护结束', '1', '没有进行中的维护'],
    ['免打扰 取消', '1', '没有可取消'],
    ['取消代班', '1', '没有代班'],
  ])('«%s» by %s changes nothing', async (text, who, answer) => {
    const rig = await rigWith(withViewer())
    say(rig, text, who)
    await untilSays(rig.telegram, answer)
    expect(texts(rig.telegram)).toHaveLength(1)
    expect(await rig.store.get('arrangements/all')).toBeUndefined()
    await rig.trip('overload')
    await untilSays(rig.telegram, '跳闸（过载）')
  })

  test('of a whole site takes a role at all of it', async () => {
    const local = {
      name: '丁',
      roles: [{ role: 'operator', sites: [], groups: ['增氧'] }],
      ids: { telegram: '5' },
    } as const
    const policy = testPolicy()
    const breakers = policy.breakers.map((one, index) => (index === 0 ? { ...one, groups: ['增氧'] } : one))
    const people = [
      ...policy.people,
      { ...local, roles: [{ role: 'operator', sites: [], groups: ['增氧'] }] as never },
    ]
    const rig = await rigWith({ breakers, people })
    say(rig, '静音 一号鱼塘 2h', '5')
    await untilSays(rig.telegram, '丁 没有操作权限')
    say(rig, '静音 3号增氧机 2h', '5')
    await untilSays(rig.telegram, '丁 已静音 3号增氧机')
  })
})

describe('maintenance by word', () => {
  test('nobody closes until it is ended, and then one may', async () => {
    const rig = await rigWith()
    await rig.trip('overload')
    await untilSays(rig.telegram, '跳闸（过载）')
    say(rig, '维护 一号鱼塘 2h 换电缆')
    await untilSays(rig.telegram, '已开始维护 一号鱼塘，到 2026-12-02 00:30')
    say(rig, '合闸 3号增氧机')
    await untilSays(rig.telegram, '维护期间不得合闸')
    say(rig, '维护结束 一号鱼塘')
    await untilSays(rig.telegram, '甲 已结束维护：一号鱼塘')
    say(rig, '合闸 3号增氧机')
    await untilSays(rig.telegram, '确认')
    expect(rig.cloud.commands).toEqual([])
  })

  test('a configured one is ended by word too, for this time', async () => {
    const windows = [
      {
        id: 'm',
        kind: 'maintenance' as const,
        scope: { room: 'night' },
        when: { from: 22 * 60, to: 6 * 60 },
      },
    ]
    const rig = await rigWith({ windows })
    await rig.trip('overload')
    await untilOpen(rig)
    expect(texts(rig.telegram)).toEqual([])
    say(rig, '维护结束')
    await untilSays(rig.telegram, '维护结束：night')
    await untilSays(rig.telegram, '跳闸（过载）')
    rig.clock.ahead += 24 * HOUR
    await rig.trip('overload', '820721')
    await untilOpen(rig, 2)
    say(rig, '维护')
    await untilSays(rig.telegram, '🔧 维护：night，22:00–06:00（配置）')
    expect(texts(rig.telegram).some((one) => one.includes('投饵机'))).toBe(false)
  })
})

test('quiet hours by word hold each night for the room, until they are taken back', async () => {
  const rig = await rigWith()
  say(rig, '免打扰 22:00-06:00')
  await untilSays(rig.telegram, '甲 已设免打扰：night 每天 22:00–06:00')
  await rig.trip('under-voltage')
  await untilOpen(rig)
  say(rig, '免打扰')
  await untilSays(rig.telegram, '🌙 免打扰：night，22:00–06:00（甲）')
  expect(texts(rig.telegram)).toHaveLength(2)
  rig.clock.ahead += 8 * HOUR
  await untilSays(rig.telegram, '免打扰结束')
  await untilSays(rig.telegram, '跳闸（欠压）')
  say(rig, '免打扰 取消')
  await untilSays(rig.telegram, '甲 已取消免打扰：night')
})

describe('who is on duty', () => {
  test('tonight is until eight, and those who take over are called on', async () => {
    const rig = await rigWith(
      { duty: DUTY },
      {
        prepare: ({ telegram }) => {
          telegram.abilities.mention = true
        },
      },
    )
    say(rig, '今晚我值班', '2')
    await untilSays(rig.telegram, 'night 值班：乙，2026-12-01 22:30')
    say(rig, '值班')
    await untilSays(rig.telegram, 'night 值班：乙，至 2026-12-02 08:00:00（乙 安排的代班）')
    await rig.trip('overload')
    await untilSays(rig.telegram, '跳闸（过载）')
    const alarm = rig.telegram.shown.findLast(({ content }) => 'card' in content)
    expect(alarm?.content).toMatchObject({ mention: [{ id: '2', name: '乙' }] })
    rig.clock.ahead += 10 * HOUR
    await rig.trip('overload', '820721')
    await untilSays(rig.telegram, '跳闸（过载） · 投饵机')
    const morning = rig.telegram.shown.findLast(({ content }) => 'card' in content)
    expect(morning?.content).toMatchObject({ mention: [{ id: '1', name: '甲' }] })
  })

  test('in English, for a span that is named, and taken back', async () => {
    const rig = await startRig({ policy: { ...english(), duty: DUTY }, ahead: AHEAD })
    say(rig, 'cover 乙 12-03 20:00 to 12-04 08:00')
    await untilSays(rig.telegram, 'On duty in night: 乙, 2026-12-03 20:00:00 to 2026-12-04 08:00:00')
    say(rig, 'oncall')
    await untilSays(rig.telegram, 'Cover in night: 乙, 2026-12-03 20:00:00')
    say(rig, 'cover off')
    await untilSays(rig.telegram, '甲 has taken back the cover in night')
    say(rig, 'cover 乙 tonight')
    await untilSays(rig.telegram, 'to 2026-12-02 08:00:00')
    await untilSays(rig.telegram, 'On duty in night: 乙, 2026-12-01 22:30')
  })
})
