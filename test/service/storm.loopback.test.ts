import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type Chat, GROUP } from './chats.ts'
import { forEachTest, type newFolder, type Program, run, startProgram } from './program.ts'
import { configText, PLATFORMS, untilReady, type World } from './rig.ts'

const POND = Array.from({ length: 40 }, (_, n) => ({ id: 840_001 + n, name: `${n + 1}号泵` }))
/** The first ones of the pond have cards of their own. */
const SHARED = POND.length - 3

let world: World
let folder: ReturnType<typeof newFolder>
forEachTest((one) => {
  ;({ world, folder } = one)
})

async function start(): Promise<Program> {
  const more = POND.map(
    ({ id, name }) => `  - { id: ${id}, name: ${name}, site: 三号鱼塘, room: night-shift }`,
  )
  const program = await startProgram(folder.path, configText(world, { more: more.join('\n') }))
  await untilReady(program.url, PLATFORMS)
  return program
}

const untilTold = (chat: Chat, says: string) =>
  until(
    () => chat.texts().find((text) => text.includes(says)),
    `«${says}» in ${chat.name}; there is ${JSON.stringify(chat.texts())}`,
    30_000,
  )

test('simulate storm: one card in each chat, also over a power cut, and one press for all', async () => {
  const first = await start()
  const simulated = await run(['simulate', 'storm', '--url', first.url], folder.path)
  expect(simulated.code).toBe(0)
  await first.kill()
  const second = await start()
  const { telegram, dingtalk, wecom } = world.chats
  for (const chat of [telegram, dingtalk, wecom]) await untilTold(chat, `${SHARED} 起待确认`)
  expect(await telegram.press('甲', '全部确认')).toBe(`确认 ${SHARED} 起，由 甲 负责。`)
  for (const chat of [telegram, dingtalk, wecom]) await untilTold(chat, `${SHARED} 起已确认`)
  // Six of three sites, and the one that the others share; what is told of its changes comes as texts.
  for (const chat of [telegram, dingtalk, wecom]) expect(chat.texts().length).toBeLessThanOrEqual(6 + 1 + 6)
  // One that was under way when the power went may have come twice.
  expect(world.telegram.messages(GROUP.telegram).length).toBeLessThanOrEqual(6 + 1 + 1)
  await second.terminate()
}, 90_000)
