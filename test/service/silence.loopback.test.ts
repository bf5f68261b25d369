import { afterEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { untilCard, untilSaid } from './chats.ts'
import { type Rig, startRig } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

/** The breakers report so often, real ms. */
const REPORTS = 500

/** Starts the service and lets all breakers report until it must know how often they do. */
async function startReporting(): Promise<() => void> {
  rig = await startRig({ platforms: ['telegram'], timings: { sweepEvery: 50 } })
  const stop = rig.cloud.startMetering(REPORTS)
  const states = () =>
    rig.cloud.pushes.filter((one) => one.device === '820720' && one.outcome === 'delivered')
  await until(() => states().length >= 7, 'some reports')
  return stop
}

test('a breaker that falls silent without a push: no word, no close, and back', async () => {
  const stop = await startReporting()
  await rig.cloud.trip(820720)
  await untilCard(rig.chats.telegram, '过载', ['合闸'])
  rig.cloud.pushFaults.add({
    times: Number.POSITIVE_INFINITY,
    when: (push) => push.device === '820720',
    effect: { kind: 'lose' },
  })
  await rig.cloud.goOffline(820720)
  await untilCard(rig.chats.telegram, '状态可能已变')
  expect(rig.cloud.calls.some((call) => call.path === 'device/info')).toBe(true)
  rig.chats.telegram.say('看客', '状态 3号')
  await untilSaid(rig.chats.telegram, /3号增氧机：分闸；.*起没有消息/)
  await rig.chats.telegram.press('甲', '合闸')
  await untilCard(rig.chats.telegram, '请求合闸', ['确认合闸'])
  await rig.chats.telegram.press('甲', '确认合闸')
  await untilCard(rig.chats.telegram, '断路器离线')
  expect(rig.cloud.commands).toHaveLength(0)
  rig.cloud.pushFaults.clear()
  await rig.cloud.goOnline(820720)
  await until(
    () => !rig.chats.telegram.card()?.text.includes('状态可能已变'),
    'the card to say no more of it',
  )
  stop()
})
