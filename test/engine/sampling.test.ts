import { expect, test } from 'vitest'
import { createRecorder } from '../support/recorder.ts'
import { until } from '../support/until.ts'
import { breaker, PUMP, type Rig, startRig, testPolicy, texts, untilSays } from './rig.ts'

const ADMIN = { name: '场长', role: 'admin', ids: { telegram: '9' } } as const
const policy = (more: object = {}) =>
  testPolicy({ people: [ADMIN], breakers: [{ ...breaker(PUMP, '3号增氧机'), ...more }] })

const state = (rig: Rig, ts: number, data: object) => rig.push({ type: 'state', device: PUMP, ts, data })
const samples = async (rig: Rig, count: number) => {
  const all = () => rig.store.samples(PUMP, 0, rig.now() + 86_400_000)
  await until(async () => (await all()).length >= count, `${count} samples`)
  return all()
}
/** Nothing more is to come of what was pushed. */
const idle = (rig: Rig) =>
  until(
    async () => !(await rig.store.counts()).events?.waiting && !(await rig.store.busy(`breaker:${PUMP}`)),
    'idle',
  )

test('samples are at their own times: late ones, older ones, repeated ones, and now for those of the future', async () => {
  const rig = await startRig({ policy: policy() })
  const now = rig.now()
  const [early, late, old] = [now - 60_000, now - 30_000, now - 3 * 86_400_000]
  await state(rig, late, { power: '1', current: '12.1' })
  await state(rig, early, { power: '1', current: '12.2' })
  await state(rig, old, { power: '1', current: '12.3' })
  await state(rig, early, { power: '1', current: '12.2' })
  await state(rig, now + 3_600_000, { power: '1', current: '12.4' })
  const found = await samples(rig, 4)
  await idle(rig)
  expect(found.map(({ at, current }) => [at, current])).toEqual([
    [old, 12.3],
    [early, 12.2],
    [late, 12.1],
    [expect.closeTo(now, -4), 12.4],
  ])
  expect((await samples(rig, 4)).length).toBe(4)
})

test('what cannot be is counted, and logged once an hour for each breaker', async () => {
  const { log, lines } = createRecorder()
  const rig = await startRig({ policy: policy(), log })
  const logged = () => lines.filter((line) => line.includes('implausible'))
  const counted = async () =>
    (await rig.metrics.implausible.get()).values.map(({ labels, value }) => [labels.reading, value])
  for (let second = 5; second > 0; second--)
    await state(rig, rig.now() - second * 1000, { voltage: '2300', current: '1300', energy: `${9 - second}` })
  const found = await samples(rig, 5)
  await until(async () => (await counted())[0]?.[1] === 5, 'all to be counted')
  expect(found.every((one) => one.voltage === undefined && one.current === undefined)).toBe(true)
  expect(await counted()).toEqual(
    expect.arrayContaining([
      ['voltage', 5],
      ['current', 5],
    ]),
  )
  expect(logged()).toHaveLength(1)
  rig.clock.ahead += 3_600_000
  await state(rig, rig.now(), { voltage: '2300' })
  await until(() => logged().length === 2, 'another line after an hour')
})

test('an admin is told once of a unit that contradicts the others, with the line to write', async () => {
  const rig = await startRig({ policy: policy() })
  const said = () => texts(rig.telegram).filter((text) => text.includes('units.'))
  for (let second = 60; second > 0; second--)
    await state(rig, rig.now() - second * 1000, { voltage: '230', current: '38.5', active_power: '8.41' })
  expect(await untilSays(rig.telegram, 'units.')).toBe(
    '3号增氧机：与其他读数相比，功率大约小了 1000 倍。若单位确实不同，请在该断路器的配置中写上：units.power: kW。此前保存的数据不会改变。',
  )
  await samples(rig, 60)
  await idle(rig)
  expect(said()).toHaveLength(1)
  expect(rig.telegram.shown.find(({ content }) => 'text' in content)?.chat).toBe('9')
  // Not by another instance, or after a restart, either.
  const other = await startRig({ policy: policy(), beside: rig })
  for (let second = 120; second > 60; second--)
    await state(other, rig.now() - second * 1000, { voltage: '231', current: '38.5', active_power: '8.42' })
  await samples(rig, 120)
  await idle(rig)
  expect(said()).toHaveLength(1)
})
