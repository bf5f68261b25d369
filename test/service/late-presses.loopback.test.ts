import { afterEach, expect, test } from 'vitest'
import { GROUP, PEOPLE, untilCard, untilSaid } from './chats.ts'
import { type Rig, startRig } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

test('Telegram takes the toast no more: a text tells what became of the press', async () => {
  rig = await startRig({ platforms: ['telegram'] })
  await rig.cloud.trip(820720)
  await untilCard(rig.chats.telegram, '过载', ['确认'])
  const card = rig.telegram.messages(GROUP.telegram).findLast((one) => one.keyboard.length > 0)!
  const { answered } = rig.telegram.press(GROUP.telegram, card.id, PEOPLE.甲.telegram, { text: '确认' })
  rig.telegram.clock.advance(16_000)
  expect(await answered).toBeUndefined()
  await untilSaid(rig.chats.telegram, /按的按钮：3号增氧机：甲 已确认[\s\S]*甲/)
  await untilCard(rig.chats.telegram, '甲 已确认')
})

test('WeCom takes the card no more (846604): a text tells what became of the press', async () => {
  rig = await startRig({ platforms: ['wecom'] })
  await rig.cloud.trip(820720)
  await untilCard(rig.chats.wecom, '过载', ['确认'])
  const pressed = rig.chats.wecom.press('甲', '确认')
  rig.wecom.clock.advance(6000)
  await pressed
  await untilSaid(rig.chats.wecom, '甲 按的按钮：3号增氧机：甲 已确认')
})

test('WeCom delivers a press ten minutes late: it closes nothing and is told what to type', async () => {
  rig = await startRig({ platforms: ['wecom'] })
  const chat = rig.chats.wecom
  await rig.cloud.trip(820720)
  await untilCard(chat, '过载', ['合闸'])
  const taskId = rig.wecom.messages(GROUP.wecom).findLast((one) => one.taskId)!.taskId!
  const { key } = rig.wecom.cardAsSeenBy(taskId, 'jia')!.buttons.find((one) => one.text === '合闸')!
  await rig.wecom.forgeClick({ taskId, userid: 'jia', key, ageS: 600 }).outcome
  const seen = rig.wecom.cardAsSeenBy(taskId, 'jia')!
  expect(JSON.stringify(seen)).toContain('收到太晚')
  chat.say('甲', '合闸 3号增氧机')
  await untilCard(chat, '请求合闸', ['确认合闸'])
})

test('DingTalk delivers a press ten minutes late: it closes nothing and is told what to type', async () => {
  rig = await startRig({ platforms: ['dingtalk'] })
  const chat = rig.chats.dingtalk
  await rig.cloud.trip(820720)
  await untilCard(chat, '过载', ['合闸'])
  // By the platform's clock it was pressed long ago.
  rig.dingtalk.clock.advance(-600_000)
  expect(await chat.press('甲', '合闸')).toContain('收到太晚，没有执行。请发送：合闸 3号增氧机')
  rig.dingtalk.clock.advance(600_000)
  chat.say('甲', '合闸 3号增氧机')
  await untilCard(chat, '请求合闸', ['确认合闸'])
  expect(rig.cloud.commands).toEqual([])
})
