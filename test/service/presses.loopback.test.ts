import { afterEach, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { GROUP, untilCard, untilSaid } from './chats.ts'
import { type Rig, startRig } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

const shownData = () =>
  rig.telegram
    .messages(GROUP.telegram)
    .flatMap((one) => one.keyboard.flat())
    .find((button) => button.text === '确认合闸')?.data
const confirmData = () => shownData()!

async function askToClose(): Promise<void> {
  await rig.cloud.trip(820720)
  await untilCard(rig.chats.telegram, '过载')
  await rig.chats.telegram.press('甲', '合闸')
  await untilCard(rig.chats.telegram, '请求合闸', ['确认合闸'])
}

describe('presses that must do nothing', () => {
  test('one that comes after its time', async () => {
    rig = await startRig({ platforms: ['telegram'], timings: { confirmWithin: 300 } })
    await askToClose()
    const data = confirmData()
    await untilCard(rig.chats.telegram, '作废')
    expect(await rig.chats.telegram.forge('甲', data)).toContain('超时')
    expect(rig.cloud.commands).toHaveLength(0)
    await untilCard(rig.chats.telegram, '过载', ['合闸'])
  })

  test('the same one twice: one command', async () => {
    rig = await startRig({ platforms: ['telegram'] })
    await askToClose()
    const data = confirmData()
    await Promise.all([rig.chats.telegram.forge('甲', data), rig.chats.telegram.forge('甲', data)])
    await untilCard(rig.chats.telegram, '已合闸')
    expect(await rig.chats.telegram.forge('甲', data)).toContain('过期')
    expect(rig.cloud.commands).toHaveLength(1)
  })

  test('a callback delivered again by the platform: one command', async () => {
    rig = await startRig({ platforms: ['wecom'] })
    const chat = rig.chats.wecom
    await rig.cloud.trip(820720)
    await untilCard(chat, '过载')
    await chat.press('甲', '合闸')
    rig.wecom.faults.duplicateNextCallback(3)
    await chat.press('甲', '确认合闸')
    await untilSaid(chat, '已合闸')
    expect(rig.cloud.commands).toHaveLength(1)
  })

  test('the button of an older asking', async () => {
    rig = await startRig({ platforms: ['telegram'] })
    await askToClose()
    const old = confirmData()
    await rig.chats.telegram.press('甲', '取消')
    await untilCard(rig.chats.telegram, '过载', ['合闸'])
    await rig.chats.telegram.press('甲', '合闸')
    await until(() => (shownData() ?? old) !== old, 'a new button')
    expect(await rig.chats.telegram.forge('甲', old)).toContain('过期')
    expect(rig.cloud.commands).toHaveLength(0)
  })

  test('one from a chat that the card was never sent to', async () => {
    rig = await startRig({ platforms: ['telegram'] })
    await askToClose()
    const elsewhere = -1009999999999
    rig.telegram.addChat({ id: elsewhere, type: 'supergroup', title: '别的群', members: [101] })
    const { messageId } = rig.telegram.say(elsewhere, 101, 'x')
    const { answered } = rig.telegram.press(
      elsewhere,
      messageId,
      101,
      { data: confirmData() },
      { bot: 123456 },
    )
    expect((await answered)?.text).toContain('不属于本群')
    expect(rig.cloud.commands).toHaveLength(0)
  })

  test('one while somebody else has already confirmed', async () => {
    rig = await startRig()
    await askToClose()
    rig.cloud.jam(820720)
    const data = confirmData()
    await rig.chats.telegram.press('甲', '确认合闸')
    expect(await rig.chats.telegram.forge('甲', data)).toMatch(/正在执行/)
    await untilCard(rig.chats.telegram, '已发出')
    expect(rig.cloud.commands).toHaveLength(1)
  })
})

describe('when the cloud fails', () => {
  test('a refusal is told with its reason, and the close can be asked for again', async () => {
    rig = await startRig({ platforms: ['telegram'] })
    await askToClose()
    rig.cloud.faults.add({
      when: (call) => call.path === 'device/control',
      effect: { kind: 'code', code: 5006, msg: 'bad sign' },
    })
    await rig.chats.telegram.press('甲', '确认合闸')
    await untilCard(rig.chats.telegram, /未执行[\s\S]*appSecret/, ['合闸'])
    await rig.chats.telegram.press('甲', '合闸')
    await untilCard(rig.chats.telegram, '请求合闸', ['确认合闸'])
    await rig.chats.telegram.press('甲', '确认合闸')
    await untilCard(rig.chats.telegram, '已合闸')
  })

  test('no answer: not repeated, looked up, and what to do is said', async () => {
    rig = await startRig({ platforms: ['telegram'], timings: { feedbackWithin: 300 } })
    await askToClose()
    rig.cloud.faults.add({ when: (call) => call.path === 'device/control', effect: { kind: 'reset' } })
    await rig.chats.telegram.press('甲', '确认合闸')
    await untilCard(rig.chats.telegram, '未得到断路器回报')
    expect(rig.cloud.calls.filter((call) => call.path === 'device/control')).toHaveLength(1)
    expect(rig.cloud.device(820720).positions).toEqual({ power: 'open' })
  })

  test('no answer, but carried out: the look-up finds it closed', async () => {
    rig = await startRig({ platforms: ['telegram'], timings: { feedbackWithin: 300 } })
    await askToClose()
    rig.cloud.faults.add({
      when: (call) => call.path === 'device/control',
      effect: { kind: 'reset', act: true },
    })
    rig.cloud.pushFaults.add({ times: Number.POSITIVE_INFINITY, effect: { kind: 'lose' } })
    await rig.chats.telegram.press('甲', '确认合闸')
    await untilCard(rig.chats.telegram, '已合闸')
    expect(rig.cloud.calls.filter((call) => call.path === 'device/control')).toHaveLength(1)
  })
})

describe('where cards cannot be changed', () => {
  test('a second person finds the confirming button there, and one message tells the outcome', async () => {
    rig = await startRig()
    const { telegram, wecom } = rig.chats
    await rig.cloud.trip(820720, { cause: 'unknown' })
    await Promise.all([telegram, wecom].map((chat) => untilCard(chat, '原因不明')))
    await telegram.press('甲', '合闸')
    await untilCard(wecom, '另一人', ['确认合闸'])
    await wecom.press('乙', '确认合闸')
    await untilSaid(wecom, '已合闸')
    const told = rig.wecom.messages(GROUP.wecom).filter((one) => one.taskId === undefined)
    expect(told.map((one) => one.text)).toEqual([expect.stringContaining('已合闸')])
    expect(rig.cloud.commands).toHaveLength(1)
  })
})
