import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Bench, using } from '../bench.ts'
import { percentile, table } from '../figures.ts'
import { fill } from '../fill.ts'
import { asInstalled, type Settings } from '../installed.ts'
import { startService } from '../service.ts'
import { startTelegramStub } from '../telegram-stub.ts'

const BREAKERS = 10_000

/** How long it takes from starting the process until it says that it is ready, with much in its store. */
export async function start(bench: Bench): Promise<void> {
  const count = bench.isQuick ? 100_000 : 1_000_000
  const folder = bench.folder()
  const file = join(folder, 'service.db')
  await fill(file, count, BREAKERS)
  const full = `sqlite:${file}`
  const much = `${count} rows of each kind, ${(statSync(file).size / 1e6).toFixed(0)} MB`
  const installed = asInstalled(bench.folder())
  const tried: [string, () => string, Settings][] = [
    ['an empty store', bench.sqlite, installed],
    [much, () => full, installed],
    ['the same, without the settings of the unit', () => full, {}],
  ]
  const times = tried.map((): number[] => [])
  await using(startTelegramStub(), async ({ url: telegramUrl }) => {
    // The first round fills the cache.
    for (let round = 0; round <= (bench.isQuick ? 1 : 7); round++) {
      for (const [index, [, store, settings]] of tried.entries()) {
        const options = { folder, store: store(), telegramUrl, breakers: BREAKERS, ...settings }
        const began = performance.now()
        await using(startService(options), async ({ url }) => {
          while (!(await fetch(`${url}/readyz`)).ok) await delay(2)
          if (round > 0) times[index]!.push(performance.now() - began)
        })
      }
    }
  })
  const rows = tried.map(([name], index) => [
    name,
    ...[50, 100].map((p) => (percentile(times[index]!, p) / 1000).toFixed(2)),
  ])
  console.log(table([`${BREAKERS} breakers; until /readyz says so, s`, 'p50', 'max'], rows))
}
