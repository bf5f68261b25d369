import { expect, test } from 'vitest'
import type { Alarm } from '../../src/domain/alarm.ts'
import { until } from '../support/until.ts'
import { newFolder, type Rig, type RigOptions, startRig, testPolicy, texts, untilSays } from './rig.ts'

const [MINUTE, DAY] = [60_000, 86_400_000]
const every = { weekday: 0, hour: 10, minute: 0 }
const at = (iso: string) => Date.parse(iso) - Date.now()
const drills = async ({ store }: Rig) =>
  (await Promise.all([true, false].map((open) => store.list<Alarm>({ kind: 'alarm', open })))).flatMap(
    (all) => all.filter(({ value }) => value.kind === 'drill'),
  )

const begin = (iso: string, options: RigOptions = {}) =>
  startRig({ policy: testPolicy({ drill: { every } }), ahead: at(iso), watchEvery: 20, ...options })

/** Until the calendar was looked at, and the time seen to is one of a room. */
const looked = ({ store }: Rig, due: string) =>
  until(async () => {
    const known = await store.get<{ seenTo: number }>('weekly-drill/night')
    return known?.value.seenTo === Date.parse(due)
  }, `${due} to be seen to`)

test('begins at its time by the clock of the sites, once, and not when it was set only just now', async () => {
  const rig = await begin('2026-01-05T09:59:00+08:00')
  await looked(rig, '2025-12-29T10:00:00+08:00')
  expect(await drills(rig)).toEqual([])
  rig.clock.ahead += MINUTE
  await untilSays(rig.telegram, '【演练】night')
  expect(texts(rig.telegram)[0]).toContain('每周例行演练')
  rig.clock.ahead += 3 * MINUTE
  await untilSays(rig.telegram, '演练结果')
  expect(await drills(rig)).toHaveLength(1)
  rig.clock.ahead += 7 * DAY - 4 * MINUTE
  await looked(rig, '2026-01-05T10:00:00+08:00')
  rig.clock.ahead += MINUTE
  await until(async () => (await drills(rig)).length === 2, 'the next one')
})

test('begins by the clock of its room, where that has one of its own', async () => {
  const [room] = testPolicy().rooms
  const policy = testPolicy({ drill: { every }, rooms: [{ ...room!, timezone: 'Europe/Berlin' }] })
  const rig = await begin('2026-01-05T10:30:00+08:00', { policy })
  await looked(rig, '2025-12-29T10:00:00+01:00')
  rig.clock.ahead += 6 * 60 * MINUTE
  await looked(rig, '2025-12-29T10:00:00+01:00')
  expect(await drills(rig)).toEqual([])
  rig.clock.ahead += 31 * MINUTE
  await looked(rig, '2026-01-05T10:00:00+01:00')
  await until(async () => (await drills(rig)).length === 1, 'the drill')
})

test('a restart neither loses nor doubles one', async () => {
  const folder = newFolder()
  const first = await begin('2026-01-05T09:59:00+08:00', { folder })
  await looked(first, '2025-12-29T10:00:00+08:00')
  await first.stop()
  const second = await begin('2026-01-05T10:30:00+08:00', { folder })
  await until(async () => (await drills(second)).length === 1, 'the late one')
  await second.stop()
  const third = await begin('2026-01-05T10:31:00+08:00', { folder })
  third.clock.ahead += 3 * MINUTE
  await untilSays(third.telegram, '演练结果')
  expect(await drills(third)).toHaveLength(1)
})

test('one that is more than an hour late is left out, and the log says so', async () => {
  const folder = newFolder()
  const first = await begin('2026-01-05T09:59:00+08:00', { folder })
  await looked(first, '2025-12-29T10:00:00+08:00')
  await first.stop()
  const warned: [object, string][] = []
  const log = {
    debug() {},
    info() {},
    error() {},
    warn: (facts: object, text: string) => void warned.push([facts, text]),
  }
  const second = await begin('2026-01-05T11:00:01+08:00', { folder, log })
  await looked(second, '2026-01-05T10:00:00+08:00')
  await until(() => warned.length === 1, 'the warning')
  expect(warned).toEqual([
    [
      { room: 'night', due: '2026-01-05 10:00:00' },
      'the weekly drill is left out: it is more than an hour late; the next is in a week',
    ],
  ])
  expect(await drills(second)).toEqual([])
})

test('two instances begin one', async () => {
  const rig = await begin('2026-01-05T09:59:00+08:00')
  await looked(rig, '2025-12-29T10:00:00+08:00')
  await begin('2026-01-05T09:59:00+08:00', { beside: rig })
  rig.clock.ahead += MINUTE
  await untilSays(rig.telegram, '【演练】night')
  rig.clock.ahead += 3 * MINUTE
  await untilSays(rig.telegram, '演练结果')
  expect(await drills(rig)).toHaveLength(1)
})

test('only in the rooms that are named', async () => {
  const policy = testPolicy({ drill: { every, rooms: ['day'] } })
  const rig = await begin('2026-01-05T09:59:00+08:00', { policy })
  rig.clock.ahead += 2 * MINUTE
  await rig.trip()
  await untilSays(rig.telegram, '过载')
  expect(await drills(rig)).toEqual([])
  expect(await rig.store.get('weekly-drill/night')).toBeUndefined()
})

test('keeps to the local time when summer time begins', async () => {
  const policy = testPolicy({ drill: { every }, timezone: 'Europe/Berlin' })
  const rig = await begin('2026-03-23T10:00:30+01:00', { policy })
  await looked(rig, '2026-03-23T10:00:00+01:00')
  rig.clock.ahead += 7 * DAY - 62 * MINUTE
  await rig.trip()
  await untilSays(rig.telegram, '过载')
  expect(await drills(rig)).toEqual([])
  rig.clock.ahead += 2 * MINUTE
  await untilSays(rig.telegram, '【演练】night')
  await looked(rig, '2026-03-30T10:00:00+02:00')
})
