import { expect, test } from 'vitest'
import { buttonSecret } from '../../src/engine/secret.ts'
import { until } from '../support/until.ts'
import { cardOf, GROUP, lastCard, startRig, untilButton } from './rig.ts'

const forge = async (
  rig: Awaited<ReturnType<typeof startRig>>,
  who: string,
  id: string,
  message?: string,
) => {
  const { taken, answer } = rig.wecom.receive({
    kind: 'press',
    id,
    chat: GROUP.wecom,
    sender: { id: who },
    data: `v1:confirm:820720.${id}`,
    ...(message !== undefined && { message }),
    at: rig.now(),
  })
  await taken
  return answer
}

const forgeries = async (rig: Awaited<ReturnType<typeof startRig>>) =>
  (await rig.store.audit({})).filter(({ what }) => what === 'press.forged')

test('forged data changes nothing and is written down, once a minute for each sender', async () => {
  const rig = await startRig()
  await rig.trip()
  const card = await untilButton(rig.wecom, 'ack')
  await until(() => rig.store.get(`message/wecom:${GROUP.wecom}:${card.message}`), 'the card to be known')
  for (const id of ['a', 'b', 'c']) {
    const answer = await forge(rig, '1', id, card.message)
    expect(answer.toast).toContain('已过期')
    // What was pressed is a card of ours: it is brought up to date by the way.
    expect(answer.card).toEqual(cardOf(card))
  }
  expect(await forge(rig, '99', 'd', card.message)).toMatchObject({ alert: true, privately: true })
  await until(async () => (await forgeries(rig)).length === 2, 'a line for each sender')
  rig.clock.ahead += 61_000
  await forge(rig, '1', 'e')
  const lines = await until(async () => {
    const all = await forgeries(rig)
    return all.length === 3 ? all : undefined
  }, 'another line after a minute')
  expect(lines.map(({ who }) => who)).toEqual(['甲', 'wecom:99', '甲'])
  expect(rig.cloud.commands).toEqual([])
})

test('an old card is mended by the press on it, on Telegram too, where the answer brings none', async () => {
  const rig = await startRig()
  await rig.trip()
  const old = await untilButton(rig.telegram, 'reclose')
  const before = structuredClone(old)
  await rig.say(rig.telegram, '1', '合闸 3号增氧机').taken
  await until(() => lastCard(rig.telegram) !== old && lastCard(rig.telegram), 'a fresh card')
  await untilButton(rig.telegram, 'confirm')
  await rig.press(rig.telegram, '1', 'cancel')
  await untilButton(rig.telegram, 'reclose')
  const answer = await rig.press(rig.telegram, '1', 'reclose', before)
  expect(answer).toMatchObject({ alert: true, toast: expect.stringContaining('合闸 3号增氧机') })
  await until(
    () => cardOf(old)!.version === cardOf(lastCard(rig.telegram)!)!.version,
    'the old one to be changed',
  )
  await rig.press(rig.telegram, '1', 'reclose', old)
  await untilButton(rig.telegram, 'confirm')
})

test('buttons live through a restart: the secret is in the store', async () => {
  const rig = await startRig()
  const [one, other] = await Promise.all([buttonSecret(rig.store), buttonSecret(rig.store)])
  expect(one).toHaveLength(32)
  expect(Buffer.from(other).equals(one)).toBe(true)
})
