import { expect, test } from 'vitest'
import { tryOnline } from '../../src/cli/online.ts'
import type { Config } from '../../src/config/schema.ts'
import { type Binding, bindingKey } from '../../src/engine/bound-policy.ts'
import { openStore } from '../../src/store/open.ts'
import { GROUP } from './chats.ts'
import { forEachTest, type newFolder } from './program.ts'
import { configText, type Platform, readConfig, type World } from './rig.ts'

let world: World
let folder: ReturnType<typeof newFolder>
forEachTest((one) => {
  ;({ world, folder } = one)
})

const APP = 'dingTESTCLIENT'

const configOf = (platform: Platform, change = (text: string) => text): Config =>
  readConfig(change(configText(world, { platforms: [platform], store: `sqlite:${folder.path}/b.db` })))

/** What is found, by part; `FAIL` before what is wrong. */
async function found(config: Config): Promise<Record<string, string>> {
  const findings = await tryOnline(config)
  return Object.fromEntries(findings.map(({ part, ok, detail }) => [part, ok ? detail : `FAIL ${detail}`]))
}

test('all is well: each part is told, and nothing has been sent to any chat', async () => {
  const config = readConfig(configText(world, { store: `sqlite:${folder.path}/b.db` }))
  expect(await found(config)).toEqual({
    store: expect.stringContaining('b.db'),
    clock: expect.stringContaining('0 s'),
    thingboot: 'the cloud knows 3 devices',
    telegram: 'the bot is @breaker_bot; hears all that is said in its groups',
    'telegram updates': 'fetched by the service (polling)',
    'telegram night-shift': `${GROUP.telegram} «夜班»: the bot may write`,
    dingtalk: 'clientId and clientSecret are right',
    'dingtalk cards': 'the permission Card.Instance.Write is there',
    'dingtalk messages': 'the permission qyapi_robot_sendmsg is there',
    'dingtalk stream': 'a connection may be opened',
    'dingtalk night-shift': `${GROUP.dingtalk}: the group is known`,
    wecom: 'botId and secret are right',
    'wecom night-shift': expect.stringContaining('not tried'),
  })
  for (const chat of Object.values(world.chats)) expect(chat.texts()).toEqual([])
  expect(world.dingtalk.sockets).toEqual([])
})

test('Telegram: a token that is wrong, a server that is not there', async () => {
  const wrong = configOf('telegram', (text) => text.replace('123456:TEST', '123456:REST'))
  expect((await found(wrong)).telegram).toMatch(/^FAIL .*Unauthorized.*channels\.telegram\.token/)
  await world.telegram.close()
  expect((await found(configOf('telegram'))).telegram).toMatch(/^FAIL .*ECONNREFUSED.*apiRoot and \.proxy/)
})

test.each<[string, () => void, RegExp]>([
  ['kicked', () => world.telegram.kickBot(GROUP.telegram), /FAIL .*taken out.*add it to the group again/],
  [
    'muted',
    () => world.telegram.setMember(GROUP.telegram, 123456, 'restricted'),
    /FAIL .*may not write there: lift/,
  ],
  ['never there', () => world.telegram.setMember(GROUP.telegram, 123456, 'left'), /FAIL .*not in it.*add it/],
])('Telegram: the bot was %s in a room’s chat', async (_what, happens, says) => {
  happens()
  expect((await found(configOf('telegram')))['telegram night-shift']).toMatch(says)
})

test('Telegram: a chat that moved, one that is unknown, a web-hook in the way, privacy mode', async () => {
  world.telegram.addBot({ token: '777:other_bot-of-the-tests', username: 'other_bot' })
  world.telegram.addChat({ id: -77, type: 'group', title: '旧群', members: [101] })
  const other = (chat: string) =>
    configOf('telegram', (text) =>
      text.replace(/123456:TEST[^"]*/, '777:other_bot-of-the-tests').replace(String(GROUP.telegram), chat),
    )
  expect((await found(other('-77'))).telegram).toContain('privacy mode')
  world.telegram.migrate(-77, -100777)
  expect((await found(other('-77')))['telegram night-shift']).toMatch(/FAIL .*id -100777: enter that one/)
  expect((await found(other('-78')))['telegram night-shift']).toMatch(/FAIL -78: there is no such chat/)
  const hook = `${world.telegram.url}/bot777:other_bot-of-the-tests/setWebhook?url=http://127.0.0.1:9/x`
  expect((await fetch(hook)).status).toBe(200)
  expect((await found(other('-78')))['telegram updates']).toMatch(/FAIL a web-hook is set/)
})

test.each<[string, string[], string]>([
  ['dingtalk cards', ['qyapi_robot_sendmsg'], 'Card.Instance.Write'],
  ['dingtalk messages', ['Card.Instance.Write'], 'qyapi_robot_sendmsg'],
])('DingTalk: %s without its permission, with the page to ask for it', async (part, scopes, missing) => {
  world.dingtalk.addApp({ clientId: APP, clientSecret: 'ding-client-secret-0001', scopes })
  const all = await found(configOf('dingtalk'))
  expect(all[part]).toMatch(/^FAIL the permission/)
  expect(all[part]).toContain(`https://open-dev.dingtalk.com/appscope/apply?content=${APP}%23${missing}`)
  expect(Object.values(all).filter((one) => one.startsWith('FAIL'))).toHaveLength(1)
})

test('DingTalk: wrong credentials, an app that is not published, a group without the robot, an unknown group', async () => {
  const wrong = configOf('dingtalk', (text) => text.replace('ding-client-secret-0001', 'another'))
  expect((await found(wrong)).dingtalk).toMatch(/^FAIL invalidClientIdOrSecret .*凭证与基础信息/)
  const unknown = configOf('dingtalk', (text) => text.replace(GROUP.dingtalk, 'cidOTHER'))
  expect((await found(unknown))['dingtalk night-shift']).toMatch(/FAIL cidOTHER: there is no such group/)
  world.dingtalk.removeRobot(GROUP.dingtalk, APP)
  expect((await found(configOf('dingtalk')))['dingtalk night-shift']).toMatch(
    /FAIL .*not in the group.*robots → add/,
  )
  world.dingtalk.addApp({ clientId: APP, clientSecret: 'ding-client-secret-0001', published: false })
  expect((await found(configOf('dingtalk')))['dingtalk stream']).toMatch(
    /FAIL appNotPublished .*publish a version/,
  )
})

test('WeCom: a wrong secret', async () => {
  const wrong = configOf('wecom', (text) => text.replace('wecom-bot-secret-0001', 'another'))
  expect((await found(wrong)).wecom).toMatch(/^FAIL /)
})

test('a room without a chat is told, unless one was bound', async () => {
  const config = configOf('telegram', (text) => text.replace(/\n +telegram: "-100\d+"/, ''))
  expect((await found(config))['room night-shift']).toMatch(
    /^FAIL has no chat: run «breakerbot bind --room night-shift»/,
  )
  const store = await openStore(config.store, { log: { info() {}, warn() {}, error() {} } })
  const binding: Binding = {
    kind: 'room',
    name: 'night-shift',
    channel: 'telegram',
    id: '-5',
    by: 'x',
    at: 1,
  }
  await store.commit({
    writes: [{ key: bindingKey(binding), value: binding, version: 0, index: { at: 1, open: true } }],
  })
  await store.close()
  const bound = await found(config)
  expect(bound['room night-shift']).toBeUndefined()
  expect(bound['telegram night-shift']).toMatch(/^FAIL -5: there is no such chat/)
})
