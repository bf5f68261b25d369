import { expect, test } from 'vitest'
import type { GroupRun } from '../../src/domain/group-run.ts'
import type { BreakerConfig } from '../../src/domain/policy.ts'
import { until } from '../support/until.ts'
import {
  breaker,
  cardOf,
  lastCard,
  newFolder,
  type Rig,
  startRig,
  testPolicy,
  texts,
  untilButton,
  untilSays,
} from './rig.ts'

const POND = Array.from({ length: 20 }, (_, n): BreakerConfig => breaker(String(9100 + n), `${n + 1}号泵`))
const policy = testPolicy({ breakers: POND, groupCloseEvery: 50, feedbackWithin: 200 })
const ALL = POND.map(({ id }) => id)

async function allStand(rig: Rig, power: '0' | '1', devices = ALL): Promise<void> {
  for (const device of devices) await rig.push({ type: 'state', device, ts: rig.now(), data: { power } })
  await until(
    async () => (await rig.store.list({ kind: 'breaker', limit: 100 })).length >= devices.length,
    'all to be known',
  )
}

/** The breakers do as they are told, but for some. */
function obey(rig: Rig, except: readonly string[] = []): void {
  const done = async (device: string, power: '0' | '1', extra: string) => {
    if (except.includes(device)) return
    await rig.push({ type: 'order', device, ts: rig.now(), data: { power, extra } })
  }
  const { open, close } = rig.cloud
  rig.cloud.open = async (device, circuit, extra, options) => {
    const outcome = await open(device, circuit, extra, options)
    if (outcome.ok) await done(device, '0', extra)
    return outcome
  }
  rig.cloud.close = async (order, permit, options) => {
    const outcome = await close(order, permit, options)
    if (outcome.ok) await done(order.device, '1', order.extra)
    return outcome
  }
}

const runOf = async ({ store }: Pick<Rig, 'store'>) => (await store.list<GroupRun>({ kind: 'run' }))[0]?.value

async function untilEnded(rig: Rig): Promise<GroupRun> {
  const found = await until(async () => {
    const run = await runOf(rig)
    return run?.stage === 'ended' ? run : undefined
  }, 'the run to end')
  return found
}

test('full off: asked by a line, confirmed by a press, each breaker once, one card, failures named', async () => {
  const rig = await startRig({ policy })
  obey(rig, ['9103'])
  await allStand(rig, '1')
  await rig.push({ type: 'offline', device: '9105', ts: rig.now() })
  await rig.say(rig.telegram, '1', '全关 一号鱼塘').taken
  await untilButton(rig.telegram, 'confirm')
  expect(rig.cloud.commands).toEqual([])
  expect(texts(rig.telegram).at(-1)).toContain('1号泵 / 2号泵')
  expect((await rig.press(rig.telegram, '2', 'confirm')).toast).toContain('只有请求人')
  expect((await rig.press(rig.telegram, '1', 'confirm')).toast).toContain('正在逐台分闸')
  await untilEnded(rig)
  const left = ALL.filter((id) => id !== '9105')
  expect(rig.cloud.commands.toSorted()).toEqual(left.map((id) => `open ${id} power`))
  await untilSays(rig.telegram, '18/20 已分闸，2 路未成功')
  const card = cardOf(lastCard(rig.telegram)!)!
  expect(card.notes.join('\n')).toMatch(
    /4号泵：断路器没有回报[\s\S]*6号泵：断路器离线|6号泵：断路器离线[\s\S]*4号泵/,
  )
  for (const platform of [rig.telegram, rig.dingtalk])
    expect(platform.shown.filter((one) => cardOf(one))).toHaveLength(1)
  // Where cards cannot be changed: what is asked and what became of it, not each step.
  await untilSays(rig.wecom, '18/20 已分闸')
  expect(rig.wecom.shown.length).toBeLessThanOrEqual(5)
  const audit = await rig.store.audit({ subjects: ['room:night'], limit: 100 })
  expect(audit.map((one) => `${one.who} ${one.what}`)).toEqual([
    '甲 full-off.asked',
    '甲 full-off.confirmed',
    'system full-off.ended',
  ])
  // Safe to repeat: what is open counts as done.
  await rig.say(rig.telegram, '1', 'off 一号鱼塘').taken
  await until(async () => (await runOf(rig))?.stage === 'asked', 'another run')
  await rig.say(rig.telegram, '1', '确认全关').taken
  await until(() => rig.cloud.commands.length === left.length + 1, 'the one that was left')
})

