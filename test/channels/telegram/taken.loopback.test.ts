import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ChatInput } from '../../../src/channels/channel.ts'
import { sampleCards } from '../../support/cards.ts'
import { until } from '../../support/until.ts'
import { createRig, delivered, GROUP, hurt, LI, type Rig, refuse } from './rig.ts'

let rig: Rig

beforeEach(async () => {
  rig = await createRig()
  await rig.start()
})
afterEach(() => rig.close())

const arrived = (count: number) => until(() => rig.inputs.length >= count)
const confirmed = () => until(() => rig.sim.pending() === 0)

describe('nothing is confirmed before it is taken', () => {
  const texts = () => rig.inputs.map((input: ChatInput) => (input.kind === 'text' ? input.text : input.kind))

  test('what was refused comes again, with all of its batch, under the same ids', async () => {
    let broken = true
    rig.engine.receive = (input) =>
      broken && input.kind === 'text' && input.text === '2'
        ? { taken: Promise.reject(new Error('disk full')) }
        : {}
    for (const text of ['1', '2', '3']) rig.sim.say(LI.id, LI.id, text)
    await until(() => rig.channel.health().state === 'waiting')
    expect(rig.channel.health().detail).toContain('disk full')
    expect(rig.sim.pending()).toBeGreaterThan(0)
    broken = false
    await confirmed()
    await until(() => rig.channel.health().state === 'ready')
    expect(texts().slice(-2)).toEqual(['2', '3'])
    expect(new Set(rig.inputs.map(({ id }) => id)).size).toBe(3)
  })

  test('an engine that throws is as one that refuses', async () => {
    rig.engine.receive = () => {
      throw new Error('no store')
    }
    rig.sim.say(LI.id, LI.id, '1')
    await until(() => rig.channel.health().state === 'waiting')
    rig.engine.receive = () => ({})
    await confirmed()
    expect(texts().at(-1)).toBe('1')
  })

  test('what was not taken before the end comes again after the start', async () => {
    rig.engine.receive = () => ({ taken: new Promise<void>(() => {}) })
    rig.sim.say(LI.id, LI.id, '1')
    await arrived(1)
    rig.engine.receive = () => ({})
    await rig.restart()
    await confirmed()
    expect(texts()).toEqual(['1', '1'])
    expect(rig.inputs[0]).toEqual(rig.inputs[1])
  })
})

describe('how long a press may have lain with Telegram', () => {
  let card: number
  beforeEach(async () => {
    card = delivered(await rig.channel.send(String(GROUP), { card: sampleCards('zh-CN').open! }, 'k1'))
  })
  const lain = () => rig.inputs.map((input) => (input.kind === 'press' ? input.mayHaveLain : undefined))

  test('is next to nothing while we listen', async () => {
    await until(() => rig.channel.health().state === 'ready')
    rig.sim.press(GROUP, card, LI.id, { text: '确认' })
    await arrived(1)
    expect(lain()[0]).toBeLessThan(5000)
  })

  test('is not known after a start: as long as Telegram keeps one', async () => {
    await until(() => rig.channel.health().state === 'ready')
    await rig.channel.stop()
    rig.sim.press(GROUP, card, LI.id, { text: '确认' })
    await rig.restart()
    await arrived(1)
    expect(lain()).toEqual([150_000])
  })

  test('is counted from the last time that we had all', async () => {
    await until(() => rig.channel.health().state === 'ready')
    hurt(rig.sim, 'getUpdates', refuse(500, 'Internal Server Error'), 2)
    rig.sim.say(LI.id, LI.id, 'ends the poll that waits')
    await until(() => rig.channel.health().state === 'waiting')
    const pressedAt = performance.now()
    rig.sim.press(GROUP, card, LI.id, { text: '确认' })
    let notYet = pressedAt
    const ms = await until(() => {
      const known = lain().find((one) => one !== undefined)
      if (known === undefined) notYet = performance.now()
      return known
    })
    expect(ms).toBeGreaterThanOrEqual(notYet - pressedAt)
  })
})
