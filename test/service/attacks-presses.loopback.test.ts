import { afterEach, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import {
  type Asking,
  askToClose,
  dataOf,
  expectNothingDone,
  ordersTaken,
  pressElsewhere,
  pressWith,
  untilAudited,
} from './attacks.ts'
import { untilCard, untilSaid } from './chats.ts'
import { PLATFORMS, type Rig, startRig } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

describe('forged data', () => {
  test.each(PLATFORMS)('on %s changes nothing', async (platform) => {
    rig = await startRig({ platforms: [platform] })
    await rig.cloud.trip(820720)
    await untilCard(rig.chats[platform], '过载', ['合闸'])
    for (const data of ['v1:confirm:820720.abc:def', 'AAAA', `confirm' OR 1=1`])
      await rig.chats[platform].forge('甲', data)
    await untilSaid(rig.chats[platform], platform === 'telegram' ? '过载' : '已过期')
    await rig.chats[platform].forge('生人', 'AAAA')
    await untilAudited(rig, 'press.forged', '甲')
    await until(
      () => rig.audit().filter((row) => row.what === 'press.forged').length === 2,
      'one line for each',
    )
    expectNothingDone(rig)
  })
})

interface Attack {
  what: string
  /** Two persons are needed. */
  cause?: 'leakage'
  play(on: Asking): Promise<string>
  says: string | RegExp
  audit: [what: string, who: string, why: string]
  orders?: number
}

const ATTACKS: Attack[] = [
  {
    what: 'the asking button once more, after the request was cancelled',
    async play({ asking }) {
      await rig.chats.telegram.press('甲', '取消')
      await untilCard(rig.chats.telegram, '过载', ['合闸'])
      return pressWith(rig, '甲', asking)
    },
    says: /已过期[\s\S]*合闸 3号增氧机/,
    audit: ['reclose.refused', '甲', 'ask.superseded'],
  },
  {
    what: 'confirmed once more after it was done',
    async play({ confirm }) {
      await pressWith(rig, '甲', confirm)
      await untilCard(rig.chats.telegram, '已合闸')
      return pressWith(rig, '甲', confirm)
    },
    says: /已过期[\s\S]*状态 3号增氧机/,
    audit: ['confirm.refused', '甲', 'ask.superseded'],
    orders: 1,
  },
  {
    what: 'confirmed from a chat of nobody’s',
    play: ({ confirm }) => pressElsewhere(rig, confirm),
    says: '不属于本群',
    audit: ['press.refused', '甲', 'ask.other-chat'],
  },
  {
    what: 'confirmed by another person',
    play: ({ confirm }) => pressWith(rig, '乙', confirm),
    says: '只有请求人 甲',
    audit: ['confirm.refused', '乙', 'confirm.only-asker'],
  },
  {
    what: 'confirmed by a stranger',
    play: ({ confirm }) => pressWith(rig, '生人', confirm),
    says: '不在名单中',
    audit: ['confirm.refused', 'telegram:109', 'not listed'],
  },
  {
    what: 'the second person is the first, on another platform',
    cause: 'leakage',
    async play() {
      await untilCard(rig.chats.wecom, '请求合闸', ['确认合闸'])
      return (await rig.chats.wecom.press('甲', '确认合闸')) ?? ''
    },
    says: '须由另一人确认',
    audit: ['confirm.refused', '甲', 'confirm.needs-other'],
  },
  {
    what: 'the one who asked was taken out of the configuration',
    cause: 'leakage',
    async play({ confirm }) {
      rig.adopt((text) => text.replace(/^ {2}- \{ name: 甲, .*\n/m, ''))
      return pressWith(rig, '乙', confirm)
    },
    says: '请求作废',
    audit: ['confirm.refused', '乙', 'confirm.void'],
  },
  {
    what: 'the one who confirms was taken out of the configuration',
    cause: 'leakage',
    async play({ confirm }) {
      rig.adopt((text) => text.replace(/^ {2}- \{ name: 乙, .*\n/m, ''))
      return pressWith(rig, '乙', confirm)
    },
    says: '不在名单中',
    audit: ['confirm.refused', 'telegram:102', 'not listed'],
  },
  {
    what: 'the breaker was taken out of the configuration',
    async play({ confirm }) {
      rig.adopt((text) => text.replace(/^ {2}- \{ id: 820720, .*\n/m, ''))
      return pressWith(rig, '甲', confirm)
    },
    says: '已过期',
    audit: ['press.refused', '甲', 'ask.superseded-gone'],
  },
  {
    what: 'the one who confirms may do so at another site only',
    async play({ confirm }) {
      const only = 'roles: [{ role: operator, sites: [二号大棚] }]'
      rig.adopt((text) => text.replace(/name: 甲, role: operator/, `name: 甲, ${only}`))
      return pressWith(rig, '甲', confirm)
    },
    says: '在一号鱼塘没有这个权限',
    audit: ['confirm.refused', '甲', 'role'],
  },
]

describe('a press that must not close', () => {
  test.each(ATTACKS)('$what', async ({ cause, play, says, audit: [what, who, why], orders = 0 }) => {
    rig = await startRig({ platforms: cause ? ['telegram', 'wecom'] : ['telegram'] })
    const asking = await askToClose(rig, cause)
    expect(await play(asking)).toMatch(says)
    await untilAudited(rig, what, who, why)
    expect(ordersTaken(rig)).toBe(orders)
    if (orders === 0) expectNothingDone(rig)
  })

  test('after its time', async () => {
    rig = await startRig({ platforms: ['telegram'], timings: { confirmWithin: 2000 } })
    const { confirm } = await askToClose(rig)
    await untilCard(rig.chats.telegram, '作废')
    expect(await pressWith(rig, '甲', confirm)).toContain('已超时')
    await untilAudited(rig, 'confirm.refused', '甲', 'confirm.expired')
    expectNothingDone(rig)
  })

  test('two persons within the same millisecond: one order', async () => {
    rig = await startRig({ platforms: ['telegram'] })
    const { confirm } = await askToClose(rig, 'leakage')
    const toasts = await Promise.all([pressWith(rig, '乙', confirm), pressWith(rig, '场长', confirm)])
    expect(toasts.filter((one) => one.includes('正在发送'))).toHaveLength(1)
    expect(toasts.filter((one) => /确认，命令正在执行|已过期/.test(one))).toHaveLength(1)
    await untilCard(rig.chats.telegram, '已合闸')
    expect(ordersTaken(rig)).toBe(1)
    expect(rig.audit().filter((row) => row.what === 'close.confirmed')).toHaveLength(1)
  })

  test('two persons asking within the same millisecond: one request', async () => {
    rig = await startRig({ platforms: ['telegram'] })
    await rig.cloud.trip(820720)
    await untilCard(rig.chats.telegram, '过载', ['合闸'])
    const asking = dataOf(rig, '合闸')
    const toasts = await Promise.all([pressWith(rig, '甲', asking), pressWith(rig, '乙', asking)])
    expect(toasts.filter((one) => one.includes('秒内按'))).toHaveLength(1)
    expect(toasts.filter((one) => /已请求合闸 3号增氧机，请等待/.test(one))).toHaveLength(1)
    expect(rig.audit().filter((row) => row.what === 'close.asked')).toHaveLength(1)
    await untilAudited(rig, 'reclose.refused', undefined, 'close.asked-by-other')
    expectNothingDone(rig)
  })

  test('a typed command for a breaker of another site', async () => {
    rig = await startRig({ platforms: ['telegram'] })
    rig.adopt((text) =>
      text.replace(
        /name: 甲, role: operator/,
        'name: 甲, role: viewer, roles: [{ role: operator, groups: [增氧] }]',
      ),
    )
    rig.chats.telegram.say('甲', '我是谁')
    await untilSaid(rig.chats.telegram, /甲（查看；操作（增氧））[\s\S]*在这里：查看、确认、分闸、合闸/)
    rig.chats.telegram.say('甲', '分闸 投饵机')
    await untilSaid(rig.chats.telegram, '在一号鱼塘没有这个权限')
    await untilAudited(rig, 'open.refused', '甲', 'role')
    expect(ordersTaken(rig)).toBe(0)
    rig.chats.telegram.say('甲', '分闸 3号增氧机')
    await until(() => ordersTaken(rig) === 1, 'the order for the breaker of the group')
  })
})
