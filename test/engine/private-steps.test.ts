import { expect, test } from 'vitest'
import type { ChatAnswer } from '../../src/channels/channel.ts'
import { until } from '../support/until.ts'
import { cardOf, type Rig, startRig, untilButton, untilSays } from './rig.ts'

/** A press on WeCom, whose answer was drawn on the presser's own copy, or came too late. */
async function askOnWeCom(rig: Rig, isDrawn: boolean): Promise<ChatAnswer> {
  await rig.trip()
  const { chat, message, content } = await untilButton(rig.wecom, 'reclose')
  await until(() => rig.store.get(`message/wecom:${chat}:${message}`), 'the card to be known')
  const { data } =
    'card' in content ? content.card.buttons.find((one) => one.action === 'reclose')! : { data: '' }
  const press = { kind: 'press', id: 'ask', chat, message, data, sender: { id: '1' }, at: rig.now() } as const
  const receipt = rig.wecom.receive(press)
  await receipt.taken
  const answer = await receipt.answer
  receipt.shown(false, isDrawn)
  return answer
}

const actions = (card: ChatAnswer['card']) => card?.buttons.map((one) => one.action)
const cards = (rig: Rig) => rig.wecom.shown.flatMap((one) => cardOf(one) ?? [])

test('the asker alone is shown how to confirm, the others are told; a change brings it to all', async () => {
  const rig = await startRig()
  const answer = await askOnWeCom(rig, true)
  expect(answer.privately).toBe(true)
  expect([actions(answer.own), actions(answer.card)]).toEqual([
    ['confirm', 'cancel'],
    ['ack', 'energy'],
  ])
  await until(
    async () => (await rig.store.get<{ quiet?: number }>(cardKey(answer)))?.value.quiet,
    'it to be noted',
  )
  rig.clock.ahead += 7000
  await untilSays(rig.wecom, '甲 请求合闸')
  expect(cards(rig)).toHaveLength(1)
  // On Telegram everybody sees it, as nobody can be shown anything alone there.
  await untilButton(rig.telegram, 'confirm')
  await rig.say(rig.telegram, '2', '确认 3号增氧机').taken
  await untilButton(rig.wecom, 'confirm')
})

test('an answer that was not drawn leaves nobody without the step', async () => {
  const rig = await startRig()
  await askOnWeCom(rig, false)
  rig.clock.ahead += 7000
  await untilButton(rig.wecom, 'confirm')
  await rig.press(rig.wecom, '1', 'confirm')
  await until(() => rig.cloud.commands.length === 1, 'the command')
})

const cardKey = ({ card }: ChatAnswer) => `card/wecom:wr1:${card!.subject.split('.')[1]}`
