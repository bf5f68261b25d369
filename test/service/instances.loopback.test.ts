import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { createLog } from '../../src/log.ts'
import { type RedisProcess, startRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'
import { untilCard, untilSaid } from './chats.ts'
import { forEachTest, type newFolder, type Program, run, startProgram } from './program.ts'
import { trip } from './pushes.ts'
import {
  type ConfigOptions,
  configText,
  PLATFORMS,
  type Platform,
  PUSH_TOKEN,
  pushTo,
  readConfig,
  type World,
} from './rig.ts'

let world: World
let folder: ReturnType<typeof newFolder>
let redis: RedisProcess
const apps: App[] = []
forEachTest((one) => {
  ;({ world, folder } = one)
})
beforeEach(async () => {
  redis = await startRedis()
  return async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()))
    await redis.remove()
  }
})

interface Instance {
  url: string
  stop(): Promise<void>
}

/** One instance of the service, in this process. */
async function start(options: ConfigOptions = {}): Promise<Instance> {
  const config = readConfig(configText(world, { store: redis.url, ...options }))
  const app = await createApp(config, createLog({ level: 'silent' }))
  apps.push(app)
  const url = await app.start()
  return { url, stop: app.stop }
}

interface Ready {
  ready: boolean
  store: { ok: boolean; detail?: string }
  channels: Record<string, { state: string; detail?: string }>
  mqtt?: { state: string }
  spooled?: number
  refused?: { count: number }
}

async function readyz({ url }: { url: string }): Promise<Ready & { status: number }> {
  const answer = await fetch(`${url}/readyz`)
  return { status: answer.status, ...((await answer.json()) as Ready) }
}

async function untilState(
  instance: { url: string },
  wanted: string,
  ms = 20_000,
  platforms: readonly Platform[] = PLATFORMS,
): Promise<void> {
  let seen = ''
  const isSo = async () => {
    const { channels } = await readyz(instance)
    seen = JSON.stringify(channels)
    return platforms.every((platform) => channels[platform]?.state === wanted)
  }
  await until(isSo, `all channels to be ${wanted}`, ms).catch((error) => {
    throw new Error(`${error.message}; they are ${seen}`)
  })
}

/** Never two at once: the platform throws out nobody, and counts how many are open. */
function expectOneConnection(): void {
  const conns = world.wecom.conns()
  expect(conns.filter((one) => one.state === 'kicked')).toEqual([])
  expect(conns.filter((one) => one.open)).toHaveLength(1)
  expect(world.dingtalk.sockets).toHaveLength(1)
}

