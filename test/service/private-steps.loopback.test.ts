import { afterEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { GROUP, PEOPLE, untilCard, untilSaid, type Who } from './chats.ts'
import { type Rig, startRig } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

/** The buttons of the newest card as one person sees it. */
const seenBy = {
  wecom(who: Who): string[] {
    const task = rig.wecom.messages(GROUP.wecom).findLast((one) => one.taskId !== undefined)!.taskId!
    return rig.wecom.cardAsSeenBy(task, PEOPLE[who].id)!.buttons.map((one) => one.text)
  },
  dingtalk(who: Who): string[] {
    const track = rig.dingtalk.cards(GROUP.dingtalk).at(-1)!.outTrackId
    return rig.dingtalk.view(track, PEOPLE[who].id).buttons.map((one) => one.text)
  },
}

test.each(['wecom', 'dingtalk'] as const)(
  'on %s only the one who pressed is shown how to confirm',
  async (platform) => {
    rig = await startRig({ platforms: [platform] })
    const chat = rig.chats[platform]
    await rig.cloud.trip(820720)
    await untilCard(chat, '过载', ['合闸'])
    await chat.press('甲', '合闸')
    await until(() => seenBy[platform]('甲').includes('确认合闸'), 'the confirming step')
    expect(seenBy[platform]('甲')).toEqual(['确认合闸', '取消'])
    expect(seenBy[platform]('乙')).not.toContain('确认合闸')
    await chat.press('甲', '确认合闸')
    await untilSaid(chat, '已合闸')
    expect(rig.cloud.commands).toHaveLength(1)
    await until(() => !seenBy[platform]('甲').includes('确认合闸'), 'the step to go')
  },
)

test('on DingTalk the private step goes when its time is over', async () => {
  rig = await startRig({ platforms: ['dingtalk'], timings: { confirmWithin: 400 } })
  const chat = rig.chats.dingtalk
  await rig.cloud.trip(820720)
  await untilCard(chat, '过载', ['合闸'])
  await chat.press('甲', '合闸')
  await until(() => seenBy.dingtalk('甲').includes('合闸'), 'the card of all again')
  expect(rig.cloud.commands).toHaveLength(0)
})

test('where two are needed, everybody is shown how to confirm but the one who asked', async () => {
  rig = await startRig({ platforms: ['dingtalk'] })
  const chat = rig.chats.dingtalk
  await rig.cloud.trip(820720, { cause: 'leakage' })
  await untilCard(chat, '漏电', ['合闸'])
  await chat.press('甲', '合闸')
  await until(() => seenBy.dingtalk('乙').includes('确认合闸'), 'the confirming step')
  expect(seenBy.dingtalk('甲')).toEqual(['取消'])
  await chat.press('乙', '确认合闸')
  await untilSaid(chat, '已合闸')
})
