import { describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import type { FakeChannel } from './fakes.ts'
import { startRig, untilButton } from './rig.ts'

/** The keys of the cards that a platform was given while it left open what became of them. */
function withoutAnswer(channel: FakeChannel): string[] {
  const keys: string[] = []
  channel.fault = (_chat, content, key) => {
    if (!('card' in content)) return undefined
    keys.push(key)
    return { outcome: 'unknown', why: 'no answer' }
  }
  return keys
}

describe('a card that may have arrived is sent again', () => {
  test('by the same key while it says the same, so that it cannot stand twice', async () => {
    const rig = await startRig()
    const tried = [withoutAnswer(rig.wecom), withoutAnswer(rig.dingtalk)]
    await rig.trip()
    await until(() => tried.every((keys) => keys.length === 1), 'the first try')
    rig.clock.ahead += 2500
    await until(() => tried.every((keys) => keys.length === 2), 'the second try')
    for (const [first, second] of tried) expect(second).toBe(first)
  })

  test('by another key once it has changed, where the one that arrived cannot be: else nobody saw the change', async () => {
    const rig = await startRig()
    const [wecom, dingtalk] = [withoutAnswer(rig.wecom), withoutAnswer(rig.dingtalk)]
    await rig.trip()
    const alarm = await untilButton(rig.telegram, 'ack')
    await until(() => wecom.length === 1 && dingtalk.length === 1, 'the first try')
    await rig.press(rig.telegram, '1', 'ack', alarm)
    rig.clock.ahead += 2500
    await until(() => wecom.length === 2 && dingtalk.length === 2, 'the second try')
    expect(wecom[1]).not.toBe(wecom[0])
    expect(dingtalk[1]).toBe(dingtalk[0])
  })
})
