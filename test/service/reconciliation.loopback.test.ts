import { afterEach, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { untilCard, untilSaid } from './chats.ts'
import { type Rig, startRig } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

const FOREVER = Number.POSITIVE_INFINITY

/** Starts the service and waits until it has learned how all breakers stand. */
async function startKnowing(reconcileEvery: string, more = ''): Promise<void> {
  rig = await startRig({ platforms: ['telegram'], reconcileEvery, more })
  const chat = rig.chats.telegram
  const answers = () => chat.texts().filter((text) => text.includes('断路器 3 台'))
  let asked = 0
  await until(() => {
    // Again as soon as it is answered: the first answer may come before the first round.
    if (answers().length >= asked) {
      asked++
      chat.say('看客', '列表')
    }
    return /820720：合闸[\s\S]*820730：合闸/.test(answers().at(-1) ?? '')
  }, 'all positions to be known')
}

describe('a push that the cloud lost', () => {
  test('a trip: a card with the span in which it happened, and it can be closed from there', async () => {
    await startKnowing('300ms')
    rig.cloud.pushFaults.add({ times: FOREVER, effect: { kind: 'lose' } })
    await rig.cloud.trip(820720)
    const { text } = await untilCard(rig.chats.telegram, '对账时发现', ['合闸'])
    expect(text).toMatch(/发生在 (\d\d:\d\d:\d\d|\d{4}-\S+ \S+)\s?–\s?\S+ 之间/)
    rig.cloud.pushFaults.clear()
    await rig.chats.telegram.press('甲', '合闸')
    await untilCard(rig.chats.telegram, '另一人', ['确认合闸'])
    await rig.chats.telegram.press('乙', '确认合闸')
    await untilCard(rig.chats.telegram, '已合闸')
    expect(rig.chats.telegram.cards()).toBe(1)
  })

  test('going offline', async () => {
    await startKnowing('300ms', 'offline: { grace: 0s, siteGrace: 0s }')
    rig.cloud.pushFaults.add({ times: FOREVER, effect: { kind: 'lose' } })
    await rig.cloud.goOffline(820721)
    expect((await untilCard(rig.chats.telegram, '投饵机 失联')).text).toContain('对账时发现')
    await rig.cloud.goOnline(820721)
    await untilSaid(rig.chats.telegram, /投饵机 失联[\s\S]*已恢复/)
  })

  test('a page of the list that fails at first is asked for again', async () => {
    await startKnowing('300ms')
    rig.cloud.pushFaults.add({ times: FOREVER, effect: { kind: 'lose' } })
    rig.cloud.faults.add({
      times: 3,
      when: (call) => call.path === 'device/list',
      effect: { kind: 'status', status: 502 },
    })
    await rig.cloud.trip(820720)
    await untilCard(rig.chats.telegram, '对账时发现')
  })
})

test('MQTT that comes back makes it ask at once', async () => {
  rig = await startRig({ platforms: ['telegram'], mqtt: true, reconcileEvery: '1h' })
  await until(() => rig.log.some((line) => line.includes('MQTT was not connected')), 'the word of a gap')
})
