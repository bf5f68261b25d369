import { afterEach, describe, expect, test } from 'vitest'
import { askToClose, ordersTaken, pressWith, untilAudited } from './attacks.ts'
import { untilCard, untilSaid } from './chats.ts'
import { type Rig, startRig } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

const HOUR = 3_600_000
const DEVICE = 820720

type Fault = Parameters<Rig['cloud']['faults']['add']>[0]['effect']
const onControl = (effect: Fault) => () =>
  void rig.cloud.faults.add({ when: (call) => call.path === 'device/control', effect })

interface Trouble {
  what: string
  /** Before 甲 confirms. */
  before?(): unknown
  /** After. */
  after?(): unknown
  says: string | RegExp
  audit: string
  /** Orders that the cloud took; default 0. */
  orders?: number
  /** How the breaker stands afterwards; default open. */
  position?: 'closed'
  /** What the card says where the press itself is refused. */
  toast?: string | RegExp
}

const TROUBLES: Trouble[] = [
  {
    what: 'our clock is an hour behind the cloud’s',
    before: () => rig.cloud.clock.advance(HOUR),
    says: /合闸未成功[\s\S]*未执行/,
    audit: 'operation.refused',
  },
  {
    what: 'our clock is an hour ahead of the cloud’s',
    before: () => rig.cloud.clock.advance(-HOUR),
    says: /合闸未成功[\s\S]*未执行/,
    audit: 'operation.refused',
  },
  {
    what: 'the cloud takes it, and the breaker does not move',
    before: () => rig.cloud.jam(DEVICE),
    says: '未得到断路器回报',
    audit: 'operation.unconfirmed',
    orders: 1,
  },
  {
    what: 'the breaker has closed by itself meanwhile',
    async before() {
      await rig.cloud.switchByHand(DEVICE, 'closed')
      await untilCard(rig.chats.telegram, '已合闸')
    },
    says: '手动合闸',
    audit: 'incident.resolved',
    position: 'closed',
    toast: /已过期[\s\S]*状态/,
  },
  {
    what: 'an order of somebody else’s closes it meanwhile',
    async before() {
      await rig.push({
        type: 'order',
        device: DEVICE,
        ts: Date.now(),
        data: { power: '1', extra: 'OTHERS1' },
      })
      await untilCard(rig.chats.telegram, '已合闸')
    },
    says: '其他客户端合闸',
    audit: 'incident.resolved',
    toast: /已过期[\s\S]*状态/,
  },
  {
    what: 'an order of somebody else’s to open it is no answer to ours',
    before: () => rig.cloud.jam(DEVICE),
    after: () =>
      rig.push({ type: 'order', device: DEVICE, ts: Date.now(), data: { power: '0', extra: 'OTHERS2' } }),
    says: '未得到断路器回报',
    audit: 'operation.unconfirmed',
    orders: 1,
  },
  {
    what: 'the answer is lost, and the order too',
    before: onControl({ kind: 'reset' }),
    says: '未得到断路器回报',
    audit: 'operation.unknown',
  },
  {
    what: 'the answer is lost, but not the order',
    before: onControl({ kind: 'reset', act: true }),
    says: '已合闸',
    audit: 'operation.unknown',
    orders: 1,
    position: 'closed',
  },
  {
    what: 'HTTP 500',
    before: onControl({ kind: 'status', status: 500 }),
    says: '未得到断路器回报',
    audit: 'operation.unknown',
  },
  {
    what: 'HTTP 503',
    before: onControl({ kind: 'status', status: 503 }),
    says: '未得到断路器回报',
    audit: 'operation.unknown',
  },
  {
    what: 'code 5003',
    before: onControl({ kind: 'code', code: 5003, msg: 'no permission' }),
    says: /合闸未成功[\s\S]*未执行/,
    audit: 'operation.refused',
  },
  {
    what: 'code 5006',
    before: onControl({ kind: 'code', code: 5006, msg: 'bad sign' }),
    says: /合闸未成功[\s\S]*appSecret/,
    audit: 'operation.refused',
  },
]

describe('a confirmed close', () => {
  test.each(TROUBLES)(
    '$what',
    async ({ before, after, says, audit, orders = 0, position = 'open', toast }) => {
      rig = await startRig({ platforms: ['telegram'], timings: { feedbackWithin: 300 } })
      const { confirm } = await askToClose(rig)
      await before?.()
      expect(await pressWith(rig, '甲', confirm)).toMatch(toast ?? '正在发送合闸命令')
      await after?.()
      await untilCard(rig.chats.telegram, says)
      await untilAudited(rig, audit)
      expect(ordersTaken(rig)).toBe(orders)
      expect(rig.cloud.device(DEVICE).positions).toEqual({ power: position })
      expect(rig.cloud.calls.filter((call) => call.path === 'device/control').length).toBeLessThanOrEqual(1)
    },
  )

  test.each([
    ['an hour behind', -HOUR, undefined, 'confirm.refused', 0],
    ['an hour ahead', HOUR, '已合闸', 'operation.done', 1],
  ] as const)('the platform’s clock is %s', async (_what, off, says, audit, orders) => {
    rig = await startRig({ platforms: ['wecom'] })
    const chat = rig.chats.wecom
    await rig.cloud.trip(DEVICE)
    await untilCard(chat, '过载', ['合闸'])
    await chat.press('甲', '合闸')
    rig.wecom.clock.advance(off)
    await chat.press('甲', '确认合闸')
    // Who pressed is told on the card that it came too late: alone, and at once.
    if (says) await untilSaid(chat, says)
    await untilAudited(rig, audit)
    expect(ordersTaken(rig)).toBe(orders)
  })
})
