import { afterEach, beforeEach, expect, test } from 'vitest'
import { dingTalkFaults } from '../../src/simulator/dingtalk/index.ts'
import { GROUP, PEOPLE, untilSaid, type Who } from './chats.ts'
import { type Rig, startRig } from './rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await startRig({ platforms: ['dingtalk'] })
  rig.dingtalk.faults.add({
    when: ({ path }) => path === '/v1.0/card/instances/createAndDeliver',
    times: Number.POSITIVE_INFINITY,
    effect: dingTalkFaults.scopeMissing(['Card.Instance.Write']),
  })
})
afterEach(() => rig.close())

/** The newest message of the robot with buttons. */
const withButtons = () =>
  rig.dingtalk
    .messages(GROUP.dingtalk)
    .findLast((one) => one.kind === 'robot' && one.type.startsWith('sampleActionCard'))
const press = (who: Who, n: number) => rig.dingtalk.clickDtmd(PEOPLE[who].id, withButtons()!.id, n)

const deeds = () => rig.audit().map((row) => row.what)

test('without the permission for cards a breaker is acknowledged and closed all the same', async () => {
  const chat = rig.chats.dingtalk
  await rig.cloud.trip(820720)
  const alarm = await untilSaid(chat, '过载')
  expect(alarm).toContain('**确认 3号增氧机**、**合闸 3号增氧机**')
  press('甲', 0)
  await untilSaid(chat, '甲 已确认 ')
  press('甲', 1)
  await untilSaid(chat, /请求合闸[\s\S]*\*\*确认合闸 3号增氧机\*\*/)
  // It is not confirmed by a press, but typed.
  chat.say('甲', '确认合闸 3号增氧机')
  await untilSaid(chat, /已合闸/)
  expect(deeds()).toEqual(expect.arrayContaining(['close.asked', 'close.confirmed']))
  const health = (await (await fetch(`${rig.url}/readyz`)).json()) as {
    channels: Record<string, { detail?: string }>
  }
  expect(health.channels.dingtalk?.detail).toContain('https://open-dev.dingtalk.com/appscope/apply?content=')
  expect(rig.dingtalk.violations).toEqual([])
})

test('whoever presses such a button may do no more than by typing', async () => {
  const chat = rig.chats.dingtalk
  await rig.cloud.trip(820720)
  await untilSaid(chat, '过载')
  press('看客', 1)
  await untilSaid(chat, /看客.*(无权|不能|权限)/)
  expect(deeds()).not.toContain('close.asked')
})

test('one circuit of several is meant by its name', async () => {
  const chat = rig.chats.dingtalk
  await rig.cloud.trip(820730, { circuit: 'power2' })
  await untilSaid(chat, '**合闸 双泵箱 右泵**')
  press('甲', 1)
  await untilSaid(chat, /请求合闸[\s\S]*\*\*确认合闸 双泵箱 右泵\*\*/)
})
