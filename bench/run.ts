import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startRedis } from '../scripts/redis/process.ts'
import { abnormal, cost } from './abnormal.ts'
import { energy } from './energy.ts'
import { fill } from './fill.ts'
import { pace } from './load.ts'
import { pictures } from './pictures.ts'
import { PUSH_PATH, READ, statePush } from './pushes.ts'
import { compare, type Extent, rateTable } from './rounds.ts'
import { startService } from './service.ts'
import { stormOfTrips } from './storm.ts'
import { type Subject, startScript } from './subject.ts'
import { startTelegramStub } from './telegram-stub.ts'
import { row, tripsToRequests } from './trips.ts'

/**
 * Measures the service on this machine: `node bench/run.ts [--quick] [PART…]`. Absolute times are only worth something
 * beside each other, from one run: load generator, stub, Redis and service share the processors.
 */
const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const extent: Extent = values.quick ? { rounds: 1, ms: 2000 } : { rounds: 3, ms: 5000 }
const TRIPS = values.quick ? 50 : 400
const STORM = values.quick ? 1000 : 10_000
const ENERGY = values.quick
  ? { breakers: 1000, times: 10, ms: 30_000 }
  : { breakers: 2000, times: 50, ms: 45_000 }
const ROWS = [100, 10_000, 1_000_000]
/** Pushes a second, and for how long, ms. */
const PACED = { rate: 1000, ms: values.quick ? 3000 : 10_000 }
const ACCEPTOR = join(import.meta.dirname, 'acceptor.ts')

const folders: string[] = []
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'breakerbot-bench-'))
  folders.push(path)
  return path
}

const bare = () => startScript([ACCEPTOR])
const accepting = (store: string) => startScript([ACCEPTOR, store])
const sqlite = () => `sqlite:${folder()}/bench.db`

/** Starts subjects, measures, and stops them. */
async function measured(
  starting: Record<string, Promise<Subject>>,
  use: (subjects: Map<string, Subject>) => Promise<void>,
) {
  const subjects = new Map<string, Subject>()
  for (const [name, start] of Object.entries(starting)) subjects.set(name, await start)
  try {
    await use(subjects)
  } finally {
    for (const subject of subjects.values()) await subject.stop()
  }
}

async function withService(
  use: (service: () => Promise<Subject>, stub: Stub) => Promise<void>,
  { breakers, storm }: { breakers: number; storm?: number } = { breakers: READ + TRIPS },
) {
  const stub = await startTelegramStub()
  await use(() => startService(folder(), sqlite(), stub.url, breakers, storm), stub)
  await stub.close()
}
type Stub = Awaited<ReturnType<typeof startTelegramStub>>

const parts: Record<string, () => Promise<void>> = {
  async accept() {
    const [always, everysec] = await Promise.all([
      startRedis(['--appendfsync', 'always']),
      startRedis(['--appendfsync', 'everysec']),
    ])
    const subjects = {
      'bare fastify route, nothing kept': bare(),
      'pushes taken durably, SQLite': accepting(sqlite()),
      'the same, Redis with AOF always': accepting(always.url),
      'the same, Redis with AOF everysec': accepting(everysec.url),
    }
    await measured(subjects, async (all) => console.log(rateTable(await compare(all, extent))))
    await Promise.all([always.remove(), everysec.remove()])
  },

  async latency() {
    console.log(`${PACED.rate} a second, evenly, ms\n\n| | p50 | p99 | max |\n| --- | --- | --- | --- |`)
    const subjects = { 'bare fastify route': bare(), 'pushes taken durably, SQLite': accepting(sqlite()) }
    await measured(subjects, async (all) => {
      for (const [name, { url }] of all) {
        await pace(url + PUSH_PATH, statePush, PACED.rate, 2000)
        console.log(row(name, await pace(url + PUSH_PATH, statePush, PACED.rate, PACED.ms)))
      }
    })
  },

  async whole() {
    await withService(async (service) => {
      const subjects = {
        'bare fastify route, nothing kept': bare(),
        'the service: taken, judged, kept': service(),
      }
      await measured(subjects, async (all) => console.log(rateTable(await compare(all, extent))))
    })
  },

  async rows() {
    const stub = await startTelegramStub()
    const files = new Map<number, string>()
    for (const rows of ROWS) {
      const place = folder()
      files.set(rows, place)
      await fill(join(place, 'bench.db'), rows)
      copyFileSync(join(place, 'bench.db'), join(place, 'service.db'))
    }
    const named = (what: string, start: (place: string) => Promise<Subject>) =>
      Object.fromEntries([...files].map(([rows, place]) => [`${what}, ${rows} rows`, start(place)]))
    await measured(
      named('taken durably', (place) => accepting(`sqlite:${place}/bench.db`)),
      async (all) => console.log(`${rateTable(await compare(all, extent))}\n`),
    )
    await measured(
      named('the service', (place) => startService(place, `sqlite:${place}/service.db`, stub.url, READ)),
      async (all) => console.log(rateTable(await compare(all, extent))),
    )
    await stub.close()
  },

  async trips() {
    await withService(async (service, stub) => {
      await measured({ service: service() }, async (all) => {
        await delay(1000)
        console.log(`${TRIPS} trips, one at a time\n`)
        console.log(await tripsToRequests(all.get('service')!.url, stub, TRIPS))
      })
    })
  },

  async pictures() {
    console.log(await pictures(values.quick ? 5 : 50))
  },

  async energy() {
    await energy(folder, ENERGY)
  },

  async storm() {
    await withService(
      async (service, stub) => {
        await measured({ service: service() }, async (all) => {
          await delay(1000)
          const subject = all.get('service')!
          await subject.usage()
          console.log(`${STORM} trips of ${STORM} breakers at one site, at once\n`)
          console.log(await stormOfTrips(subject.url, stub, STORM))
          const { p99, max } = await subject.usage()
          console.log(
            `\nThe event loop was held up for ${p99.toFixed(1)} ms (p99), ${max.toFixed(1)} ms at most.`,
          )
        })
      },
      { breakers: STORM, storm: 3 },
    )
  },

  async abnormal() {
    console.log(`${abnormal(values.quick ? 1 : 4)}\n\n${cost()}`)
  },
}

try {
  const chip = `${cpus().length} × ${cpus()[0]?.model}`
  console.log(
    `Node ${process.versions.node}, Linux ${release()}, ${chip}, ${new Date().toISOString().slice(0, 10)}`,
  )
  for (const part of positionals.length > 0 ? positionals : Object.keys(parts)) {
    console.log(`\n## ${part}\n`)
    await parts[part]?.()
  }
} finally {
  for (const path of folders) rmSync(path, { recursive: true, force: true })
}
