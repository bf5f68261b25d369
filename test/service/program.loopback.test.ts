import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { untilCard } from './chats.ts'
import { newFolder, type Program, run, startProgram } from './program.ts'
import { configText, createWorld, PUSH_TOKEN, pushTo, untilReady, type World } from './rig.ts'

let world: World
let folder: ReturnType<typeof newFolder>
beforeEach(async () => {
  world = await createWorld()
  folder = newFolder()
})
afterEach(async () => {
  await world.close()
  folder.remove()
})

const trip = (device: number, ts: number) => ({
  type: 'event',
  device,
  mid: `m${ts}`,
  ts,
  data: {
    name: 'trip',
    state: { power: '0', fault: 'overload', voltage: '228.4', current: '63.1', active_power: '14400' },
  },
})

describe('the running service', () => {
  test('what was answered 200 survives kill -9 and reaches the chats', async () => {
    const breakers = Array.from({ length: 40 }, (_, index) => 900000 + index)
    const more = breakers
      .map((id) => `  - { id: ${id}, name: 机${id}, site: 一号鱼塘, room: night-shift, ratedCurrent: 60 }`)
      .join('\n')
    const config = configText(world, { platforms: ['telegram'], more })
    // Telegram does not answer: nothing can leave before the kill.
    world.telegram.faults.add({
      when: (call) => call.method === 'sendMessage',
      times: 1,
      effect: { kind: 'hang', done: false },
    })
    const first = await startProgram(folder.path, config)
    const answers = await Promise.all(
      breakers.map((id, index) => pushTo(first.url, trip(id, Date.now() + index))),
    )
    expect(answers.map((answer) => answer.status)).toEqual(breakers.map(() => 200))
    await first.kill()
    const second = await startProgram(folder.path, config)
    const texts = () => world.chats.telegram.texts()
    await until(
      () => breakers.every((id) => texts().some((text) => text.includes(`机${id}`))),
      'a card for each push',
      15_000,
    )
    const times = breakers.map((id) => texts().filter((text) => text.includes(`机${id}`)).length)
    // The one message that was under way when the power went may have come twice; no other may.
    expect(times.filter((count) => count > 1).length).toBeLessThanOrEqual(1)
    await second.terminate()
  })

  test('SIGTERM ends it with exit code 0 within 10 s, and it is ready again on the same store', async () => {
    const config = configText(world)
    const first = await startProgram(folder.path, config)
    await untilReady(first.url, ['telegram', 'dingtalk', 'wecom'])
    const ended = await first.terminate()
    expect(ended.code).toBe(0)
    expect(ended.took).toBeLessThan(10_000)
    const second = await startProgram(folder.path, config)
    world.cloud.setPushUrl(`${second.url}/api/device/callback/${PUSH_TOKEN}`)
    await untilReady(second.url, ['telegram'])
    await world.cloud.trip(820720)
    await untilCard(world.chats.telegram, '过载')
    expect((await run(['audit'], folder.path)).out).toMatch(/^the audit chain is whole: [1-9]/)
    expect((await run(['audit', 'export'], folder.path)).out).toContain('incident.opened')
    await second.terminate()
  })

  test('a command that was under way at kill -9 is not sent again but looked up', async () => {
    const config = configText(world, { platforms: ['telegram'] })
    const first = await startProgram(folder.path, config)
    world.cloud.setPushUrl(`${first.url}/api/device/callback/${PUSH_TOKEN}`)
    await untilReady(first.url, ['telegram'])
    await world.cloud.trip(820720)
    await untilCard(world.chats.telegram, '过载')
    await world.chats.telegram.press('甲', '合闸')
    await untilCard(world.chats.telegram, '请求合闸')
    // The cloud carries the command out and never answers; its push is lost with the process.
    world.cloud.faults.add({
      when: (call) => call.path === 'device/control',
      effect: { kind: 'hang', act: true },
    })
    world.cloud.pushFaults.add({ times: Number.POSITIVE_INFINITY, effect: { kind: 'lose' } })
    await world.chats.telegram.press('甲', '确认合闸')
    await until(() => world.cloud.commands.length === 1, 'the command')
    await first.kill()
    const second = await startProgram(folder.path, config)
    await untilCard(world.chats.telegram, '已合闸')
    expect(world.cloud.commands).toHaveLength(1)
    await second.terminate()
  })
})

