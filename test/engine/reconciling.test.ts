import { expect, test } from 'vitest'
import type { BreakerState } from '../../src/domain/breaker.ts'
import { until } from '../support/until.ts'
import { PUMP, startRig, untilSays } from './rig.ts'

const LONG_AGO = 60_000

test('a breaker whose coming back was never told is found online', async () => {
  const rig = await startRig({ reconcileEvery: 50 })
  await rig.push({ type: 'offline', device: PUMP, ts: rig.now() - LONG_AGO })
  await untilSays(rig.telegram, '离线')
  rig.cloud.status = { online: true, positions: {} }
  await untilSays(rig.telegram, '恢复在线')
  expect((await rig.store.get<BreakerState>(`breaker/${PUMP}`))?.value.online).toBe(true)
})

test('what the cloud last knew of a breaker that is away is not told again and again', async () => {
  const rig = await startRig({ reconcileEvery: 20 })
  await rig.push({ type: 'state', device: PUMP, ts: rig.now() - LONG_AGO, data: { power: '1' } })
  let rounds = 0
  rig.cloud.status = { online: false, positions: { power: 'open' } }
  const list = rig.cloud.list
  rig.cloud.list = (signal) => {
    rounds++
    return list(signal)
  }
  await untilSays(rig.telegram, '离线')
  const before = (await rig.store.get(`breaker/${PUMP}`))!.version
  const seen = rounds
  await until(() => rounds > seen + 3, 'a few more rounds')
  expect((await rig.store.get(`breaker/${PUMP}`))!.version).toBe(before)
})
