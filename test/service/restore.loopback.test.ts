import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { debianProgram } from '../../scripts/debian.ts'
import { type RedisProcess, startRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'
import { untilCard, untilSaid } from './chats.ts'
import { newFolder, type Program, run, startProgram } from './program.ts'
import { trip } from './pushes.ts'
import { configText, createWorld, PUSH_TOKEN, pushTo, untilReady, type World } from './rig.ts'

const PUMP = 820720
const AUTO = '{ enabled: true, causes: [voltage], deadTime: 5s, shots: 3, reclaim: 180s, perDay: 9 }'

/** A Redis's own way of saving what it holds and of putting it back, as docs/operations.md has it. */
const REDIS = {
  async backup({ url }: RedisProcess, copy: string) {
    const { status } = spawnSync(debianProgram('redis-cli', 'redis-tools'), ['-u', url, '--rdb', copy])
    expect(status).toBe(0)
  },
  async restore(redis: RedisProcess, copy: string) {
    const cli = (...words: string[]) =>
      spawnSync('redis-cli', ['-p', `${redis.port}`, ...words], { encoding: 'utf8' }).stdout
    await redis.kill()
    rmSync(join(redis.folder, 'appendonlydir'), { recursive: true })
    copyFileSync(copy, join(redis.folder, 'dump.rdb'))
    const settings = ['--port', `${redis.port}`, '--dir', redis.folder, '--appendonly', 'no']
    const server = spawn('redis-server', settings, { stdio: 'ignore' })
    const ended = once(server, 'exit')
    await until(() => cli('ping').startsWith('PONG'), 'the server with the copy')
    expect(cli('config', 'set', 'appendonly', 'yes')).toMatch(/^OK/)
    const isWritten = () => {
      const facts = cli('info', 'persistence')
      return facts.includes('aof_rewrite_in_progress:0') && facts.includes('aof_last_bgrewrite_status:ok')
    }
    await until(isWritten, 'the append-only file to be written')
    cli('shutdown')
    await ended
    await redis.start()
  },
}

describe.each(['sqlite', 'redis'])('a store put back from a copy, on %s', { timeout: 120_000 }, (kind) => {
  let world: World
  let folder: ReturnType<typeof newFolder>
  let redis: RedisProcess | undefined
  let config: string
  let running: Program | undefined
  let copy: string

  beforeEach(async () => {
    world = await createWorld()
    folder = newFolder()
    copy = join(folder.path, 'copy')
    redis = kind === 'redis' ? await startRedis() : undefined
  })
  afterEach(async () => {
    await running?.kill()
    running = undefined
    await redis?.remove()
    await world.close()
    folder.remove()
  })

  async function start(more: Parameters<typeof configText>[1] = {}): Promise<void> {
    config = configText(world, {
      platforms: ['telegram'],
      store: redis?.url ?? 'sqlite:./breakerbot.db',
      ...more,
    })
    running = await startProgram(folder.path, config)
    world.cloud.setPushUrl(`${running.url}/api/device/callback/${PUSH_TOKEN}`)
    await untilReady(running.url, ['telegram'])
  }

  async function backup(): Promise<void> {
    if (redis) return REDIS.backup(redis, copy)
    expect(await run(['backup', copy], folder.path)).toMatchObject({ code: 0 })
  }

  async function killAndRestore(): Promise<void> {
    await running!.kill()
    running = undefined
    if (redis) await REDIS.restore(redis, copy)
    const restored = await run(['restore', ...(redis ? [] : [copy])], folder.path)
    expect(restored).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^the store is restored: its audit is whole/),
    })
  }

  const audit = async () => (await run(['audit', 'export'], folder.path)).out

  test('under load: the service starts on it, its audit is whole, and goes on', async () => {
    await start()
    let isOver = false
    const load = (async () => {
      for (let n = 0; !isOver; n++) await pushTo(running!.url, trip(820721, Date.now() + n))
    })()
    await untilCard(world.chats.telegram, '投饵机')
    await backup()
    await pushTo(running!.url, trip(PUMP, Date.now()))
    await untilCard(world.chats.telegram, '3号增氧机')
    isOver = true
    await load
    expect(await audit()).toContain(`"subject":"${PUMP}"`)
    await killAndRestore()
    expect(await audit()).not.toContain(`"subject":"${PUMP}"`)
    await start()
    const { telegram } = world.chats
    await untilSaid(telegram, '本服务已恢复到')
    await world.cloud.trip(PUMP)
    await untilCard(telegram, /3号增氧机[\s\S]*breakerbot restore/)
    const { code, out } = await run(['audit', 'verify'], folder.path)
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/^the audit chain is whole: \d+ entries/),
    })
    expect(await audit()).toContain('store.restored')
  })

  test('a close that was waiting in the copy and has left since does not leave again; an admin lets new ones leave', async () => {
    const { telegram } = world.chats
    await start()
    const isBack = world.cloud.faults.add({
      when: (call) => call.path === 'device/info',
      effect: { kind: 'hang' },
    })
    await world.cloud.trip(PUMP)
    await untilCard(telegram, '过载')
    await telegram.press('甲', '合闸')
    await untilCard(telegram, '请求合闸', ['确认合闸'])
    void telegram.press('甲', '确认合闸')
    await until(() => world.cloud.calls.some((call) => call.path === 'device/info'), 'the close to wait')
    await backup()
    isBack()
    await until(() => world.cloud.commands.length === 1, 'the close to leave')
    await untilCard(telegram, '已合闸')
    await killAndRestore()
    // It has opened again meanwhile, and nobody here knows why.
    world.cloud.pushFaults.add({ times: 1, effect: { kind: 'lose' } })
    await world.cloud.trip(PUMP, { cause: 'short-circuit' })
    await start()
    await untilSaid(telegram, '本服务已恢复到')
    const isVoid = () => /"outcome":"refused".*"switching command"/.test(running!.ran.err)
    await until(isVoid, 'the old close to be void')
    expect(world.cloud.commands).toHaveLength(1)
    await world.cloud.trip(820721)
    await untilCard(telegram, '投饵机', ['合闸'])
    expect(await telegram.press('甲', '合闸')).toContain('遥控')
    telegram.say('场长', '复控')
    await untilSaid(telegram, '确认复控')
    telegram.say('场长', '确认复控')
    await untilSaid(telegram, '场长 已恢复遥控')
    await untilCard(telegram, '投饵机', ['合闸'])
    await telegram.press('甲', '合闸')
    await untilCard(telegram, '请求合闸', ['确认合闸'])
    await telegram.press('甲', '确认合闸')
    await until(() => world.cloud.commands.length === 2, 'a new close to leave')
    expect(world.cloud.commands[1]).toMatchObject({ devices: ['820721'] })
  })

  test('an automatic close that was announced in the copy does not leave', async () => {
    const { telegram } = world.chats
    const closing = '{ coolDown: 0s, betweenCloses: 0s, inrush: 0s, voltageStable: 0s }'
    await start({ autoReclose: AUTO, closing })
    await world.cloud.trip(PUMP, { cause: 'under-voltage', rise: false })
    await untilCard(telegram, '将自动合闸', ['停止自动合闸'])
    await backup()
    await killAndRestore()
    await start({ autoReclose: AUTO, closing })
    await untilSaid(telegram, '本服务已恢复到')
    await until(
      async () => /reclose|reclosing/.test((await audit()).split('store.restored')[1] ?? ''),
      'its end',
      30_000,
    )
    expect(world.cloud.commands).toEqual([])
  })
})