describe('two instances on one Redis', () => {
  test('one is connected, the other ready to take over, and does so at once when the first is stopped', async () => {
    const first = await start()
    await untilState(first, 'ready')
    const second = await start()
    await untilState(second, 'standby')
    expect(await readyz(second)).toMatchObject({ status: 200, ready: true })
    expectOneConnection()
    await first.stop()
    await untilState(second, 'ready', 1500, ['wecom', 'dingtalk'])
    // Telegram lets whoever asks for the same updates again so soon wait for some seconds.
    await untilState(second, 'ready')
    expectOneConnection()
  })

  test('a trip pushed to both is one card in each chat, and pressed where it may be', async () => {
    const [first, second] = [await start(), await start()]
    await untilState(first, 'ready')
    const at = Date.now()
    const answers = await Promise.all([first, second].map(({ url }) => pushTo(url, trip(820720, at))))
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    for (const platform of PLATFORMS) await untilCard(world.chats[platform], '过载')
    // Whichever decides, each press is answered: DingTalk and WeCom with the card, Telegram with a toast.
    expect(await world.chats.telegram.press('甲', '确认')).toContain('甲')
    expect(await world.chats.telegram.press('甲', '合闸')).toContain('60 秒')
    await untilCard(world.chats.dingtalk, '请求合闸', ['确认合闸'])
    await world.chats.dingtalk.press('甲', '取消')
    await untilCard(world.chats.dingtalk, '过载', ['合闸'])
    for (const platform of PLATFORMS) expect(world.chats[platform].cards()).toBeGreaterThan(0)
    expect(world.chats.telegram.cards()).toBe(1)
    expect(world.chats.dingtalk.cards()).toBe(1)
    const metrics = await Promise.all(
      [first, second].map(({ url }) => fetch(`${url}/metrics`).then((one) => one.text())),
    )
    const taken = metrics.map((text) =>
      Number(/breakerbot_pushes_total\{result="taken"\} (\d+)/.exec(text)?.[1] ?? 0),
    )
    expect(taken[0]! + taken[1]!).toBe(1)
    expectOneConnection()
  })

  test('two commands to one breaker keep their distance, whichever sends them', async () => {
    const [first] = [await start({ platforms: ['telegram'] }), await start({ platforms: ['telegram'] })]
    await untilState(first, 'ready', undefined, ['telegram'])
    const data = { power1: '1', power2: '1' }
    await pushTo(first.url, { type: 'state', device: 820730, ts: Date.now(), data })
    for (const circuit of ['左泵', '右泵']) world.chats.telegram.say('甲', `/分闸 ${circuit}`)
    await until(() => world.cloud.commands.length === 2, 'both commands')
    const [one, other] = world.cloud.commands.map(({ at }) => at)
    // They are spaced where they leave; on their way they may come nearer.
    expect(other! - one!).toBeGreaterThan(1000)
  })

  /** Two processes; the first is connected. */
  async function startPrograms(): Promise<[Program, Program]> {
    const config = configText(world, { store: redis.url })
    const programs = []
    for (const [name, state] of [
      ['one', 'ready'],
      ['two', 'standby'],
    ] as const) {
      const path = join(folder.path, name)
      mkdirSync(path)
      programs.push(await startProgram(path, config))
      await untilState(programs.at(-1)!, state)
    }
    return programs as [Program, Program]
  }

  test('a killed one is followed within 15 s, and what it was told is carried on', async () => {
    const [first, second] = await startPrograms()
    expect((await pushTo(first.url, trip(820720, Date.now()))).status).toBe(200)
    await first.kill()
    await untilState(second, 'ready')
    for (const platform of PLATFORMS) await untilCard(world.chats[platform], '过载')
    expect(world.wecom.conns().filter((one) => one.state === 'kicked')).toEqual([])
    expect((await run(['audit'], join(folder.path, 'two'))).out).toMatch(/^the audit chain is whole: [1-9]/)
    await second.terminate()
  })

  test('one that was frozen and goes on leaves the connection to the one that followed it', async () => {
    const [first, second] = await startPrograms()
    first.freeze()
    await untilState(second, 'ready')
    first.thaw()
    await untilState(first, 'standby')
    await pushTo(first.url, trip(820720, Date.now()))
    for (const platform of PLATFORMS) await untilCard(world.chats[platform], '过载')
    // The platform throws out the connection that the frozen one could not close; the new one is left alone.
    expect(world.wecom.conns().map((one) => one.state)).toEqual(['kicked', 'subscribed'])
    expect(world.wecom.conns().filter((one) => one.open)).toHaveLength(1)
    await Promise.all([first.terminate(), second.terminate()])
  })

  test('MQTT is taken by one, and by the other when that stops', async () => {
    await world.cloud.addApp({ appId: 'demoapp', appSecret: 'demo-app-secret-0001', mqtt: true })
    const options = { platforms: ['telegram'], mqtt: true } as const
    const first = await start(options)
    const mqttOf = async (instance: Instance) => (await readyz(instance)).mqtt?.state
    await until(async () => (await mqttOf(first)) === 'ready', 'MQTT')
    const second = await start(options)
    await until(async () => (await mqttOf(second)) === 'standby', 'the second to stand by')
    await first.stop()
    await until(async () => (await mqttOf(second)) === 'ready', 'the second to take over')
    await world.cloud.trip(820720)
    await untilCard(world.chats.telegram, '过载')
  })

  test('Telegram’s web-hook is taken by either, and announced by one', async () => {
    const first = await start({ platforms: ['telegram'], telegramWebhook: 'http://127.0.0.1:1' })
    const second = await start({ platforms: ['telegram'], telegramWebhook: 'http://127.0.0.1:1' })
    await until(
      async () => (await readyz(second)).channels.telegram?.state === 'standby',
      'the second to stand by',
    )
    await pushTo(first.url, trip(820720, Date.now()))
    await untilCard(world.chats.telegram, '过载')
    expect(world.telegram.calls.filter((call) => call.method === 'setWebhook')).toHaveLength(1)
  })
})

