import { describe, expect, test } from 'vitest'
import type { Alarm } from '../../src/domain/alarm.ts'
import { USUAL_OFFLINE } from '../../src/domain/offline.ts'
import type { Store } from '../../src/store/store.ts'
import { until } from '../support/until.ts'
import { breaker, PUMP, startRig, testPolicy, untilSays } from './rig.ts'
import { MINUTE, policyWith, STEPS, settle, stage } from './stage.ts'

const incidents = (store: Store) => store.list({ kind: 'incident', open: true })
const alarms = (store: Store) => store.list({ kind: 'alarm', open: true })

describe('an escalation goes by how things are now', () => {
  test('a step for a cause that becomes known later is taken all the same', async () => {
    const steps = [
      { after: 0, cards: true },
      { after: 2 * MINUTE, call: 'duty', causes: ['overload'] },
    ] as const
    const rig = await stage({ policy: policyWith([...steps].map((one) => ({ ...one })) as never) })
    await rig.push({
      type: 'event',
      device: PUMP,
      ts: rig.now(),
      data: { name: 'trip', state: { power: '0' } },
    })
    await until(async () => (await incidents(rig.store)).length === 1)
    await settle(rig)
    await rig.trip('overload')
    await settle(rig)
    await rig.later(2 * MINUTE)
    expect(rig.ways.voice.handed).toHaveLength(1)
  })

  test('a policy that is taken out goes on once it is there again; one that comes begins for what is open', async () => {
    const policy = policyWith()
    const { escalations: _, ...without } = policy
    const rig = await stage({ policy })
    await rig.trip()
    await settle(rig)
    rig.engine.adopt(without)
    await rig.later(3 * MINUTE)
    expect(rig.news().filter((one) => one.includes('⏰'))).toEqual([])
    rig.engine.adopt(policy)
    await rig.later(3 * MINUTE)
    expect(rig.ways.voice.handed).toHaveLength(1)

    const other = await stage({ policy: without })
    await other.trip()
    await settle(other)
    other.engine.adopt(policy)
    await settle(other)
    await other.later(5 * MINUTE)
    expect(other.ways.voice.handed).toHaveLength(1)
  })

  test('a call that is tried again and again stops while its alarm is muted', async () => {
    const policy = policyWith([{ after: MINUTE, call: 'duty' }])
    const people = policy.people.map((one) => ({ ...one, ways: ['voice' as const] }))
    const rig = await stage({ policy: { ...policy, people } })
    rig.ways.voice.answer = () => ({ outcome: 'later', why: 'down' })
    await rig.trip()
    await settle(rig)
    await rig.later(MINUTE)
    await rig.say(rig.telegram, '1', '静音 3号增氧机 2h').taken
    await settle(rig)
    const calls = rig.ways.voice.handed.length
    expect(calls).toBe(1)
    for (let minute = 0; minute < 3; minute++) await rig.later(MINUTE)
    expect(rig.ways.voice.handed).toHaveLength(calls)
  })

  test('whoever wants to may take on what was handed over and not taken yet', async () => {
    const person = { ...testPolicy().people[0]!, name: '丙', ids: { telegram: '3' } }
    const rig = await stage({ policy: policyWith(STEPS, {}, { people: [...policyWith().people, person] }) })
    await rig.trip()
    await settle(rig)
    await rig.say(rig.telegram, '1', '确认 3号增氧机').taken
    await settle(rig)
    await rig.say(rig.telegram, '1', '转交 3号增氧机 乙').taken
    await settle(rig)
    rig.news()
    await rig.say(rig.telegram, '3', '确认 3号增氧机').taken
    await settle(rig)
    expect(rig.news().filter((one) => one.startsWith('telegram'))[0]).toContain('丙 已确认')
  })
})

test('a maintenance that somebody works under stays when another one is planned for later', async () => {
  const rig = await startRig()
  await rig.trip()
  await rig.say(rig.telegram, '1', '维护 3号增氧机 8h 换电缆').taken
  await untilSays(rig.telegram, '已开始维护')
  const day = (ahead: number) =>
    new Date(rig.now() + ahead * 86_400_000 + 28_800_000).toISOString().slice(0, 10)
  await rig.say(rig.telegram, '2', `维护 3号增氧机 ${day(3)} 08:00 到 ${day(3)} 12:00`).taken
  await untilSays(rig.telegram, '已安排维护')
  await rig.say(rig.telegram, '1', '合闸 3号增氧机').taken
  await untilSays(rig.telegram, '维护')
  await rig.say(rig.telegram, '1', '确认合闸 3号增氧机').taken
  await settle(rig)
  expect(rig.cloud.commands).toEqual([])
})

test('while it is looked whether a whole site is away, what its breakers report is decided at once', async () => {
  const breakers = [
    breaker(PUMP, '泵'),
    ...['1', '2', '3'].map((id) => ({ ...breaker(id, `x${id}`), site: 'S' })),
  ]
  const rig = await startRig({ policy: testPolicy({ breakers }) })
  const tell = async (type: 'offline' | 'online', ids: string[]) => {
    for (const device of ids) await rig.push({ type, device, ts: rig.now(), data: {} })
    await settle(rig)
  }
  const pass = async (ms: number) => {
    rig.clock.ahead += ms
    await settle(rig)
  }
  await tell('offline', ['1', '2', '3'])
  await pass(USUAL_OFFLINE.siteGrace + 1000)
  await until(async () => (await alarms(rig.store)).length === 1, 'the alarm of the site')
  await pass(60_000)
  await tell('online', ['1'])
  await until(async () => (await alarms(rig.store)).length === 0, 'its end')
  await pass(40_000)
  await rig.trip('short-circuit', '2')
  await until(async () => (await incidents(rig.store)).length === 1, 'the trip to be decided', 5000)
})

test('that a breaker is away is acknowledged by its name, also where several are', async () => {
  const breakers = [breaker(PUMP, '泵'), breaker('820721', '投饵机')].map((one, index) => ({
    ...one,
    site: `塘${index}`,
  }))
  const rig = await startRig({ policy: testPolicy({ breakers }) })
  for (const device of [PUMP, '820721']) await rig.push({ type: 'offline', device, ts: rig.now(), data: {} })
  await settle(rig)
  rig.clock.ahead += USUAL_OFFLINE.grace + 1000
  await until(async () => (await alarms(rig.store)).length === 2, 'both alarms')
  await settle(rig)
  await rig.say(rig.telegram, '1', '确认 投饵机').taken
  await untilSays(rig.telegram, '甲 已确认')
  const owners = (await rig.store.list<Alarm>({ kind: 'alarm', open: true })).map(({ value }) => [
    value.breaker,
    value.owner?.person,
  ])
  expect(owners.sort()).toEqual([
    [PUMP, undefined],
    ['820721', '甲'],
  ])
})