describe('bad pushes', () => {
  let program: Program
  beforeEach(async () => {
    program = await startProgram(folder.path, configText(world, { platforms: ['telegram'] }))
    await untilReady(program.url, ['telegram'])
  })
  afterEach(() => program.terminate())

  const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json', token = PUSH_TOKEN) =>
    fetch(`${program.url}/api/device/callback/${token}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })

  test.each([
    ['broken JSON', '{"type":"event",', 400],
    ['an empty body', '', 400],
    ['not an object', '42', 400],
    ['an array of nothing', '[]', 400],
    ['an object of nothing', '{}', 400],
    ['no device', '{"type":"event","data":{"name":"trip"}}', 400],
    ['wrong types', '{"type":7,"device":{},"ts":[],"data":"x"}', 400],
    ['65 KiB', `{"type":"state","device":820720,"data":{"power":"${'1'.repeat(66_000)}"}}`, 413],
    [
      'absurd values',
      '{"type":"state","device":820720,"ts":99999999999999,"data":{"power":"1","voltage":1e308,"current":-5,"active_power":"NaN","energy":"-1"}}',
      200,
    ],
    ['a wrong content type', JSON.stringify(trip(820721, Date.now())), 200, 'text/plain'],
    [
      'a form',
      new URLSearchParams({ type: 'state', device: '820720', data: '{"power":"1"}' }).toString(),
      200,
      'application/x-www-form-urlencoded',
    ],
  ])('%s', async (_what, body, status, type = 'application/json') => {
    const answer = await post(body, type)
    expect(answer.status).toBe(status)
    if (status >= 400)
      expect(await answer.json()).toMatchObject({ error: expect.any(String), message: expect.any(String) })
    expect((await fetch(`${program.url}/healthz`)).status).toBe(200)
  })

  test('wrong token and wrong method', async () => {
    expect((await post('{}', 'application/json', 'wrong-token-altogether')).status).toBe(404)
    const got = await fetch(`${program.url}/api/device/callback/${PUSH_TOKEN}`)
    expect(got.status).toBe(405)
    expect(got.headers.get('allow')).toBe('POST')
    expect((await fetch(`${program.url}/api/device/callback/nope`)).status).toBe(404)
  })

  test('what cannot be read is kept, counted, shown, and told to an admin once', async () => {
    await post('{"broken')
    await post('{"broken')
    await post('also broken')
    const shown = await run(['unreadable'], folder.path)
    expect(shown.out.trim().split('\n')).toHaveLength(2)
    expect(shown.out).toContain('{\\"broken')
    const ready = (await (await fetch(`${program.url}/readyz`)).json()) as { unreadable: number }
    expect(ready.unreadable).toBe(2)
    expect(await (await fetch(`${program.url}/metrics`)).text()).toContain(
      'breakerbot_pushes_total{result="unreadable"} 3',
    )
    const told = () => world.telegram.messages(103).filter((one) => one.text.includes('无法识别'))
    await until(() => told().length === 1, 'the admin to be told')
  })

  test('an unknown device is named once to an admin, with the lines to add', async () => {
    await pushTo(program.url, trip(999111, Date.now()))
    await pushTo(program.url, trip(999111, Date.now() + 1))
    const told = () => world.telegram.messages(103).filter((one) => one.text.includes('999111'))
    const [message] = await until(() => (told().length > 0 ? told() : undefined), 'the admin to be told')
    expect(message!.text).toContain('- id: 999111')
    expect(message!.text).toContain('room: night-shift')
    await pushTo(program.url, trip(999111, Date.now() + 2))
    await pushTo(program.url, trip(820720, Date.now()))
    await untilCard(world.chats.telegram, '过载')
    expect(told()).toHaveLength(1)
    expect(world.chats.telegram.texts().join()).not.toContain('999111')
  })

  test('the same push twice makes one card', async () => {
    const push = trip(820720, Date.now())
    await Promise.all([pushTo(program.url, push), pushTo(program.url, push)])
    await untilCard(world.chats.telegram, '过载')
    await pushTo(program.url, trip(820721, Date.now()))
    await untilCard(world.chats.telegram, '投饵机')
    expect(world.chats.telegram.cards()).toBe(2)
  })

  test('10,000 forged presses switch nothing, and a true one is still answered', async () => {
    await pushTo(program.url, trip(820720, Date.now()))
    await untilCard(world.chats.telegram, '过载')
    const [real] = world.telegram
      .messages(-1001234567890)
      .flatMap((one) => one.keyboard.flat().map((button) => button.data))
    const forged = [
      real!,
      'v1:confirm:820720.aaaaaaaaaaaa:bbbbbb',
      'v1:reclose:999.x',
      'x'.repeat(64),
      'v1:confirm:820720.aaaaaaaaaaaa',
    ]
    for (let index = 0; index < 10_000; index++) {
      world.telegram.deliver({
        callback_query: {
          id: `forged-${index}`,
          from: { id: index % forged.length ? 101 : 109, is_bot: false, first_name: 'x' },
          chat_instance: '1',
          message: {
            message_id: 1,
            date: 0,
            chat: { id: -1001234567890, type: 'supergroup', title: '夜班' },
          },
          data: forged[index % forged.length],
        },
      })
    }
    await until(() => world.telegram.pending() === 0, 'all presses to be taken', 60_000)
    expect(await world.chats.telegram.press('甲', '确认')).toContain('甲')
    expect(world.cloud.commands).toHaveLength(0)
  }, 90_000)
})

describe('the command line', () => {
  test('check names each fault with its line and how to mend it', async () => {
    writeFileSync(
      join(folder.path, 'breakerbot.yaml'),
      configText(world).replace('ratedCurrent', 'ratedCurrnt').replace('role: admin', 'role: chief'),
    )
    const { code, err } = await run(['check'], folder.path)
    expect(code).toBe(1)
    expect(err).toMatch(
      /breakerbot\.yaml:\d+ breakers\[0\]\.ratedCurrnt is not a known key; did you mean «ratedCurrent»\?/,
    )
    expect(err).toMatch(/breakerbot\.yaml:\d+ people\[2\]\.role must be viewer or operator or admin/)
  })

  test('check --online tries credentials, clock and store', async () => {
    writeFileSync(join(folder.path, 'breakerbot.yaml'), configText(world))
    const good = await run(['check', '--online'], folder.path)
    expect(good.out).toMatch(/ok {3}telegram: the bot is @breaker_bot/)
    expect(good.out).toMatch(/ok {3}thingboot: the cloud knows 3 devices/)
    expect(good.out).toMatch(/ok {3}wecom/)
    expect(good.code).toBe(0)
    writeFileSync(
      join(folder.path, 'breakerbot.yaml'),
      configText(world).replace('appSecret: demo-app', 'appSecret: other'),
    )
    const bad = await run(['check', '--online'], folder.path)
    expect(bad.out).toMatch(/FAIL thingboot: /)
    expect(bad.code).toBe(2)
  })

  test('usage errors end with 1, help with 0', async () => {
    expect((await run(['nonsense'], folder.path)).code).toBe(1)
    expect((await run(['start', '--confg', 'x'], folder.path)).code).toBe(1)
    const help = await run(['--help'], folder.path)
    expect(help).toMatchObject({ code: 0, out: expect.stringContaining('simulate') })
    expect((await run(['start', '--help'], folder.path)).out).toContain('--config')
    expect(await run(['start'], folder.path)).toMatchObject({
      code: 1,
      err: expect.stringContaining('breakerbot.yaml'),
    })
  })

  test('simulate plays a trip into the running service', async () => {
    const program = await startProgram(folder.path, configText(world, { platforms: ['telegram'] }))
    await untilReady(program.url, ['telegram'])
    const played = await run(['simulate', 'trip', '--url', program.url], folder.path)
    expect(played.code).toBe(0)
    const card = await untilCard(world.chats.telegram, '过载')
    expect(card.text).toContain('52.0–61.8 A')
    await program.terminate()
  })

  test('a second service on the same store is refused with a plain sentence', async () => {
    const program = await startProgram(folder.path, configText(world, { platforms: ['telegram'] }))
    const second = await run(['start'], folder.path)
    expect(second.code).toBe(2)
    expect(second.err).toContain('in use by another process')
    await program.terminate()
  })
})
