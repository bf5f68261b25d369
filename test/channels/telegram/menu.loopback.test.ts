import { afterEach, describe, expect, test } from 'vitest'
import type { TelegramOptions } from '../../../src/channels/telegram/index.ts'
import { telegramFaults as faults } from '../../../src/simulator/telegram/index.ts'
import { until } from '../../support/until.ts'
import { callsOf, createRig, GROUP, hurt, LI, type Rig } from './rig.ts'

const MENUS = {
  en: [{ command: 'ack', description: 'Take an alarm on yourself' }],
  'zh-CN': [{ command: 'ack', description: '负责处理告警' }],
}
let rig: Rig
afterEach(() => rig.close())

const open = async (options: Partial<TelegramOptions> = {}) => {
  rig = await createRig({ menus: MENUS, timing: { hold: 1000 }, ...options }, { sameOffsetDelay: 0 })
}
const listsSet = () =>
  callsOf(rig.sim, 'setMyCommands').map(({ payload: { scope, language_code, commands } }) => ({
    scope,
    language_code,
    commands,
  }))
const settled = (calls: number) =>
  until(
    () => callsOf(rig.sim, 'getMyCommands').filter(({ status }) => status !== undefined).length === calls,
    `${calls} lists looked at`,
  )

describe('the menu of commands', () => {
  test('stands in both languages, in groups and in one-to-one chats', async () => {
    await open()
    await rig.start()
    await until(() => listsSet().length === 4)
    for (const type of ['all_group_chats', 'all_private_chats']) {
      expect(listsSet()).toContainEqual({ scope: { type }, language_code: undefined, commands: MENUS.en })
      expect(listsSet()).toContainEqual({ scope: { type }, language_code: 'zh', commands: MENUS['zh-CN'] })
    }
  })

  test('is written after a restart only where it has changed', async () => {
    await open()
    await rig.start()
    await until(() => listsSet().length === 4)
    await rig.restart()
    await settled(8)
    await rig.restart({ menus: { ...MENUS, en: [{ command: 'ack', description: 'Take it' }] } })
    await settled(12)
    await until(() => listsSet().length === 6)
    expect(
      listsSet()
        .slice(4)
        .map(({ language_code }) => language_code),
    ).toEqual([undefined, undefined])
  })

  test.each([
    ['refused', faults.cannotParse()],
    ['hung', faults.hang()],
    ['throttled', faults.tooMany(60)],
    ['a web page', faults.badGateway()],
  ])('keeps nobody from being heard when it is %s', async (_, fault) => {
    await open()
    rig.sim.faults.add({
      when: ({ method }) => method === 'getMyCommands' || method === 'setMyCommands',
      times: Number.POSITIVE_INFINITY,
      effect: fault,
    })
    await rig.start()
    rig.sim.say(GROUP, LI.id, 'status')
    await until(() => rig.inputs.length === 1, 'the line')
    await until(() => rig.lines.some((line) => line.includes('menu of commands')), 'the warning')
    expect(rig.channel.health().state).toBe('ready')
    expect(callsOf(rig.sim, 'getMyCommands').length).toBeLessThanOrEqual(3)
  })

  test('is tried again once all is well', async () => {
    await open()
    hurt(rig.sim, 'getMyCommands', faults.internal())
    await rig.start()
    await until(() => listsSet().length === 4)
  })

  test('stays as it is where another instance has the say', async () => {
    await open({ mode: 'webhook', webhook: { publicUrl: 'https://example.com', announces: false } })
    await rig.start()
    expect(callsOf(rig.sim, 'getMyCommands')).toEqual([])
  })
})

test('stop breaks it off', async () => {
  await open()
  hurt(rig.sim, 'getMyCommands', faults.hang())
  await rig.start()
  await until(() => callsOf(rig.sim, 'getMyCommands').length === 1)
  await rig.channel.stop()
  expect(rig.lines.filter((line) => line.includes('menu of commands'))).toEqual([])
})
