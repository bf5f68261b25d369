import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { untilCard } from './chats.ts'
import { newFolder, type Program, run, startProgram } from './program.ts'
import { trip } from './pushes.ts'
import { configText, createWorld, PUSH_TOKEN, pushTo, untilReady, type World } from './rig.ts'

describe('bad pushes', () => {
  let world: World
  let folder: ReturnType<typeof newFolder>
  let program: Program
  beforeAll(async () => {
    world = await createWorld()
    folder = newFolder()
    program = await startProgram(folder.path, configText(world, { platforms: ['telegram'] }))
    await untilReady(program.url, ['telegram'])
  })
  afterAll(async () => {
    await program.terminate()
    await world.close()
    folder.remove()
  })

  const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json', token = PUSH_TOKEN) =>
    fetch(`${program.url}/api/device/callback/${token}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
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

  test('an unknown device is named once to an admin, with the lines to add', async () => {
    await pushTo(program.url, trip(999111, Date.now()))
    await pushTo(program.url, trip(999111, Date.now() + 1))
    const told = () => world.telegram.messages(103).filter((one) => one.text.includes('999111'))
    const [message] = await until(() => (told().length > 0 ? told() : undefined), 'the admin to be told')
    expect(message!.text).toContain('- { id: 999111,')
    expect(message!.text).toContain('room: night-shift')
    await pushTo(program.url, trip(999111, Date.now() + 2))
    await pushTo(program.url, trip(820721, Date.now()))
    await untilCard(world.chats.telegram, '投饵机')
    expect(told()).toHaveLength(1)
    expect(world.chats.telegram.texts().join()).not.toContain('999111')
  })

  test('the same push twice makes one card', async () => {
    const push = trip(820720, Date.now())
    await Promise.all([pushTo(program.url, push), pushTo(program.url, push)])
    await untilCard(world.chats.telegram, '3号增氧机')
    world.chats.telegram.say('甲', '状态 3号增氧机')
    await until(
      () => world.chats.telegram.texts().some((text) => text.startsWith('🔴 3号增氧机')),
      'the status',
    )
    const cards = world.telegram.messages(-1001234567890).filter((one) => one.keyboard.length > 0)
    expect(cards.filter((one) => one.text.includes('3号增氧机'))).toHaveLength(1)
    expect(cards.find((one) => one.text.includes('3号增氧机'))!.text).not.toContain('再次')
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
    await until(() => world.telegram.pending() === 0, 'all presses to be taken', 150_000)
    expect(await world.chats.telegram.press('甲', '确认')).toContain('甲')
    expect(world.cloud.commands).toHaveLength(0)
  }, 200_000)
})
