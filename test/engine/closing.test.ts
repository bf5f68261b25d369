import { describe, expect, test } from 'vitest'
import { message } from '../../src/domain/message.ts'
import type { AutoReclose, Policy } from '../../src/domain/policy.ts'
import { until } from '../support/until.ts'
import {
  breaker,
  newFolder,
  PUMP,
  type Rig,
  startRig,
  testPolicy,
  texts,
  untilButton,
  untilSays,
} from './rig.ts'

const OTHER = '820721'
const boss = { name: '场长', role: 'admin', ids: { telegram: '9', dingtalk: '9', wecom: '9' } } as const

function policy(more: Partial<Policy['closing']> = {}, autoReclose?: Partial<AutoReclose>): Policy {
  const plain = testPolicy()
  const auto: AutoReclose = {
    causes: ['under-voltage'],
    deadTime: 100,
    shots: 1,
    reclaim: 180_000,
    perDay: 3,
    ...autoReclose,
  }
  return {
    ...plain,
    people: [...plain.people, boss],
    breakers: [
      { ...breaker(PUMP, '3号增氧机'), ...(autoReclose && { autoReclose: auto }) },
      breaker(OTHER, '投饵机'),
    ],
    closing: { ...plain.closing, ...more },
  }
}

const reports = (rig: Rig, data: object, device = PUMP) =>
  rig.push({ type: 'state', device, ts: rig.now(), data })
const audit = async (rig: Rig) => (await rig.store.audit({ limit: 1000 })).map((row) => row.what)

/** Tripped, asked, and confirmed. */
async function confirmed(rig: Rig): Promise<void> {
  await rig.trip()
  await untilButton(rig.telegram, 'reclose')
  await rig.press(rig.telegram, '1', 'reclose')
  await untilButton(rig.telegram, 'confirm')
  await rig.press(rig.telegram, '1', 'confirm')
}

describe('a confirmed close does not leave', () => {
  test('after somebody has set a hold on its way; the reason is on the card and in the audit', async () => {
    const rig = await startRig({ policy: policy() })
    rig.cloud.beforeInfo = async () => {
      rig.cloud.beforeInfo = () => {}
      await rig.say(rig.telegram, '2', '挂牌 3号增氧机 检修').taken
      await until(async () => (await audit(rig)).includes('hold.set'), 'the hold')
    }
    await confirmed(rig)
    await untilSays(rig.telegram, '命令没有发出')
    expect(rig.cloud.commands).toEqual([])
    const row = (await rig.store.audit({ limit: 1000 })).find((one) => one.what === 'operation.refused')
    expect(row?.details).toMatchObject({ why: 'operation.gate', reasons: ['gate.hold'] })
  })

  test('where the cloud says that it stands closed already', async () => {
    const rig = await startRig({ policy: policy() })
    await rig.trip()
    await untilButton(rig.telegram, 'reclose')
    // What a push told half a minute ago is in the cloud's record by now.
    rig.clock.ahead += 31_000
    rig.cloud.status = { positions: { power: 'closed' } }
    await rig.press(rig.telegram, '1', 'reclose')
    await untilButton(rig.telegram, 'confirm')
    await rig.press(rig.telegram, '1', 'confirm')
    await untilSays(rig.telegram, '已经是合闸状态')
    expect(rig.cloud.commands).toEqual([])
  })

  test('where the cloud says that the voltage is out of range', async () => {
    const rig = await startRig({ policy: policy() })
    rig.cloud.status = { readings: { voltage: 168 } }
    await confirmed(rig)
    await untilSays(rig.telegram, '电压 168 V')
    expect(rig.cloud.commands).toEqual([])
  })

  test.each(['unreachable', 'unknown'] as const)(
    'where the cloud does not say how it stands (%s), and that is told at once',
    async (kind) => {
      const rig = await startRig({ policy: policy(), still: true })
      rig.cloud.info = async () => ({ ok: false, kind, why: message('cloud.given-up') })
      await confirmed(rig)
      await until(async () => (await audit(rig)).includes('operation.refused'), 'it to be refused')
      const row = (await rig.store.audit({ limit: 1000 })).find((one) => one.what === 'operation.refused')
      expect(row?.details).toMatchObject({ why: 'operation.unreachable' })
      expect(rig.cloud.commands).toEqual([])
    },
  )
})

