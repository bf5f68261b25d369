import { describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import type { FakeChannel, Shown } from './fakes.ts'
import { breaker, cardOf, type Rig, startRig, testPolicy, untilButton } from './rig.ts'

const breakers = Array.from({ length: 6 }, (_, n) => breaker(`910${n}`, `${n}号泵`))

/** A card of each kind in a chat, with the button that its first person may press. */
const KINDS = {
  'an incident': {
    button: 'ack',
    async show(rig: Rig, channel: FakeChannel): Promise<Shown> {
      await rig.trip('overload', '9100')
      return untilButton(channel, 'ack')
    },
    taken: '甲 已确认',
  },
  'a group run': {
    button: 'confirm',
    async show(rig: Rig, channel: FakeChannel): Promise<Shown> {
      for (const { id } of breakers)
        await rig.push({ type: 'state', device: id, ts: rig.now(), data: { power: '1' } })
      await until(async () => (await rig.store.list({ kind: 'breaker' })).length === 6, 'all to be known')
      await rig.say(channel, '1', '全关 一号鱼塘').taken
      return untilButton(channel, 'confirm')
    },
    taken: '正在逐台分闸',
  },
  'a storm': {
    button: 'ack',
    async show(rig: Rig, channel: FakeChannel): Promise<Shown> {
      await Promise.all(breakers.map(({ id }) => rig.trip('under-voltage', id)))
      return until(() => channel.shown.find(isOfFour), 'a storm’s card of four')
    },
    taken: '确认 4 起',
  },
}

function isOfFour(one: Shown): boolean {
  const card = cardOf(one)
  return card?.subject.startsWith('-.') === true && JSON.stringify(card).includes('4 起')
}

const start = () => startRig({ policy: testPolicy({ breakers, storm: { more: 2, within: 600_000 } }) })

describe.each(Object.entries(KINDS))('a button on the card of %s', (_, { button, show, taken }) => {
  test('counts as pressed in the room’s chat of the platform that does not say where', async () => {
    const rig = await start()
    const card = await show(rig, rig.dingtalk)
    const answer = await rig.press(rig.dingtalk, '1', button, { ...card, chat: '' })
    expect(answer.toast).toContain(taken)
    expect(answer).not.toHaveProperty('alert')
    expect(answer.card?.subject).toBe(cardOf(card)!.subject)
  })

  test('answers a refusal to the presser alone', async () => {
    const rig = await start()
    const card = await show(rig, rig.dingtalk)
    const refused = { alert: true, privately: true, toast: expect.any(String) }
    expect(await rig.press(rig.dingtalk, '9', button, card)).toMatchObject(refused)
    expect(await rig.press(rig.dingtalk, '1', button, { ...card, chat: 'another' })).toMatchObject(refused)
  })
})
