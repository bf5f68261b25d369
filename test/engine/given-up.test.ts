import { describe, expect, test } from 'vitest'
import type { ChannelName, Delivery } from '../../src/channels/channel.ts'
import { message } from '../../src/domain/message.ts'
import { chatLane, PRIORITY, SEND_QUEUE } from '../../src/engine/queues.ts'
import { adminJob, sayJob } from '../../src/engine/send-jobs.ts'
import { watched } from '../../src/engine/watches.ts'
import { until } from '../support/until.ts'
import type { FakeChannel } from './fakes.ts'
import { GROUP, type Rig, startRig, testPolicy, untilSays } from './rig.ts'

const LOST = { outcome: 'unknown', why: 'no answer' } as const
const CHIEFS = (['7', '8'] as const).map((id) => ({
  name: `场长${id}`,
  role: 'admin' as const,
  ids: { telegram: id },
}))

const words = (id: string) => message('alarm.line', { above: '注意', alarm: `水位太低 ${id}` })
const alarm = (id: string, { name }: FakeChannel) =>
  sayJob(id, { channel: name, chat: GROUP[name] }, [words(id)], PRIORITY.alarm)

const undelivered = async (rig: Rig) =>
  (await rig.store.audit({ limit: 5000 })).filter(({ what }) => what === 'alarm.undelivered')

/** What comes to the group gets this answer, and is counted. */
function answers(channel: FakeChannel, delivery: Delivery): { tries: number } {
  const count = { tries: 0 }
  channel.fault = (chat) => {
    if (chat !== GROUP[channel.name]) return undefined
    count.tries++
    return delivery
  }
  return count
}

/** Lets the pause before the second try pass, once the first is over. */
async function tryAgain(rig: Rig, channel: ChannelName, chat: string, count: { tries: number }) {
  const query = { queue: SEND_QUEUE[channel], lane: chatLane({ channel, chat }), priority: 0, limit: 1 }
  await until(async () => (await rig.store.unfinished(query))[0]?.why === LOST.why, 'the first try')
  rig.clock.ahead += 2000
  await until(() => count.tries === 2, 'the second try')
}

describe('an alarm whose fate is unknown twice', () => {
  test('is told in the other chats, with no word that this one is broken', async () => {
    const rig = await startRig()
    const count = answers(rig.telegram, LOST)
    await rig.store.enqueue([alarm('1', rig.telegram)])
    await tryAgain(rig, 'telegram', GROUP.telegram, count)
    for (const other of [rig.wecom, rig.dingtalk]) {
      const text = await untilSays(other, '水位太低 1')
      expect(text).toBe('⚠ Telegram群可能没有收到这条告警（no answer），请转告：注意 · 水位太低 1')
      expect(other.shown).toHaveLength(1)
    }
    expect((await undelivered(rig)).map(({ details }) => details)).toEqual([
      { chat: `telegram:${GROUP.telegram}`, why: 'no answer' },
    ])
    expect(count.tries).toBe(2)
  })

  test('is told to an admin if what tells of it gets lost too, not to and fro', async () => {
    const policy = testPolicy({ people: CHIEFS })
    const chats = policy.rooms[0]!.chats.filter(({ channel }) => channel !== 'wecom')
    const rig = await startRig({ policy: { ...policy, rooms: [{ ...policy.rooms[0]!, chats }] } })
    const first = answers(rig.telegram, LOST)
    const second = answers(rig.dingtalk, LOST)
    await rig.store.enqueue([alarm('1', rig.telegram)])
    await tryAgain(rig, 'telegram', GROUP.telegram, first)
    await tryAgain(rig, 'dingtalk', GROUP.dingtalk, second)
    await untilSays(rig.telegram, '水位太低 1')
    await until(async () => {
      const counts = Object.values(await rig.store.counts())
      return counts.every(({ waiting }) => waiting === 0)
    }, 'all to be over')
    expect(rig.telegram.shown.map(({ chat }) => chat)).toEqual(['7'])
    expect([first.tries, second.tries]).toEqual([2, 2])
  })
})