describe('while Redis is away', () => {
  test('pushes are refused, all is told, and everything is well again within 5 s of its return', async () => {
    const instance = await start()
    await untilState(instance, 'ready')
    await redis.kill()
    expect((await pushTo(instance.url, trip(820720, Date.now()))).status).toBe(503)
    expect(await readyz(instance)).toMatchObject({
      status: 503,
      store: { ok: false, detail: expect.stringContaining('cannot be reached') },
      refused: { count: 1 },
    })
    await redis.start()
    const back = Date.now()
    await until(async () => (await readyz(instance)).status === 200, 'it to be ready', 5000)
    await untilState(instance, 'ready', 5000)
    expect(Date.now() - back).toBeLessThan(5000)
    await pushTo(instance.url, trip(820721, Date.now()))
    await untilCard(world.chats.wecom, '过载')
    await until(
      () => world.wecom.messages({ user: 'boss' }).some(({ text }) => text.includes('1 条推送')),
      'the admin to be told',
    )
  })

  test('or hangs, the cloud gets its answer within its 5 s, and what the spool took is brought in', async () => {
    const instance = await start({ more: `spool: { path: "${folder.path}/spool.db" }\n` })
    await untilState(instance, 'ready')
    redis.freeze()
    const asked = Date.now()
    const answers = await Promise.all(
      [820720, 820721].map((device) => pushTo(instance.url, trip(device, Date.now()))),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(Date.now() - asked).toBeLessThan(5000)
    expect((await readyz(instance)).status).toBe(503)
    redis.thaw()
    await until(async () => (await readyz(instance)).spooled === 0, 'the spool to be empty', 5000)
    for (const platform of PLATFORMS) await untilCard(world.chats[platform], '过载')
    await until(() => world.chats.telegram.cards() === 2, 'a card for each')
  })

  test('it ends in time when it is told to, also after it has let the bots go', async () => {
    const program = await startProgram(folder.path, configText(world, { store: redis.url }))
    await untilState(program, 'ready')
    await redis.kill()
    await untilState(program, 'waiting', 12_000)
    expect(world.wecom.conns().filter((one) => one.open)).toEqual([])
    const { code, took } = await program.terminate()
    expect(code).toBe(0)
    expect(took).toBeLessThan(10_000)
  })

  test('a spool takes them, and they become cards when it is back, once each', async () => {
    const spool = `spool: { path: "${folder.path}/spool.db" }\n`
    const instance = await start({ more: spool })
    await untilState(instance, 'ready')
    await redis.kill()
    const body = trip(820720, Date.now())
    for (const one of [body, body]) expect((await pushTo(instance.url, one)).status).toBe(200)
    expect(await readyz(instance)).toMatchObject({ status: 503, spooled: 1 })
    await redis.start()
    for (const platform of PLATFORMS) await untilCard(world.chats[platform], '过载')
    await until(async () => (await readyz(instance)).spooled === 0, 'the spool to be empty')
    expect(PLATFORMS.map((platform) => world.chats[platform].cards())).toEqual([1, 1, 1])
  })
})

describe('the command line on Redis', () => {
  test('a login that is refused is told without the password', async () => {
    const guarded = await startRedis(['--requirepass', 'right-password'])
    const store = guarded.url.replace('redis://', 'redis://:wrong-password@')
    writeFileSync(join(folder.path, 'breakerbot.yaml'), configText(world, { store }))
    for (const command of [['start'], ['audit'], ['check', '--online']]) {
      const { code, out, err } = await run(command, folder.path)
      expect(code).toBe(2)
      expect(out + err).toContain('refuses the login')
      expect(out + err).not.toContain('wrong-password')
    }
    await guarded.remove()
  })

  test('reads the store beside the service', async () => {
    const config = configText(world, { store: redis.url })
    const program = await startProgram(folder.path, config)
    await untilState(program, 'ready')
    const body = JSON.stringify(trip(820720, Date.now()))
    await pushTo(program.url, body)
    await pushTo(program.url, '{"')
    await untilCard(world.chats.telegram, '过载')
    expect((await run(['audit', 'export'], folder.path)).out).toContain('incident.opened')
    const pushes = (await run(['pushes', '--device', '820720'], folder.path)).out
    expect(JSON.parse(pushes)).toMatchObject({ device: '820720', kind: 'event', raw: body })
    expect((await run(['pushes', '--device', '1'], folder.path)).out).toBe('')
    expect(JSON.parse((await run(['unreadable'], folder.path)).out)).toMatchObject({ raw: '{"' })
    const online = await run(['check', '--online'], folder.path)
    expect(online.out).toMatch(/ok {3}store: redis:\/\/\S+ Redis \d+\.\d+\.\d+, appendonly yes .*noeviction/)
    expect(online.out).toMatch(/ok {3}wecom: not tried/)
    const backup = await run(['backup', 'x.db'], folder.path)
    expect(backup).toMatchObject({ code: 1, err: expect.stringContaining('the store is a Redis') })
    expect(world.wecom.conns().filter((one) => one.open)).toHaveLength(1)
    await program.terminate()
  })

  test('check --online tries WeCom where no instance runs, and lets it go again', async () => {
    const config = configText(world, { store: redis.url })
    const program = await startProgram(folder.path, config)
    await untilState(program, 'ready')
    await program.terminate()
    const online = await run(['check', '--online'], folder.path)
    expect(online.out).toMatch(/ok {3}wecom: botId and secret are right/)
    const second = await startProgram(folder.path, config)
    await untilState(second, 'ready', 3000, ['wecom', 'dingtalk'])
    world.cloud.setPushUrl(`${second.url}/api/device/callback/${PUSH_TOKEN}`)
    await world.cloud.trip(820720)
    await untilSaid(world.chats.wecom, '过载')
    await second.terminate()
  })
})
