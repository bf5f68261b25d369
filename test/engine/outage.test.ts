import { expect, test } from 'vitest'
import { message } from '../../src/domain/message.ts'
import { chatLane, PRIORITY } from '../../src/engine/queues.ts'
import { sayJob } from '../../src/engine/send-jobs.ts'
import { until } from '../support/until.ts'
import { cardOf, GROUP, lastCard, type Rig, startRig, texts, untilButton } from './rig.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const CHAT = { channel: 'telegram', chat: GROUP.telegram } as const

const report = (id: string) =>
  sayJob(id, CHAT, [message('command.no-breaker', { text: `<${id}>` })], PRIORITY.rest)

/** Moves the clock, but not under what is being sent: its lease would run out, and it would be sent once more. */
async function step(rig: Rig, ms: number): Promise<void> {
  if (!(await rig.store.busy(chatLane(CHAT)))) rig.clock.ahead += ms
}

/** Lets so much time pass, in steps, with a moment for the engine after each. */
async function pass(rig: Rig, ms: number): Promise<void> {
  const end = rig.now() + ms
  await until(async () => {
    if (rig.now() >= end) return true
    await step(rig, ms / 60)
    return false
  }, 'the time to pass')
}

test.each([
  ['a minute', MINUTE, 20],
  ['an hour', 1.1 * HOUR, 0],
  ['a day', 25 * HOUR, 0],
])(
  'a platform that was away for %s gets the card as it stands by then, once; stale texts become one',
  async (_, ms, left) => {
    const rig = await startRig()
    rig.telegram.fault = () => ({ outcome: 'later', why: '502' })
    await rig.trip()
    await rig.store.enqueue(Array.from({ length: 20 }, (_, index) => report(`r${index}`)))
    await until(() => lastCard(rig.dingtalk), 'the card elsewhere')
    await rig.press(rig.dingtalk, '1', 'ack')
    await pass(rig, ms)
    rig.telegram.fault = () => undefined
    const reports = () => texts(rig.telegram).filter((text) => text.includes('<r'))
    const summaries = () => texts(rig.telegram).filter((text) => text.includes('不再补发'))
    await until(async () => {
      await step(rig, 5000)
      return !(await rig.store.counts())['send-telegram']?.waiting
    }, 'all that waits to be brought')
    expect(reports()).toHaveLength(left)
    expect(summaries()).toHaveLength(left === 0 ? 1 : 0)
    if (left === 0) expect(summaries()[0]).toMatch(/^另有 20 条消息/)
    const cards = rig.telegram.shown.filter((one) => cardOf(one))
    expect(cards).toHaveLength(1)
    expect(cardOf(cards[0]!)!.buttons.map(({ action }) => action)).not.toContain('ack')
    expect((await rig.store.deadJobs()).filter(({ job }) => job.queue === 'send-telegram')).toEqual([])
  },
)

test('a chat that was away while its card changed 50 times gets one change, to how things stand by then', async () => {
  const rig = await startRig()
  await rig.trip()
  const card = await until(() => lastCard(rig.dingtalk), 'the card')
  const before = cardOf(card)!.version
  const given: number[] = []
  let isAway = true
  rig.dingtalk.fault = (_chat, content) => {
    if (isAway) return { outcome: 'later', why: '502' }
    given.push('card' in content ? content.card.version : 0)
    return undefined
  }
  for (let change = 0; change < 50; change++) {
    const button = change % 2 ? 'cancel' : 'reclose'
    await rig.press(rig.telegram, '1', button, await untilButton(rig.telegram, button))
  }
  const elsewhere = cardOf(await untilButton(rig.telegram, 'reclose'))!
  expect(elsewhere.version).toBeGreaterThanOrEqual(before + 50)
  expect(cardOf(card)!.version).toBe(before)
  isAway = false
  await pass(rig, 10 * MINUTE)
  expect(given).toEqual([elsewhere.version])
  expect(cardOf(card)!.story).toEqual(elsewhere.story)
  expect(rig.dingtalk.shown).toEqual([card])
  expect((await rig.store.counts())['send-dingtalk']).toBeUndefined()
})
