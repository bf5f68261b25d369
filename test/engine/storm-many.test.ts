import { expect, test } from 'vitest'
import type { Delivery } from '../../src/channels/channel.ts'
import type { Storm } from '../../src/domain/storm.ts'
import { until } from '../support/until.ts'
import type { FakeChannel } from './fakes.ts'
import { breaker, cardOf, type Rig, startRig, testPolicy } from './rig.ts'

const MANY = 2000
/** What groups take in a minute (Telegram: about 20 sends and edits; WeCom: 30). */
const PER_MINUTE = { telegram: 20, dingtalk: 20, wecom: 30 }

const devices = Array.from({ length: MANY }, (_, n) => `${900_000 + n}`)
const breakers = devices.map((id, n) => ({ ...breaker(id, `机${id}`), site: n % 2 ? '甲塘' : '乙塘' }))

/** Refuses what is too much, as the platform would, and counts all that was tried. */
function limited(channel: FakeChannel, now: () => number): { tried: number; refused: number } {
  const counts = { tried: 0, refused: 0 }
  const times: number[] = []
  channel.fault = (): Delivery | undefined => {
    counts.tried++
    const at = now()
    while (times.length > 0 && times[0]! <= at - 60_000) times.shift()
    if (times.length >= PER_MINUTE[channel.name]) {
      counts.refused++
      return { outcome: 'later', why: 'too many', retryAfter: times[0]! + 60_000 - at, wholeChat: true }
    }
    times.push(at)
    return undefined
  }
  return counts
}

const cards = ({ telegram }: Rig) => telegram.shown.flatMap((one) => cardOf(one) ?? [])
const stormCard = (rig: Rig) => rig.telegram.shown.find((one) => cardOf(one)?.subject.startsWith('-.'))
const storm = async ({ store }: Rig) => (await store.list<Storm>({ kind: 'storm' }))[0]?.value

test(`${MANY} trips at once: no message for each, the numbers true, all acknowledged by one press`, async () => {
  const rig = await startRig({ policy: testPolicy({ breakers, storm: { more: 3, within: 10_000 } }) })
  const channels = [rig.telegram, rig.dingtalk, rig.wecom]
  const counts = channels.map((one) => limited(one, rig.now))
  await Promise.all(devices.map((device) => rig.trip('under-voltage', device)))
  const total = MANY - 6
  await until(async () => (await storm(rig))?.tally.total === total, 'all to be counted', 60_000)
  expect((await storm(rig))!.tally).toMatchObject({ open: total, unacknowledged: total, siteCount: 2 })
  await until(
    () => stormCard(rig) && cardOf(stormCard(rig)!)!.title.includes(`${total} 起`),
    'the card',
    20_000,
  )
  expect(cards(rig)).toHaveLength(6 + 1)

  expect((await rig.press(rig.telegram, '1', 'ack', stormCard(rig))).toast).toBe(
    `确认 ${total} 起，由 甲 负责。`,
  )
  await until(async () => (await storm(rig))!.tally.unacknowledged === 0, 'all to be acknowledged', 60_000)
  await until(() => cardOf(stormCard(rig)!)!.buttons.length === 0, 'the card to say so')
  expect(cardOf(stormCard(rig)!)!.subtitle).toContain(`${total} 起已确认`)
  expect(cards(rig)).toHaveLength(6 + 1)
  for (const one of counts) {
    expect(one.refused).toBe(0)
    expect(one.tried).toBeLessThanOrEqual(25)
  }
}, 180_000)