/** All opened in one's own name, so that one may close them again alone. */
async function fullOff(rig: Rig): Promise<void> {
  obey(rig)
  await allStand(rig, '1')
  await rig.say(rig.telegram, '1', '全关 全部').taken
  await rig.press(rig.telegram, '1', 'confirm', await untilButton(rig.telegram, 'confirm'))
  await untilEnded(rig)
  rig.cloud.commands.length = 0
}

const untilClosing = (rig: Rig, stage: GroupRun['stage']) =>
  until(async () => {
    const run = await runOf(rig)
    return run?.to === 'closed' && run.stage === stage ? run : undefined
  }, `the closing to be ${stage}`)

const closes = ({ cloud }: Rig) => cloud.commands.filter((one) => one.startsWith('close'))

test('closing a group goes on after a restart: each breaker once', async () => {
  const folder = newFolder()
  const first = await startRig({ policy, folder })
  await fullOff(first)
  await first.say(first.telegram, '1', '合闸 一号鱼塘').taken
  await untilClosing(first, 'asked')
  await first.say(first.telegram, '1', '确认合闸').taken
  await until(() => closes(first).length >= 4, 'some to be closed')
  await first.stop()
  const second = await startRig({ policy, folder })
  obey(second)
  await untilClosing(second, 'ended')
  const all = [...closes(first), ...closes(second)]
  expect(all.toSorted()).toEqual(ALL.map((id) => `close ${id} power`))
  expect(closes(second).length).toBeGreaterThan(0)
  await untilSays(second.telegram, '20/20 已合闸').catch(() => untilSays(first.telegram, '20/20 已合闸'))
})

test('closing a group stops at a word', async () => {
  const rig = await startRig({ policy: { ...policy, groupCloseEvery: 300 } })
  await fullOff(rig)
  await rig.say(rig.telegram, '1', 'close 一号鱼塘').taken
  await untilClosing(rig, 'asked')
  await rig.press(rig.telegram, '1', 'confirm', await untilButton(rig.telegram, 'confirm'))
  await until(() => closes(rig).length >= 2, 'two to be closed')
  await rig.say(rig.telegram, '2', '取消').taken
  const run = await untilClosing(rig, 'ended')
  const left = closes(rig).length
  expect(run.steps.filter((one) => one.standing === 'void')).toHaveLength(20 - left)
  await until(
    () => cardOf(lastCard(rig.telegram)!)?.notes.join().includes('乙 已停止'),
    'the card to say who stopped it',
  )
})

test('two engines on one store carry a run out together: each breaker once', async () => {
  const one = await startRig({ policy })
  await startRig({ policy, beside: one })
  await fullOff(one)
  await one.say(one.telegram, '1', '合闸 全部').taken
  await untilClosing(one, 'asked')
  await one.say(one.telegram, '1', 'confirm').taken
  await untilClosing(one, 'ended')
  expect(closes(one).toSorted()).toEqual(ALL.map((id) => `close ${id} power`))
})

test('what is no group, and what waits for which word', async () => {
  const rig = await startRig({ policy })
  await allStand(rig, '1')
  const says = async (text: string, answer: string) => {
    await rig.say(rig.telegram, '1', text).taken
    await untilSays(rig.telegram, answer)
  }
  await says('全关', '可选：一号鱼塘 / night')
  await says('全关 二号鱼塘', '请说明范围')
  await says('确认全关', '没有待确认的全关')
  await rig.say(rig.telegram, '1', '分闸 一号鱼塘').taken
  await untilButton(rig.telegram, 'confirm')
  await says('确认合闸', '请发送：确认全关')
  await says('取消', '已取消，没有发出任何命令')
  expect(rig.cloud.commands).toEqual([])
})
