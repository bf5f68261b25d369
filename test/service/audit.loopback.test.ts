import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { untilCard } from './chats.ts'
import { forEachTest, newFolder, run, startProgram } from './program.ts'
import { configText, PUSH_TOKEN, untilReady, type World } from './rig.ts'

let world: World
let folder: ReturnType<typeof newFolder>
forEachTest((one) => {
  ;({ world, folder } = one)
})

const TAMPERED: [string, string][] = [
  ['a changed person', "UPDATE audit SET who = '乙' WHERE seq = 2"],
  ['a changed time', 'UPDATE audit SET at = at + 1 WHERE seq = 2'],
  ['a changed detail', `UPDATE audit SET details = '{"cause":"overload"}' WHERE seq = 1`],
  ['a missing line', 'DELETE FROM audit WHERE seq = 2'],
  [
    'two lines in the other order',
    'UPDATE audit SET seq = -1 WHERE seq = 1; UPDATE audit SET seq = 1 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = -1',
  ],
]

test('verify finds any changed, missing or reordered line; export writes what is asked for', async () => {
  const config = configText(world, { platforms: ['telegram'], store: 'sqlite:./data/breakerbot.db' })
  const program = await startProgram(folder.path, config)
  world.cloud.setPushUrl(`${program.url}/api/device/callback/${PUSH_TOKEN}`)
  await untilReady(program.url, ['telegram'])
  await world.cloud.trip(820720)
  await untilCard(world.chats.telegram, '过载')
  await world.chats.telegram.press('甲', '确认')
  await untilCard(world.chats.telegram, '甲 已确认')
  await world.cloud.trip(820721)
  await untilCard(world.chats.telegram, '投饵机')
  await program.terminate()
  expect(await run(['audit', 'verify'], folder.path)).toMatchObject({ code: 0 })
  for (const [what, sql] of TAMPERED) {
    const other = newFolder()
    cpSync(folder.path, other.path, { recursive: true })
    const db = new DatabaseSync(join(other.path, 'data/breakerbot.db'))
    db.exec(sql)
    db.close()
    const found = await run(['audit', 'verify'], other.path)
    expect([what, found.code, found.out]).toEqual([what, 2, expect.stringContaining('broken at entry')])
    other.remove()
  }
  const whatOf = async (...args: string[]) => {
    const { code, out } = await run(['audit', 'export', ...args], folder.path)
    expect(code).toBe(0)
    return out
      .split('\n')
      .filter(Boolean)
      .map((line) => `${JSON.parse(line).subject} ${JSON.parse(line).what}`)
  }
  const all = ['820720 incident.opened', '820720 incident.acknowledged', '820721 incident.opened']
  expect(await whatOf()).toEqual(all)
  expect(await whatOf('--device', '820720')).toEqual(all.slice(0, 2))
  expect(await whatOf('--from', '2020-01-01', '--to', '2020-02-01T08:00')).toEqual([])
  expect(await whatOf('--from', '2020-01-01T00:00:00Z')).toEqual(all)
  for (const wrong of [
    ['export', '--from', 'gestern'],
    ['verify', '--device', '1'],
  ])
    expect((await run(['audit', ...wrong], folder.path)).code).toBe(1)
}, 60_000)
