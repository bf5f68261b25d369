import { afterEach, beforeEach, expect, test } from 'vitest'
import { sampleCards } from '../../support/cards.ts'
import { until } from '../../support/until.ts'
import { createRig, delivered, GROUP, LI, type Rig } from './rig.ts'

const cards = sampleCards('zh-CN')
const chat = String(GROUP)
let rig: Rig

beforeEach(async () => {
  rig = await createRig({ timing: { hold: 1000, firstPause: 20, longestPause: 80 } }, { sameOffsetDelay: 0 })
  await rig.start()
})
afterEach(() => rig.close())

test('a Telegram that has forgotten all: the card is told as gone and sent anew, and what people write comes in', async () => {
  rig.sim.say(LI.id, LI.id, 'before')
  await until(() => rig.inputs.length === 1 && rig.sim.pending() === 0, 'the first line')
  const message = String(delivered(await rig.channel.send(chat, { card: cards.open! }, 'k1')))
  await rig.forget()
  rig.sim.restartUpdateIds(1)
  rig.sim.say(LI.id, LI.id, 'after')
  await until(() => rig.inputs.length === 2 && rig.sim.pending() === 0, 'the second line')
  expect(rig.inputs.map((input) => 'text' in input && input.text)).toEqual(['before', 'after'])
  expect(await rig.channel.update(chat, message, cards.closed!)).toMatchObject({
    outcome: 'refused',
    gone: 'message',
  })
  delivered(await rig.channel.send(chat, { card: cards.closed! }, 'k2'))
  expect(rig.sim.messages(GROUP)).toHaveLength(1)
})
