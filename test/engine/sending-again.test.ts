import { describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import type { FakeChannel } from './fakes.ts'
import { startRig, texts, untilButton } from './rig.ts'

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

/** Tries of a text: what each comes to, in turn; then it is taken. */
function comesTo(channel: FakeChannel, outcomes: ('later' | 'unknown')[]): () => number {
  let tries = 0
  channel.fault = (_chat, content) => {
    if (!('text' in content)) return undefined
    const outcome = outcomes[tries++]
    return outcome && { outcome, why: 'as told' }
  }
  return () => tries
}

describe('a text that may have arrived', () => {
  test('is sent once more, also when it was refused for now before', async () => {
    const rig = await startRig()
    const tries = comesTo(rig.telegram, ['later', 'later', 'unknown'])
    await rig.say(rig.telegram, '1', '我是谁').taken
    for (const count of [1, 2, 3]) {
      await until(() => tries() === count, `try ${count}`)
      rig.clock.ahead += 2500
    }
    await until(() => texts(rig.telegram).length === 1, 'the text')
  })

  test('is given up when that is not answered either, whatever comes between', async () => {
    const rig = await startRig()
    const tries = comesTo(rig.telegram, ['unknown', 'later', 'unknown'])
    await rig.say(rig.telegram, '1', '我是谁').taken
    for (const count of [1, 2, 3]) {
      await until(() => tries() === count, `try ${count}`)
      rig.clock.ahead += 2500
    }
    await until(async () => (await rig.store.deadJobs()).length === 1, 'the end')
    expect(texts(rig.telegram)).toEqual([])
  })
})

test('a card whose outcome is unknown for the first time is tried soon, however often it was refused before', async () => {
  const rig = await startRig()
  let tries = 0
  rig.dingtalk.fault = () => {
    tries++
    if (tries <= 4) return { outcome: 'later', why: 'busy' }
    return tries === 5 ? { outcome: 'unknown', why: 'no answer' } : undefined
  }
  await rig.trip()
  for (const [n, pause] of [1000, 2000, 5000, 15_000].entries()) {
    await until(() => tries === n + 1, `try ${n + 1}`)
    rig.clock.ahead += pause + 100
  }
  await until(() => tries === 5, 'the one without answer')
  rig.clock.ahead += 2100
  await until(() => rig.dingtalk.shown.length === 1, 'the card')
})