test('at one site closes leave one after another', async () => {
  const rig = await startRig({ policy: policy({ inrush: 700 }) })
  const left: number[] = []
  rig.cloud.commands.push = (...some) => {
    left.push(performance.now())
    return Array.prototype.push.apply(rig.cloud.commands, some)
  }
  for (const name of ['3号增氧机', '投饵机']) {
    await rig.trip('overload', name === '投饵机' ? OTHER : PUMP)
    await until(
      () => texts(rig.telegram).some((text) => text.includes(`${name}\n已分闸`)),
      `the card of ${name}`,
    )
    await rig.say(rig.telegram, '1', `合闸 ${name}`).taken
  }
  await until(
    () => texts(rig.telegram).filter((text) => text.includes('请求合闸')).length >= 2,
    'both to be asked for',
  )
  for (const name of ['3号增氧机', '投饵机']) await rig.say(rig.telegram, '1', `确认合闸 ${name}`).taken
  await until(() => left.length === 2, 'both to leave')
  expect(left[1]! - left[0]!).toBeGreaterThan(400)
})

test('an admin who lifts a hold: its setter is told one-to-one, else in the room', async () => {
  const rig = await startRig({ policy: policy() })
  await reports(rig, { power: '1' })
  await rig.say(rig.telegram, '1', '挂牌 3号增氧机 检修').taken
  await untilSays(rig.telegram, '甲 给 3号增氧机 挂牌：检修')
  rig.wecom.fault = (chat) => (chat === 'user:1' ? { outcome: 'refused', why: 'no such person' } : undefined)
  await rig.say(rig.telegram, '9', '摘牌 3号增氧机 人已离开').taken
  const told = await until(
    () => rig.dingtalk.shown.find((one) => one.chat === 'user:1'),
    'a word to the setter by the next platform',
  )
  expect(told.content).toMatchObject({
    text: expect.stringContaining('场长 摘下了你在 3号增氧机 的挂牌：人已离开'),
  })
})

test('talk that only begins with «hold» sets none, even where there is but one breaker', async () => {
  const own = policy()
  const rig = await startRig({ policy: { ...own, breakers: own.breakers.slice(0, 1) } })
  const talk = (id: string, text: string, addressed: boolean) =>
    rig.telegram.receive({
      ...{ kind: 'text', id, chat: '-100', group: true, sender: { id: '1' }, text, at: rig.now(), addressed },
    }).taken
  await talk('t1', 'hold on, I look', false)
  await talk('t2', 'hold pump repair', true)
  await untilSays(rig.telegram, '甲 给 3号增氧机 挂牌：pump repair')
  const set = (await rig.store.audit({ limit: 1000 })).filter((row) => row.what === 'hold.set')
  expect(set.map((row) => row.details?.reason)).toEqual(['pump repair'])
})

test('holds and lock-outs survive a restart', async () => {
  const folder = newFolder()
  const first = await startRig({ folder, policy: policy() })
  await first.trip('short-circuit')
  await untilSays(first.telegram, '已闭锁')
  await first.say(first.telegram, '1', '挂牌 3号增氧机 检修').taken
  await until(async () => (await audit(first)).includes('hold.set'), 'the hold')
  await first.stop()
  const second = await startRig({ folder, policy: policy(), instance: 'two' })
  await second.say(second.telegram, '2', '合闸 3号增氧机').taken
  const said = await untilSays(second.telegram, '不能合闸')
  expect(said).toMatch(/挂牌（检修）.*短路/)
})

describe('automatic reclosing', () => {
  test('leaves by the way of a person’s close, however long the dead time was', async () => {
    const rig = await startRig({ policy: policy({}, { causes: ['overload'], deadTime: 30_000 }) })
    await reports(rig, { power: '1' })
    await rig.trip('overload')
    await untilButton(rig.telegram, 'stop')
    rig.clock.ahead += 30_000
    await until(() => rig.cloud.commands.length > 0, 'the command')
    expect(rig.cloud.commands).toEqual([`close ${PUMP} power`])
    const rows = await rig.store.audit({ limit: 1000 })
    expect(rows.find((one) => one.what === 'close.confirmed')).toMatchObject({ who: 'automatic' })
  })

  test('whose dead time passed while nothing ran does not close late, and says so', async () => {
    const folder = newFolder()
    const own = policy({ voltageStable: 0 }, { deadTime: 20_000 })
    const first = await startRig({ folder, policy: own })
    await reports(first, { power: '1' })
    await first.trip('under-voltage')
    await untilButton(first.telegram, 'stop')
    await first.stop()
    const second = await startRig({ folder, policy: own, ahead: 60_000 })
    await untilSays(second.telegram, '时间已过，本服务当时没有运行')
    expect(second.cloud.commands).toEqual([])
    expect(await audit(second)).toContain('reclosing.lapsed')
  })
})
