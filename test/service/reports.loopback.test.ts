import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { formatLocal } from '../../src/domain/local-time.ts'
import { daysOf, periodOf } from '../../src/domain/report-schedule.ts'
import { createLog } from '../../src/log.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { until } from '../support/until.ts'
import { untilSaid } from './chats.ts'
import { configText, createWorld, PLATFORMS, PUSH_TOKEN, readConfig, untilReady } from './rig.ts'

const [HOUR, ZONE, RECORD] = [3_600_000, 'Asia/Shanghai', 'report-schedule/day/night-shift']

/** A world, and a service that may be started in it again and again. */
async function startWorld() {
  const world = await createWorld()
  const folder = mkdtempSync(join(tmpdir(), 'breakerbot-test-'))
  const file = `${folder}/breakerbot.db`
  onTestFinished(async () => {
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  })
  // It was due two hours ago.
  const at = formatLocal(Date.now() - 2 * HOUR, ZONE, 'time').slice(0, 5)
  const more = `reports: [{ room: night-shift, every: day, at: "${at}" }]\n`
  const config = readConfig(configText(world, { store: `sqlite:${file}`, more }))
  return {
    world,
    async start() {
      const app = await createApp(config, createLog({ level: 'error', write: () => {} }))
      const url = await app.start()
      world.cloud.setPushUrl(`${url}/api/device/callback/${PUSH_TOKEN}`)
      await untilReady(url, PLATFORMS)
      return app
    },
    async withStore<T>(use: (store: Store) => Promise<T>): Promise<T> {
      const store = await openSqliteStore(file)
      return use(store).finally(() => store.close())
    },
  }
}

test('a report that was missed while the service was down comes once, late, to all platforms', async () => {
  const { world, start, withStore } = await startWorld()
  const recordOf = (store: Store) => store.get<{ made: number }>(RECORD)
  // The schedule is looked at as soon as the service runs.
  const { version, value } = await until(async () => {
    await (await start()).stop()
    return withStore(recordOf)
  }, 'the schedule')
  const { made } = value
  const { from } = periodOf('day', made, ZONE)
  // As if it had been down since the day before.
  const written = { ...value, made: made - 2 }
  const samples = [100, 104, 107.5].map((energy, index) => ({
    ...{ device: '820720', at: from + (index + 1) * HOUR, power: 2000, energy },
  }))
  await withStore((store) =>
    store.commit({
      writes: [{ key: RECORD, value: written, version, index: { at: from, open: true } }],
      samples,
    }),
  )
  const { first: day } = daysOf('day', made)
  for (let run = 0; run < 2; run++) {
    const app = await start()
    for (const chat of Object.values(world.chats)) {
      const text = await untilSaid(chat, new RegExp(`日报 ${day}`))
      expect(text).toContain('迟到：原定')
      expect(text).toContain('之前一份没有发出')
      expect(text).toContain('7.50 kWh')
    }
    world.chats.telegram.say('看客', `周报 本周`)
    await untilSaid(world.chats.telegram, /周报/)
    await app.stop()
  }
  for (const chat of Object.values(world.chats))
    expect(chat.texts().filter((text) => text.includes('日报'))).toHaveLength(1)
})
