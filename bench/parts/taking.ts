import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { startRedis } from '../../scripts/redis/process.ts'
import { startReceiver } from '../alarms.ts'
import { ALERTS_PATH, alertOf, startAlertmanager } from '../alertmanager.ts'
import { createArrivals } from '../arrivals.ts'
import { type Bench, using, usingAll } from '../bench.ts'
import { SPREAD, spread, table } from '../figures.ts'
import { fill } from '../fill.ts'
import { pace } from '../load.ts'
import { FIRST_BREAKER, PUSH_PATH, READ, statePush } from '../pushes.ts'
import { compare, type Extent, rateTable } from '../rounds.ts'
import { startService } from '../service.ts'
import { type Subject, startScript } from '../subject.ts'
import { startTelegramStub } from '../telegram-stub.ts'

const ACCEPTOR = join(import.meta.dirname, '../acceptor.ts')
const ROWS = { full: [100, 10_000, 1_000_000], quick: [100, 100_000] }
const RATE = 1000

const bare = () => startScript([ACCEPTOR])
const accepting = (store: string) => startScript([ACCEPTOR, store])
const extentOf = ({ isQuick }: Bench): Extent => (isQuick ? { rounds: 1, ms: 2000 } : { rounds: 3, ms: 5000 })

async function printRates(bench: Bench, starting: Record<string, () => Promise<Subject>>): Promise<void> {
  await usingAll(starting, async (all) => console.log(rateTable(await compare(all, extentOf(bench)))))
}

/** Alertmanager, taking alerts of as many breakers; what is known to it is told to its web-hook no more. */
async function startAlerts(folder: string, hookUrl: string): Promise<Subject> {
  const alertmanager = await startAlertmanager(folder, hookUrl)
  let [serial, before] = [0, 0]
  return {
    ...alertmanager,
    takes: { path: ALERTS_PATH, body: () => alertOf(FIRST_BREAKER + (serial++ % READ)) },
    async usage() {
      const last = before
      before = alertmanager.processor()
      return { processor: before - last }
    },
  }
}

/** How many pushes are taken durably beside those that a route without a store, and Alertmanager, take. */
export async function accept(bench: Bench): Promise<void> {
  const [always, everysec] = await Promise.all(
    ['always', 'everysec'].map((when) => startRedis(['--appendfsync', when])),
  )
  await using(startReceiver(createArrivals()), (hook) =>
    printRates(bench, {
      'bare fastify route, nothing kept': bare,
      'pushes taken durably, SQLite': () => accepting(bench.sqlite()),
      'the same, Redis with AOF always': () => accepting(always!.url),
      'the same, Redis with AOF everysec': () => accepting(everysec!.url),
      'alerts taken by Alertmanager, kept in memory': () => startAlerts(bench.folder(), hook.url),
    }),
  )
  await Promise.all([always!.remove(), everysec!.remove()])
}

/** How long a push takes until it is answered, at an even pace. */
export async function latency(bench: Bench): Promise<void> {
  const subjects = {
    'bare fastify route': bare,
    'pushes taken durably, SQLite': () => accepting(bench.sqlite()),
  }
  const rows: [string, ...number[]][] = []
  await usingAll(subjects, async (all) => {
    for (const [name, { url }] of all) {
      await pace(url + PUSH_PATH, statePush, RATE, 2000)
      const times = await pace(url + PUSH_PATH, statePush, RATE, bench.isQuick ? 3000 : 10_000)
      rows.push([name, ...spread(times)])
    }
  })
  console.log(table([`${RATE} a second, evenly, ms`, ...SPREAD], rows))
}

/** How many readings go the whole way through the service. */
export async function whole(bench: Bench): Promise<void> {
  await using(startTelegramStub(), (stub) =>
    printRates(bench, {
      'bare fastify route, nothing kept': bare,
      'the service: taken, judged, kept': () =>
        startService({
          folder: bench.folder(),
          store: bench.sqlite(),
          telegramUrl: stub.url,
          breakers: READ,
        }),
    }),
  )
}

/** What much data changes. */
export async function rows(bench: Bench): Promise<void> {
  const files = new Map<number, string>()
  for (const count of bench.isQuick ? ROWS.quick : ROWS.full) {
    const place = bench.folder()
    files.set(count, place)
    await fill(join(place, 'bench.db'), count)
    copyFileSync(join(place, 'bench.db'), join(place, 'service.db'))
  }
  const named = (what: string, start: (place: string) => Promise<Subject>) =>
    Object.fromEntries([...files].map(([count, place]) => [`${what}, ${count} rows`, () => start(place)]))
  await printRates(
    bench,
    named('taken durably', (place) => accepting(`sqlite:${place}/bench.db`)),
  )
  console.log()
  await using(startTelegramStub(), (stub) =>
    printRates(
      bench,
      named('the service', (folder) =>
        startService({
          ...{ folder, store: `sqlite:${folder}/service.db` },
          ...{ telegramUrl: stub.url, breakers: READ },
        }),
      ),
    ),
  )
}
