import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { PEOPLE, untilCard, untilSaid } from './chats.ts'
import { forEachTest, type newFolder, type Program, startProgram } from './program.ts'
import { trip } from './pushes.ts'
import { configText, PUSH_TOKEN, pushTo, untilReady, type World } from './rig.ts'

let world: World
let folder: ReturnType<typeof newFolder>
forEachTest((one) => {
  ;({ world, folder } = one)
})

const logged = (program: Program, says: string) =>
  until(() => program.ran.err.includes(says), `«${says}» in the log`)

test('SIGHUP takes a new configuration as a whole, or nothing of it', async () => {
  const config = configText(world, { platforms: ['telegram'] })
  const program = await startProgram(folder.path, config)
  world.cloud.setPushUrl(`${program.url}/api/device/callback/${PUSH_TOKEN}`)
  await untilReady(program.url, ['telegram'])
  const chat = world.chats.telegram

  // Two faults, and a person who is no longer there: nothing of it is taken.
  const without = config.replace(/^ {2}- \{ name: 甲, .*\n/m, '')
  program.reload(
    without.replace('room: night-shift, ratedCurrent: 16', 'room: elsewhere').replace('zh-CN', 'en'),
  )
  await logged(program, 'there is no room «elsewhere»; rooms are: night-shift')
  await logged(program, 'the one before still holds')
  chat.say('甲', '我是谁')
  await untilSaid(chat, '甲（操作）')

  // Another language, a breaker more, another person’s right; and a port, which a running service cannot change.
  const changed = config
    .replace('locale: zh-CN', 'locale: en')
    .replace('name: 看客, role: viewer', 'name: 看客, role: operator')
    .replace('port: 0', 'port: 1')
  program.reload(
    `${changed}  - { id: 820799, name: 新机, site: 一号鱼塘, room: night-shift, ratedCurrent: 16 }\n`,
  )
  await logged(program, 'server has changed: that needs a restart')
  await logged(program, 'the configuration was taken')
  expect(program.ran.err).not.toContain('thingboot.baseUrl has changed')
  chat.say('看客', 'whoami')
  await untilSaid(chat, /看客 \(operator\)[\s\S]*Here: look, acknowledge, open, close/)
  await pushTo(program.url, trip(820799, Date.now()))
  await untilCard(chat, '新机', ['Acknowledge'])

  // Somebody and something taken out.
  program.reload(without.replace(/^ {2}- \{ id: 820721, .*\n/m, ''))
  await until(
    () => program.ran.err.split('the configuration was taken').length === 3,
    'the second one to be taken',
  )
  chat.say('甲', '我是谁')
  await untilSaid(chat, `ID：${PEOPLE.甲.telegram}，不在名单中`)
  chat.say('乙', '状态 投饵机')
  await untilSaid(chat, '没有找到“投饵机”')
  expect((await program.terminate()).code).toBe(0)
})