test('restore says what it needs, and leaves a store that is in use alone', async () => {
  const [world, folder] = [await createWorld(), newFolder()]
  const copy = join(folder.path, 'copy')
  const program = await startProgram(folder.path, configText(world, { platforms: ['telegram'] }))
  expect(await run(['backup', copy], folder.path)).toMatchObject({ code: 0 })
  // They hold what buttons are signed with.
  for (const file of [copy, join(folder.path, 'data/breakerbot.db')])
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600')
  expect(await run(['restore'], folder.path)).toMatchObject({
    code: 1,
    err: expect.stringContaining('restore FILE'),
  })
  const refused = await run(['restore', copy], folder.path)
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('is in use by another process') })
  await program.terminate()
  await world.close()
  folder.remove()
})

test('rolled back: the version before refuses the newer store and leaves it alone; the copy of before goes on', async () => {
  const [world, folder] = [await createWorld(), newFolder()]
  const [copy, file] = ['copy', 'data/breakerbot.db'].map((name) => join(folder.path, name))
  const config = configText(world, { platforms: ['telegram'] })
  await (await startProgram(folder.path, config)).terminate()
  expect(await run(['backup', copy!], folder.path)).toMatchObject({ code: 0 })
  const upgraded = new DatabaseSync(file!)
  upgraded.exec('PRAGMA user_version = 99')
  upgraded.close()
  const sentence = expect.stringContaining('install that version again, or restore a copy made before it')
  expect(await run(['start'], folder.path)).toMatchObject({ code: 2, out: '', err: sentence })
  expect(await run(['audit'], folder.path)).toMatchObject({ code: 2, err: sentence })
  expect(await run(['restore', copy!], folder.path)).toMatchObject({ code: 0 })
  expect((await (await startProgram(folder.path, config)).terminate()).code).toBe(0)
  await world.close()
  folder.remove()
})
