import { afterEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { untilCard, untilSaid } from './chats.ts'
import { newFolder, type Program, run, startProgram } from './program.ts'
import { configText, createWorld, PUSH_TOKEN, untilReady, type World } from './rig.ts'

const POND = Array.from({ length: 20 }, (_, n) => ({ id: 830_001 + n, name: `${n + 1}号泵` }))
const NAME = '三号鱼塘'

let world: World
let folder: ReturnType<typeof newFolder>
let running: Program | undefined
afterEach(async () => {
  await running?.kill()
  running = undefined
  await world.close()
  folder.remove()
})

/** The service with a pond of twenty breakers, all of them closed. */
async function pond(platforms: readonly ('telegram' | 'dingtalk' | 'wecom')[]): Promise<void> {
  world = await createWorld()
  folder = newFolder()
  for (const { id, name } of POND) world.cloud.addDevice({ id, name, load: 5 })
  await start(platforms)
  await Promise.all(POND.map(({ id }) => world.cloud.report(id)))
}

async function start(platforms: readonly ('telegram' | 'dingtalk' | 'wecom')[]): Promise<void> {
  const more = POND.map(
    ({ id, name }) => `  - { id: ${id}, name: ${name}, site: ${NAME}, room: night-shift }`,
  )
  const store = 'sqlite:./breakerbot.db'
  const config = `${configText(world, { platforms, store, more: more.join('\n') })}\ngroupCloseEvery: 1s\n`
  running = await startProgram(folder.path, config)
  world.cloud.setPushUrl(`${running.url}/api/device/callback/${PUSH_TOKEN}`)
  await untilReady(running.url, platforms)
}

const ordered = () => world.cloud.commands.flatMap((call) => call.devices.map(Number))
const lastOf = (words: string) => world.chats.telegram.texts().findLast((text) => text.includes(words))
/** How a full off of the pond ended: how many are open, and how many are not known to be. */
const ENDED = /^(?!.*进行中)(?:.*\D)?(\d+)\/20 已分闸(?:，(\d+) 路未成功)?/m
const positions = () => POND.map(({ id }) => world.cloud.device(id).positions.power)

test('full off of twenty breakers, four of which fail: one card, each named, and safe to repeat', async () => {
  await pond(['telegram', 'dingtalk', 'wecom'])
  const { telegram, dingtalk, wecom } = world.chats
  const [jammed, refused, silent, offline] = [830_003, 830_007, 830_011, 830_015]
  world.cloud.jam(jammed)
  world.cloud.faults.add({
    when: (call) => call.path === 'device/control' && call.devices.includes(String(refused)),
    effect: { kind: 'code', code: 5003, msg: 'no such device' },
  })
  // The order is carried out, and neither the answer nor the push comes back.
  world.cloud.faults.add({
    when: (call) => call.path === 'device/control' && call.devices.includes(String(silent)),
    effect: { kind: 'reset', act: true },
  })
  world.cloud.pushFaults.add({
    when: (push) => push.type === 'order' && push.device === String(silent),
    effect: { kind: 'lose' },
  })
  await world.cloud.goOffline(offline)
  telegram.say('看客', '状态 15号泵')
  await untilSaid(telegram, /15号泵.*离线/)
  telegram.say('甲', `/off ${NAME}`)
  await untilCard(telegram, /请求全关[\s\S]*离线 1 路/, ['确认全关', '取消'])
  expect(ordered()).toEqual([])
  expect(await telegram.press('乙', '确认全关')).toContain('只有请求人')
  await telegram.press('甲', '确认全关')
  const card = await until(() => lastOf('17/20 已分闸，3 路未成功'), `17 of 20: ${lastOf('全关')}`, 30_000)
  for (const name of ['3号泵', '7号泵', '15号泵']) expect(card).toMatch(new RegExp(`^${name}：`, 'm'))
  await until(() => dingtalk.card()?.text.includes('17/20 已分闸'), 'the same on DingTalk')
  await untilSaid(wecom, '17/20 已分闸')
  expect(ordered().toSorted()).toEqual(POND.map(({ id }) => id).filter((id) => id !== offline))
  expect(positions().filter((one) => one === 'closed')).toHaveLength(3)

  world.cloud.unjam(jammed)
  await world.cloud.goOnline(offline)
  await world.cloud.report(offline)
  telegram.say('甲', `/off ${NAME}`)
  await untilCard(telegram, '已经分闸 17 路', ['确认全关'])
  await telegram.press('甲', '确认全关')
  await untilSaid(telegram, '20/20 已分闸')
  expect(positions().every((one) => one === 'open')).toBe(true)
  telegram.say('看客', '/history 3号泵')
  await untilSaid(telegram, /3号泵 的历史[\s\S]*甲 分闸[\s\S]*未得到回报[\s\S]*甲 分闸[\s\S]*已分闸/)
  await running!.terminate()
  const exported = await run(['audit', 'export', '--device', String(jammed)], folder.path)
  expect(exported.out.match(/"open.asked"/g)).toHaveLength(2)
}, 90_000)

test('kill -9 in the middle of a full off: no breaker is commanded twice, and what was under way is told', async () => {
  await pond(['telegram'])
  const { telegram } = world.chats
  world.cloud.faults.add({
    when: (call) => call.path === 'device/control',
    after: 8,
    times: Number.POSITIVE_INFINITY,
    effect: { kind: 'hang', act: true },
  })
  telegram.say('甲', `/off ${NAME}`)
  await untilCard(telegram, '请求全关', ['确认全关'])
  void telegram.press('甲', '确认全关')
  await until(() => world.cloud.commands.length >= 14, 'most to have left')
  await running!.kill()
  world.cloud.faults.clear()
  await start(['telegram'])
  // What was about to leave when it was killed never leaves again, nor does what a slow start makes older than 10 s.
  const ended = await until(() => ENDED.exec(lastOf('/20 已分闸') ?? '') ?? undefined, 'its end', 60_000)
  const [done, missed] = [Number(ended[1]), Number(ended[2] ?? 0)]
  expect(done + missed).toBe(20)
  expect(done).toBeGreaterThanOrEqual(14)
  expect(new Set(ordered()).size).toBe(ordered().length)
  expect(POND.filter((_, index) => positions()[index] === 'open').map(({ id }) => id)).toEqual(
    ordered().toSorted(),
  )
  expect((await run(['audit'], folder.path)).out).toContain('whole')
}, 120_000)

test.each(['telegram', 'dingtalk', 'wecom'] as const)(
  'on %s: asked, dropped, asked again and confirmed by buttons; control off says so on the card',
  async (platform) => {
    await pond([platform])
    const chat = world.chats[platform]
    const slash = platform === 'telegram' ? '/' : ''
    chat.say('甲', `${slash}off ${NAME}`)
    await untilCard(chat, '请求全关', ['确认全关', '取消'])
    await chat.press('乙', '取消')
    await untilSaid(chat, '已取消')
    chat.say('场长', `${slash}control off`)
    await untilSaid(chat, '场长 已停用遥控')
    chat.say('甲', `${slash}off ${NAME}`)
    await untilSaid(chat, '遥控已停用，只告警')
    chat.say('场长', `${slash}control on`)
    await untilSaid(chat, '确认复控')
    chat.say('场长', `${slash}confirm control on`)
    await untilSaid(chat, '场长 已恢复遥控')
    chat.say('甲', `${slash}off ${NAME}`)
    await untilCard(chat, '请求全关', ['确认全关'])
    await chat.press('甲', '确认全关')
    await untilSaid(chat, '20/20 已分闸')
    expect(ordered().toSorted()).toEqual(POND.map(({ id }) => id))
  },
  60_000,
)
