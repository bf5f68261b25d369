import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { cardOf, GROUP, lastCard, startRig, untilButton, untilSays } from './rig.ts'

test('a card that somebody deleted is sent anew as it stands by then, and goes on being changed', async () => {
  const rig = await startRig()
  await rig.trip()
  const old = await untilButton(rig.telegram, 'ack')
  await untilButton(rig.dingtalk, 'ack')
  rig.telegram.shown.splice(rig.telegram.shown.indexOf(old), 1, {
    ...old,
    message: 'deleted',
    content: { text: '' },
  })
  await rig.press(rig.dingtalk, '1', 'ack')
  await untilSays(rig.telegram, '甲 已确认')
  const fresh = lastCard(rig.telegram)!
  expect(fresh.message).not.toBe(old.message)
  await rig.press(rig.telegram, '1', 'reclose', fresh)
  rig.clock.ahead += 7000
  await until(() => cardOf(fresh)!.buttons.some(({ action }) => action === 'confirm'), 'its change')
  expect(rig.telegram.shown.filter(cardOf)).toEqual([fresh])
})

test('a chat that moved gets the card under its new id, with one more try, and all later ones there', async () => {
  const rig = await startRig()
  const tried: string[] = []
  rig.telegram.fault = (chat) => {
    tried.push(chat)
    if (chat !== GROUP.telegram) return undefined
    return { outcome: 'refused', why: 'upgraded', code: '400', movedTo: '-100777' }
  }
  await rig.trip()
  await until(() => lastCard(rig.telegram), 'the card')
  expect(tried).toEqual([GROUP.telegram, '-100777'])
  await rig.trip('short', '820721')
  await until(() => tried.length === 3, 'the next card')
  expect(tried[2]).toBe('-100777')
  expect(await rig.store.deadJobs()).toEqual([])
})
