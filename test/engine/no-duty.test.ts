import { describe, expect, test } from 'vitest'
import type { Alarm } from '../../src/domain/alarm.ts'
import { onDuty } from '../../src/domain/duty.ts'
import type { Policy } from '../../src/domain/policy.ts'
import { until } from '../support/until.ts'
import { cardOf, type Rig, type RigOptions, startRig, testPolicy, untilButton, untilSays } from './rig.ts'

const [MINUTE, HOUR] = [60_000, 3_600_000]
const handover = { weekday: 0, hour: 8, minute: 0 }
const at = (iso: string) => Date.parse(iso) - Date.now()
/** A Sunday, ten hours before the hand-over. */
const SUNDAY = '2026-01-04T22:00:00+08:00'

const begin = (rota: string[], options: RigOptions = {}, more: Partial<Policy> = {}) =>
  startRig({
    policy: testPolicy({ duty: [{ room: 'night', rota, handover }], ...more }),
    ahead: at(SUNDAY),
    watchEvery: 20,
    ...options,
  })

const alarms = async ({ store }: Rig) =>
  (await Promise.all([true, false].map((open) => store.list<Alarm>({ kind: 'alarm', open })))).flat()

/** The rota by which one of two is on duty on that Sunday, and the other next. */
function rotaWith(next: string): string[] {
  const duty = (rota: string[]) => ({ duty: [{ room: 'night', rota, handover }], timezone: 'Asia/Shanghai' })
  const [now] = onDuty(duty(['甲', next]), 'night', Date.parse(SUNDAY))
  return now === next ? [next, '甲'] : ['甲', next]
}

describe('a room in which nobody on duty can be reached', () => {
  test('is an alarm, once, until somebody is on duty', async () => {
    const rig = await begin([])
    const card = await untilButton(rig.telegram, 'ack')
    expect(cardOf(card)).toMatchObject({
      title: 'night 无人值班',
      tone: 'alarm',
      notes: ['值班表里没有人。出事时会改为通知管理员。', '请在配置的 duty 和 people 中补上。'],
    })
    rig.clock.ahead += 10 * MINUTE
    await until(async () => (await rig.store.get('no-duty/night')) !== undefined, 'the record')
    expect(await alarms(rig)).toHaveLength(1)
    rig.engine.adopt(testPolicy({ duty: [{ room: 'night', rota: ['甲'], handover }] }))
    await untilSays(rig.telegram, '已有人值班')
    expect(await alarms(rig)).toMatchObject([{ value: { status: 'resolved', kind: 'no-duty' } }])
    expect(await rig.store.get('no-duty/night')).toBeUndefined()
  })

  test('is told of twelve hours before, and as it is from the hand-over on', async () => {
    const rig = await begin(rotaWith('丁'))
    const card = await untilButton(rig.telegram, 'ack')
    expect(cardOf(card)).toMatchObject({
      title: 'night 即将无人值班',
      tone: 'warning',
      notes: [
        '从 2026-01-05 08:00:00 换班起无人值班。',
        expect.stringContaining('值班的是 丁，但没有任何办法联系到'),
        expect.anything(),
      ],
    })
    rig.clock.ahead += 10 * HOUR
    await until(() => cardOf(card)?.title === 'night 无人值班', 'the card to change')
    expect(await alarms(rig)).toHaveLength(1)
  })

  test('is not told of more than twelve hours before', async () => {
    const rota = rotaWith('丁')
    const rig = await begin(rota, { ahead: at('2026-01-04T19:59:00+08:00') })
    await rig.trip()
    await untilButton(rig.telegram, 'ack')
    expect(await alarms(rig)).toEqual([])
    rig.clock.ahead += 2 * MINUTE
    await untilSays(rig.telegram, '即将无人值班')
  })

  test('is one that a policy calls duty in, without a rota, and in English', async () => {
    const steps = [{ after: 0, call: 'duty' as const }]
    const policy = { name: 'default', ackTimeout: 0, repeat: 0, repeatAfter: MINUTE, steps }
    const base = testPolicy()
    const rig = await startRig({
      policy: {
        ...base,
        rooms: base.rooms.map((room) => ({ ...room, locale: 'en' as const })),
        escalations: { policies: { default: policy }, rooms: {}, sites: {}, breakers: {} },
      },
    })
    const card = await untilButton(rig.telegram, 'ack')
    expect(cardOf(card)).toMatchObject({
      title: 'night: nobody is on duty',
      notes: [
        'The rota has nobody for that time. Alarms would go to the admins instead.',
        'Mend duty and people in the configuration.',
      ],
    })
  })

  test('two instances raise one', async () => {
    const rig = await begin([])
    await begin([], { beside: rig })
    await untilButton(rig.telegram, 'ack')
    rig.clock.ahead += 10 * MINUTE
    await rig.trip()
    await untilSays(rig.telegram, '过载')
    expect(await alarms(rig)).toHaveLength(1)
  })
})
