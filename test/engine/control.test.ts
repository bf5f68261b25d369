import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import {
  cardOf,
  lastCard,
  newFolder,
  PUMP,
  type Rig,
  startRig,
  testPolicy,
  texts,
  untilButton,
  untilSays,
} from './rig.ts'

const base = testPolicy()
const chief = { name: '场长', role: 'admin', ids: { telegram: '7', dingtalk: '7', wecom: '7' } } as const
const policy = { ...base, people: [...base.people, chief] }

async function askToClose(rig: Rig): Promise<void> {
  await rig.trip()
  await untilButton(rig.telegram, 'reclose')
  await rig.press(rig.telegram, '1', 'reclose')
  await untilButton(rig.telegram, 'confirm')
}

const notes = (rig: Rig) => cardOf(lastCard(rig.telegram)!)!.notes.join('\n')

test('control off: nothing leaves on any instance, every card and the status say so; on again after a second word', async () => {
  const one = await startRig({ policy })
  const other = await startRig({ policy, beside: one })
  await askToClose(one)
  await one.say(one.telegram, '1', '停控').taken
  await untilSays(one.telegram, '须由管理员操作')
  await one.say(one.telegram, '7', '停控').taken
  for (const platform of [one.telegram, one.dingtalk, one.wecom]) await untilSays(platform, '场长 已停用遥控')
  await until(() => notes(one).includes('遥控已由 场长 停用'), 'the card to say so')
  expect((await other.press(one.telegram, '1', 'confirm')).toast).toContain('遥控已停用')
  await one.say(one.telegram, '1', '状态').taken
  await until(
    () => texts(one.telegram).some((text) => text.startsWith('遥控已由 场长 停用')),
    'the status to say so',
  )
  // Alerting goes on.
  await one.trip('leakage', '820721')
  await untilSays(one.telegram, '漏电')
  expect(notes(one)).toContain('遥控已由 场长 停用')

  await one.say(one.telegram, '7', '确认复控').taken
  await untilSays(one.telegram, '没有待确认的复控')
  await one.say(one.telegram, '7', 'control on').taken
  await untilSays(one.telegram, '请在 60 秒内由本人发送：确认复控')
  await one.say(one.telegram, '7', '确认复控').taken
  await untilSays(one.telegram, '场长 已恢复遥控')
  await until(() => !notes(one).includes('停用'), 'the card to say nothing of it any more')
  expect(one.cloud.commands).toEqual([])
  const audit = await one.store.audit({ subjects: ['control'] })
  expect(audit.map(({ who, what }) => `${who} ${what}`)).toEqual([
    '甲 control.refused',
    '场长 control.off',
    '场长 control.on-asked',
    '场长 control.on',
  ])
})

test('a command that has not left yet is void, with the reason, though it was confirmed before', async () => {
  const rig = await startRig({ policy })
  await askToClose(rig)
  rig.cloud.beforeInfo = async () => {
    rig.cloud.beforeInfo = () => {}
    await rig.say(rig.telegram, '7', 'control off').taken
    await untilSays(rig.dingtalk, '场长 已停用遥控')
    // Even on again at once, what was given before does not leave.
    await rig.say(rig.telegram, '7', 'control on').taken
    await untilSays(rig.telegram, '请在 60 秒内')
    await rig.say(rig.telegram, '7', 'confirm control on').taken
    await untilSays(rig.dingtalk, '场长 已恢复遥控')
  }
  await rig.press(rig.telegram, '1', 'confirm')
  await untilSays(rig.telegram, '命令作废，没有发出')
  await rig.stop()
  expect(rig.cloud.commands).toEqual([])
})

test('an open is stopped too, and a restart changes nothing', async () => {
  const folder = newFolder()
  const first = await startRig({ policy, folder })
  await first.say(first.telegram, '7', '停控').taken
  await untilSays(first.telegram, '已停用遥控')
  await first.stop()
  const second = await startRig({ policy, folder, instance: 'two' })
  await second.push({ type: 'state', device: PUMP, ts: second.now(), data: { power: '1' } })
  await second.say(second.telegram, '1', '分闸 3号增氧机').taken
  await untilSays(second.telegram, '遥控已停用')
  await second.say(second.telegram, '1', '全关 一号鱼塘').taken
  await until(
    () => texts(second.telegram).filter((text) => text.includes('遥控已停用')).length >= 2,
    'a refusal',
  )
  await second.say(second.telegram, '7', '停控').taken
  await untilSays(second.telegram, '遥控已经停用（场长')
  expect(second.cloud.commands).toEqual([])
})
