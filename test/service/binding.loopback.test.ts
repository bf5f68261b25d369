import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { closedPort } from '../support/closed-port.ts'
import { startRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'
import { GROUP, untilCard, untilSaid } from './chats.ts'
import { forEachTest, type newFolder, run, startProgram } from './program.ts'
import { trip } from './pushes.ts'
import { configText, PLATFORMS, pushTo, untilReady, type World } from './rig.ts'

let world: World
let folder: ReturnType<typeof newFolder>
forEachTest((one) => {
  ;({ world, folder } = one)
})

/** A room that names no chat of its own. */
const withoutChats = (config: string) =>
  Object.values(GROUP).reduce<string>((text, id) => text.replace(new RegExp(`\n +\\w+: "${id}"`), ''), config)

async function bindAll(): Promise<void> {
  const printed = await run(['bind', '--room', 'night-shift'], folder.path)
  expect(printed).toMatchObject({ code: 0, err: '' })
  for (const platform of PLATFORMS) {
    const [, code] = new RegExp(`${platform} +send to the bot: 绑定 (\\w{10})`).exec(printed.out) ?? []
    world.chats[platform].say('场长', `绑定 ${code}`)
    await untilSaid(world.chats[platform], '这里现在是“night-shift”')
  }
  expect(printed.out).toMatch(/https:\/\/t\.me\/breaker_bot\?startgroup=\w{10}\n/)
}

test.each(['sqlite', 'redis'])(
  'bind, with the store a %s: while the service runs, across restarts, until the file gives the ids',
  async (kind) => {
    const redis = kind === 'redis' ? await startRedis() : undefined
    try {
      // As anywhere but in tests the address is its own, so that after the kill it comes back as who it was.
      const options = { port: await closedPort(), ...(redis && { store: redis.url }) }
      const config = withoutChats(configText(world, options))
      const program = await startProgram(folder.path, config)
      expect(program.ran.err).toContain('breakerbot bind --room night-shift')
      await untilReady(program.url, PLATFORMS)
      await bindAll()
      await program.kill()
      const again = await startProgram(folder.path, config)
      await untilReady(again.url, PLATFORMS)
      await pushTo(again.url, trip(820720, Date.now()))
      for (const platform of PLATFORMS) await untilCard(world.chats[platform], '过载')
      again.reload(configText(world, options))
      const isDropped = (id: string) =>
        again.ran.err.split('\n').some((line) => line.includes('has no use for') && line.includes(id))
      await until(() => Object.values(GROUP).map(String).every(isDropped), 'the file to end what was bound')
      await again.terminate()
    } finally {
      await redis?.remove()
    }
  },
)

describe('the command', () => {
  test('names what stands in the file already, and what there is to be named', async () => {
    writeFileSync(join(folder.path, 'breakerbot.yaml'), configText(world))
    const filed = await run(['bind', '--room', 'night-shift'], folder.path)
    expect(filed.out).toContain(`${GROUP.telegram} stands in the configuration: change it there`)
    const unknown = await run(['bind', '--person', '张三'], folder.path)
    expect(unknown).toMatchObject({ code: 1, err: expect.stringMatching(/no person «张三».*«甲».*«场长»/) })
    expect(await run(['bind'], folder.path)).toMatchObject({
      code: 1,
      err: expect.stringContaining('name a room'),
    })
  })

  test('needs neither service nor platform: without Telegram there is no link', async () => {
    const config = withoutChats(configText(world, { platforms: ['telegram'] }))
    writeFileSync(join(folder.path, 'breakerbot.yaml'), config)
    await world.telegram.close()
    const printed = await run(['bind', '--room', 'night-shift'], folder.path)
    expect(printed.code).toBe(0)
    expect(printed.out).toMatch(/telegram +send to the bot: 绑定 \w{10}\n/)
  })
})
