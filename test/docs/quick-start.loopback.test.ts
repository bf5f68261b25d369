import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { untilCard, untilSaid } from '../service/chats.ts'
import { forEachTest, type newFolder, run, startProgram } from '../service/program.ts'
import { TOKEN, untilReady, type World } from '../service/rig.ts'
import { closedPort } from '../support/closed-port.ts'
import { blocksOf, PAGES } from './pages.ts'

let world: World
let folder: ReturnType<typeof newFolder>
forEachTest((one) => {
  ;({ world, folder } = one)
})

const ENV = {
  THINGBOOT_APP_SECRET: 'demo-app-secret-0001',
  THINGBOOT_PUSH_TOKEN: 'a-long-random-token',
  TELEGRAM_TOKEN: TOKEN,
}

const STARTS = PAGES.filter((page) => /^docs\/quick-start(\.zh-CN)?\.md$/.test(page))

/** What the page tells to write, but for the addresses of the simulators, the port, and the language of the words below. */
async function settingsOf(page: string): Promise<string> {
  const text = blocksOf(page).find(({ language }) => language === 'yaml')!.text
  const port = await closedPort()
  return text
    .replace(/appId: .*/, `appId: demoapp\n  baseUrl: ${world.cloud.url}`)
    .replace('  telegram:\n', `  telegram:\n    apiRoot: ${world.telegram.url}\n`)
    .replace(/^locale: \S+/m, `locale: en\nserver: { host: 127.0.0.1, port: ${port} }`)
}

async function bind(kind: 'room' | 'person', name: string): Promise<void> {
  const { code, out } = await run(['bind', `--${kind}`, name], folder.path, ENV)
  expect([code, out]).toEqual([0, expect.stringContaining('send to the bot')])
  world.chats.telegram.say('甲', `/bind@breaker_bot ${/bind (\w{10})/.exec(out)![1]}`)
}

test.each(STARTS)('%s leads from nothing to the first card', async (page) => {
  const settings = await settingsOf(page)
  writeFileSync(join(folder.path, 'breakerbot.yaml'), settings)
  const checked = await run(['check'], folder.path, ENV)
  expect(checked).toMatchObject({
    code: 0,
    out: expect.stringContaining('is valid: 1 breakers, 1 rooms, 1 people'),
  })

  const program = await startProgram(folder.path, settings, ENV)
  await untilReady(program.url, ['telegram'])
  const [, room = ''] = /^rooms:\n {2}- name: (\S+)/m.exec(settings) ?? []
  const [, person = ''] = /^people:\n {2}- name: (.*?) *(#.*)?$/m.exec(settings) ?? []
  await bind('room', room)
  await untilSaid(world.chats.telegram, `From now on this chat is “${room}”`)
  await bind('person', person)
  await untilSaid(world.chats.telegram, `From now on you are ${person} (admin)`)

  const online = await run(['check', '--online'], folder.path, ENV)
  expect([online.code, online.out]).toEqual([0, expect.not.stringContaining('FAIL')])
  expect(await run(['simulate', 'trip'], folder.path, ENV)).toMatchObject({ code: 0 })
  await untilCard(world.chats.telegram, 'Overload', ['Acknowledge'])
  await world.chats.telegram.press('甲', 'Acknowledge')
  await untilCard(world.chats.telegram, `Acknowledged by ${person}`)

  // «actuation: false»: nothing has left, and nothing can.
  world.chats.telegram.say('甲', '/open@breaker_bot')
  await untilSaid(world.chats.telegram, 'Remote control is switched off')
  const pushes = await run(['pushes'], folder.path, ENV)
  expect(pushes.out).toContain('"820720"')
  expect(readFileSync(join(folder.path, 'breakerbot.yaml'), 'utf8')).not.toContain(ENV.THINGBOOT_APP_SECRET)
  await program.terminate()
})
