import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Bench, using } from '../bench.ts'
import { percentile, table } from '../figures.ts'
import { fill } from '../fill.ts'
import { startService } from '../service.ts'
import { startTelegramStub } from '../telegram-stub.ts'

const BREAKERS = 10_000
const ROWS = 1_000_000

/** How long it takes from starting the process until it says that it is ready, with much in its store. */
export async function start(bench: Bench): Promise<void> {
  const folder = bench.folder()
  const file = join(folder, 'service.db')
  await fill(file, ROWS, BREAKERS)
  const megabytes = (statSync(file).size / 1e6).toFixed(0)
  const times: Record<string, number[]> = {
    'an empty store': [],
    [`${ROWS} rows of each kind, ${megabytes} MB`]: [],
  }
  await using(startTelegramStub(), async ({ url: telegramUrl }) => {
    for (let round = 0; round < (bench.isQuick ? 3 : 7); round++) {
      for (const [name, found] of Object.entries(times)) {
        const store = name === 'an empty store' ? bench.sqlite() : `sqlite:${file}`
        const began = performance.now()
        await using(startService({ folder, store, telegramUrl, breakers: BREAKERS }), async ({ url }) => {
          while (!(await fetch(`${url}/readyz`)).ok) await delay(2)
          found.push(performance.now() - began)
        })
      }
    }
  })
  const rows = Object.entries(times).map(([name, found]) => [
    name,
    ...[percentile(found, 50), Math.max(...found)].map((ms) => (ms / 1000).toFixed(2)),
  ])
  console.log(table([`${BREAKERS} breakers; until /readyz says so, s`, 'p50', 'max'], rows))
}
