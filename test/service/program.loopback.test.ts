import { describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { untilCard } from './chats.ts'
import { forEachTest, type newFolder, run, startProgram } from './program.ts'
import { trip } from './pushes.ts'
import { configText, PUSH_TOKEN, pushTo, untilReady, type World } from './rig.ts'

let world: World
let folder: ReturnType<typeof newFolder>
forEachTest((one) => {
  ;({ world, folder } = one)
})

describe('the running service', () => {
  test('what was answered 200 survives kill -9 and reaches the chats', async () => {
    const breakers = Array.from({ length: 40 }, (_, index) => 900000 + index)
    const more = breakers
      .map((id) => `  - { id: ${id}, name: 机${id}, site: 一号鱼塘, room: night-shift, ratedCurrent: 60 }`)
      .join('\n')
    const config = configText(world, { platforms: ['telegram'], more: `${more}\nstorm: { more: 0 }` })
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
    world.telegram.faults.clear()
    const second = await startProgram(folder.path, config)
    const texts = () => world.chats.telegram.texts()
    await until(
      () => breakers.every((id) => texts().some((text) => text.includes(`机${id}`))),
      'a card for each push',
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

  test('one line on standard output, nothing but JSON lines on standard error', async () => {
    const program = await startProgram(folder.path, configText(world))
    await untilReady(program.url, ['telegram', 'dingtalk', 'wecom'])
    await program.terminate()
    expect(program.ran.out).toBe(`ready on ${program.url}\n`)
    const lines = program.ran.err.trim().split('\n')
    expect(lines.map((line) => typeof JSON.parse(line))).toEqual(lines.map(() => 'object'))
  })

  test('a chat and a cloud that hang do not hold up the end', async () => {
    const program = await startProgram(
      folder.path,
      configText(world, { platforms: ['telegram', 'dingtalk'] }),
    )
    await untilReady(program.url, ['telegram', 'dingtalk'])
    world.telegram.faults.add({
      when: (call) => call.method === 'sendMessage',
      effect: { kind: 'hang', done: false },
    })
    world.cloud.faults.add({
      when: (call) => call.path === 'device/info',
      times: 5,
      effect: { kind: 'hang' },
    })
    await pushTo(program.url, trip(820720, Date.now()))
    const { dingtalk } = world.chats
    await untilCard(dingtalk, '过载')
    await dingtalk.press('甲', '合闸')
    await untilCard(dingtalk, '请求合闸', ['确认合闸'])
    await dingtalk.press('甲', '确认合闸')
    await until(() => world.cloud.calls.some((call) => call.path === 'device/info'), 'the call to hang')
    const ended = await program.terminate()
    expect(ended.code).toBe(0)
    expect(ended.took).toBeLessThan(10_000)
    expect(world.cloud.commands).toHaveLength(0)
  })
})
