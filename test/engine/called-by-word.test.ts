import { expect, test } from 'vitest'
import type { Delivery } from '../../src/channels/channel.ts'
import type { Person } from '../../src/domain/people.ts'
import { until } from '../support/until.ts'
import { untilButton } from './rig.ts'
import { MINUTE, policyWith, type Stage, settle, stage } from './stage.ts'

const TITLE = '跳闸（过载） · 3号增氧机'
const CALLED = `📞 已通知 乙（单聊消息）：${TITLE}（一号鱼塘）。`
const WORD = `🚨 请处理：${TITLE}（一号鱼塘），无人确认。请到群里发“确认”。`
const LOST = `🚨 联系不上 乙，所有方式都失败了。请其他人前去处理：${TITLE}（一号鱼塘）。`

/** 乙 is called a minute after the trip, by a word to them alone and nothing else. */
async function tripped(ids: Person['ids']): Promise<Stage> {
  const policy = policyWith([{ after: MINUTE, call: { person: '乙' } }])
  const people = policy.people.map((one) =>
    one.name === '乙' ? { ...one, ids, ways: ['chat' as const] } : one,
  )
  const rig = await stage({ policy: { ...policy, people } })
  await rig.trip()
  await untilButton(rig.wecom, 'ack')
  await settle(rig)
  rig.news()
  return rig
}

/** What is sent to 乙 alone on a platform comes to this. */
function answer(rig: Stage, on: 'telegram' | 'wecom', what: () => Delivery | undefined | Promise<Delivery>) {
  rig[on].fault = (chat) => (chat === '2' || chat === 'user:2' ? what() : undefined)
}

const tries = async (rig: Stage) =>
  (await rig.store.audit({ limit: 1000 }))
    .filter(({ what }) => what === 'escalation.called')
    .map(({ details }) => `${details?.way} ${details?.outcome} ${details?.why ?? ''}`.trim())

/** What the room was told, without what another chat or an admin was. */
const inRoom = (rig: Stage) => rig.news().map((one) => one.replace(/ \| @乙$/, ''))

test('somebody counts as called once the platform has the word, not before', async () => {
  const rig = await tripped({ telegram: '2' })
  const held = Promise.withResolvers<void>()
  let isOnItsWay = false
  answer(rig, 'telegram', async () => {
    isOnItsWay = true
    await held.promise
    return { outcome: 'delivered', message: 'm' }
  })
  rig.clock.ahead += MINUTE + 1000
  await until(() => isOnItsWay, 'the word to leave')
  expect(await tries(rig)).toEqual([])
  held.resolve()
  await settle(rig)
  expect(await tries(rig)).toEqual(['chat delivered'])
  expect(rig.news()).toEqual([CALLED])
})

test('a refusal is told, and leads on: here to the others, and to all again after a minute', async () => {
  const rig = await tripped({ telegram: '2' })
  answer(rig, 'telegram', () => ({ outcome: 'refused', why: 'bot was blocked by the user' }))
  await rig.later(MINUTE)
  const told = inRoom(rig)
  expect(told).toContain('⚠️ 用单聊消息通知 乙 失败：此人屏蔽了机器人（bot was blocked by the user）。')
  expect(told.filter((one) => one.endsWith(LOST)).length).toBeGreaterThan(0)
  expect(told).not.toContain(CALLED)
  expect(await tries(rig)).toEqual(['chat refused bot was blocked by the user'])
  rig.telegram.fault = () => undefined
  await rig.later(MINUTE)
  expect(inRoom(rig).sort()).toEqual([`telegram to 2: ${WORD}`, CALLED].sort())
})

test('somebody whom one platform does not reach has the word on another', async () => {
  const rig = await tripped({ telegram: '2', wecom: '2' })
  answer(rig, 'wecom', () => ({ outcome: 'refused', why: 'no such user' }))
  await rig.later(MINUTE)
  expect(inRoom(rig).sort()).toEqual([`telegram to 2: ${WORD}`, CALLED].sort())
  expect(await tries(rig)).toEqual(['chat delivered'])
})

test('where the word was acknowledged before its way is told of, that they were called is in the audit all the same', async () => {
  const rig = await tripped({ telegram: '2' })
  answer(rig, 'telegram', async () => {
    await rig.press(rig.telegram, '1', 'ack')
    return { outcome: 'delivered', message: 'm' }
  })
  await rig.later(MINUTE)
  expect(await tries(rig)).toEqual(['chat delivered'])
})
