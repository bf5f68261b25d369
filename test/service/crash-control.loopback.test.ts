import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type RedisProcess, startRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'
import { untilCard } from './chats.ts'
import { newFolder, type Program, startProgram } from './program.ts'
import { configText, createWorld, PUSH_TOKEN, untilReady, type World } from './rig.ts'

const PUMP = 820720
const AGAIN = Number.POSITIVE_INFINITY

let redis: RedisProcess
beforeAll(async () => {
  redis = await startRedis(['--databases', '64'])
})
afterAll(() => redis.remove())
let database = 0

describe.each(['sqlite', 'redis'])('kill -9 around a close, on %s', { timeout: 120_000 }, (kind) => {
  let world: World
  let folder: ReturnType<typeof newFolder>
  let config: string
  let running: Program | undefined

  beforeEach(async () => {
    world = await createWorld()
    folder = newFolder()
    const store = kind === 'redis' ? `${redis.url}/${database++}` : 'sqlite:./breakerbot.db'
    config = configText(world, { platforms: ['telegram'], store })
  })
  afterEach(async () => {
    await running?.kill()
    running = undefined
    await world.close()
    folder.remove()
  })

  async function start(): Promise<void> {
    running = await startProgram(folder.path, config)
    world.cloud.setPushUrl(`${running.url}/api/device/callback/${PUSH_TOKEN}`)
  }

  async function kill(): Promise<void> {
    await running!.kill()
    running = undefined
  }

  /** Up to the press that sends the command; does not wait for what becomes of it. */
  async function confirm(): Promise<void> {
    await start()
    await untilReady(running!.url, ['telegram'])
    await world.cloud.trip(PUMP)
    const { telegram } = world.chats
    await untilCard(telegram, '过载')
    await telegram.press('甲', '合闸')
    await untilCard(telegram, '请求合闸', ['确认合闸'])
    void telegram.press('甲', '确认合闸')
  }

  const onCall = (path: string, act?: boolean) =>
    world.cloud.faults.add({
      when: (call) => call.path === path,
      effect: { kind: 'hang', ...(act !== undefined && { act }) },
    })
  const untilCalled = (path: string) =>
    until(() => world.cloud.calls.some((call) => call.path === path), `a call of ${path}`)
  const losePushes = () =>
    world.cloud.pushFaults.add({
      when: ({ type }) => type === 'order',
      times: AGAIN,
      effect: { kind: 'lose' },
    })
  /** Waits for the end that the card tells of, and looks that no second order has come. */
  async function ends(says: string): Promise<void> {
    const { telegram } = world.chats
    await until(() => telegram.card()?.text.includes(says), `«${says}» in ${telegram.texts().at(-1)}`, 60_000)
    expect(world.cloud.commands).toHaveLength(1)
  }

  test('before it leaves: it leaves once, after the restart', async () => {
    onCall('device/info')
    await confirm()
    await untilCalled('device/info')
    await kill()
    expect(world.cloud.commands).toEqual([])
    await start()
    await ends('已合闸')
  })

  test('under way, and carried out: it is looked up and told as closed', async () => {
    onCall('device/control', true)
    losePushes()
    await confirm()
    await untilCalled('device/control')
    await kill()
    await start()
    await ends('已合闸')
  })

  test('under way, and not carried out: it is looked up and told as not confirmed', async () => {
    onCall('device/control', false)
    await confirm()
    await untilCalled('device/control')
    await kill()
    await start()
    await ends('未得到断路器回报')
    expect(world.cloud.device(PUMP).positions.power).toBe('open')
  })

  test('under way, and the cloud is away after the restart: not confirmed, and closed once the breaker says so', async () => {
    onCall('device/control', true)
    losePushes()
    await confirm()
    await untilCalled('device/control')
    await kill()
    const isBack = world.cloud.faults.add({
      when: (call) => call.path !== 'device/control',
      times: AGAIN,
      effect: { kind: 'reset' },
    })
    await start()
    await ends('未得到断路器回报')
    isBack()
    world.cloud.pushFaults.clear()
    await world.cloud.report(PUMP)
    await ends('已合闸')
  })

  test('right after the cloud took it: told as closed', async () => {
    losePushes()
    await confirm()
    await until(() => world.cloud.commands[0]?.outcome === 'accepted', 'the order to be taken')
    await kill()
    await start()
    await ends('已合闸')
  })

  test('while its report is awaited: looked up when that does not come', async () => {
    losePushes()
    await confirm()
    await untilCard(world.chats.telegram, '等待断路器回报')
    await kill()
    await start()
    await ends('已合闸')
  })
})