test('a word for an admin whose fate is unknown twice goes to the next one', async () => {
  const rig = await startRig({ policy: testPolicy({ people: CHIEFS }) })
  const count = { tries: 0 }
  rig.telegram.fault = (chat) => {
    if (chat !== '7') return undefined
    count.tries++
    return LOST
  }
  await rig.store.enqueue([adminJob('test', words('2'))])
  await tryAgain(rig, 'telegram', '7', count)
  await untilSays(rig.telegram, '水位太低 2')
  expect(rig.telegram.shown.map(({ chat }) => chat)).toEqual(['8'])
  expect(await rig.store.deadJobs()).toEqual([])
})

describe('a store that fails while it is to keep what a chat takes', () => {
  const KICKED = { outcome: 'refused', why: 'kicked', gone: 'chat' } as const

  /** The next `left` changes of what is known of the chat fail. */
  async function failing() {
    const failures = { left: 0 }
    const rig = await startRig({
      storeSeen: (store) => ({
        async commit(commit) {
          const isOfChat = commit.writes?.some(({ key }) => key.startsWith('chat/telegram:'))
          if (!isOfChat || failures.left === 0) return store.commit(commit)
          failures.left--
          throw new Error('the disk is full')
        },
      }),
    })
    return { rig, failures }
  }

  /** Lets time pass until the alarm has been refused for good. */
  async function untilDead(rig: Rig): Promise<void> {
    const id = await until(async () => {
      rig.clock.ahead += 10
      return (await rig.store.deadJobs())[0]?.job.id
    }, 'the end of the alarm')
    expect(id).toBe(alarm('1', rig.telegram).id)
  }

  test('a refused alarm is told elsewhere all the same, once', async () => {
    const { rig, failures } = await failing()
    failures.left = 2
    const count = answers(rig.telegram, KICKED)
    await rig.store.enqueue([alarm('1', rig.telegram)])
    await untilDead(rig)
    for (const other of [rig.wecom, rig.dingtalk]) await untilSays(other, 'Telegram群拒收这条告警（kicked）')
    expect(count.tries).toBe(3)
    expect(await undelivered(rig)).toHaveLength(1)
  })

  test('a message that is there does not come twice', async () => {
    const { rig, failures } = await failing()
    answers(rig.telegram, KICKED)
    await rig.store.enqueue([alarm('1', rig.telegram)])
    await untilDead(rig)
    await untilSays(rig.wecom, 'Telegram群拒收')
    rig.telegram.fault = () => undefined
    failures.left = 1
    await rig.store.enqueue([alarm('2', rig.telegram), alarm('3', rig.telegram)])
    await untilSays(rig.wecom, 'Telegram群恢复正常')
    await until(async () => !(await rig.store.counts())['send-telegram']?.waiting, 'all to be sent')
    expect(rig.telegram.shown).toHaveLength(2)
    expect(failures.left).toBe(0)
  })
})

test('however many alarms a chat has not taken, those that come later are told too', async () => {
  const rig = await startRig()
  answers(rig.dingtalk, { outcome: 'later', why: '502', wholeChat: true, retryAfter: 3_600_000 })
  const flood = Array.from({ length: 1200 }, (_, index) => alarm(`${index}`, rig.dingtalk))
  await rig.store.enqueue([...flood.slice(1), ...watched(flood.slice(0, 1), rig.now())])
  rig.clock.ahead += 31_000
  await untilSays(rig.telegram, '30 秒内没有收到这 1,200 条告警')
  await rig.store.enqueue(watched([alarm('late', rig.dingtalk)], rig.now()))
  rig.clock.ahead += 31_000
  await untilSays(rig.telegram, '没有收到这条告警（消息发不出去），请转告：注意 · 水位太低 late')
  expect(await undelivered(rig)).toHaveLength(1201)
})
