import { startRedis } from '../../scripts/redis/process.ts'
import { atPace, type Peer, startReceiver } from '../alarms.ts'
import { createArrivals } from '../arrivals.ts'
import { type Bench, using } from '../bench.ts'
import { percentile, ratio, SPREAD, spread, table } from '../figures.ts'
import { saturateFor } from '../load.ts'
import { createStatePushes, FIRST_BREAKER, PUSH_PATH, READ, tripPush } from '../pushes.ts'
import { startService } from '../service.ts'
import type { Subject } from '../subject.ts'
import { startTelegramStub } from '../telegram-stub.ts'

/** Trips a second. */
const PACE = 100

/** One instance on Redis, then two that share the same: what goes the whole way, and how soon a trip is told. */
export async function instances(bench: Bench): Promise<void> {
  const { rounds, ms, trips } = bench.isQuick
    ? { rounds: 1, ms: 3000, trips: 300 }
    : { rounds: 3, ms: 5000, trips: 2000 }
  const breakers = READ + trips
  const rows: (string | number)[][] = []
  let base = 0
  for (const count of [1, 2]) {
    const { rates, costs, times } = await look(bench, { count, breakers, rounds, ms, trips })
    const rate = percentile(rates, 50)
    base ||= rate
    const name = count === 1 ? 'one instance' : 'two instances'
    const cost = percentile(costs, 50).toFixed(0)
    rows.push([name, rate.toFixed(0), ratio(rate, base), cost, ...spread(times)])
  }
  const head = [
    'readings a second',
    'ratio',
    'processor, µs each',
    ...SPREAD.map((what) => `trip told, ${what}, ms`),
  ]
  console.log(table(['Redis, AOF `always`', ...head], rows))
}

interface Plan {
  count: number
  breakers: number
  rounds: number
  ms: number
  trips: number
}

async function look(bench: Bench, { count, breakers, rounds, ms, trips }: Plan) {
  const redis = await startRedis(['--appendfsync', 'always'])
  const arrivals = createArrivals()
  const found = { rates: [] as number[], costs: [] as number[], times: [] as number[] }
  try {
    await using(startTelegramStub(), ({ url: telegramUrl }) =>
      using(startReceiver(arrivals), (hook) => {
        const begin = () =>
          startService({ folder: bench.folder(), store: redis.url, telegramUrl, breakers, hookUrl: hook.url })
        return usingMany(begin, count, async (all) => {
          const target = all.map(({ url }) => url + PUSH_PATH)
          const processor = async () =>
            (await Promise.all(all.map((one) => one.usage()))).reduce((sum, one) => sum + one.processor, 0)
          const peer: Peer = { name: '', target, body: tripPush, processor, arrivals }
          const next = createStatePushes(READ)
          await saturateFor(target, next, 2000)
          await all[0]!.drain!()
          // Readings first: trips leave timers, and nothing would ever seem done.
          for (let round = 0; round < rounds; round++) {
            await processor()
            const began = performance.now()
            const { count: sent } = await saturateFor(target, next, ms)
            await all[0]!.drain!()
            found.rates.push((sent * 1000) / (performance.now() - began))
            found.costs.push(((await processor()) * 1000) / sent)
          }
          const devices = Array.from({ length: trips }, (_, index) => FIRST_BREAKER + READ + index)
          found.times.push(...(await atPace(peer, devices, PACE)))
        })
      }),
    )
  } finally {
    await redis.remove()
  }
  return found
}

/** So many subjects, one after another started and all stopped. */
async function usingMany(
  start: () => Promise<Subject>,
  count: number,
  use: (all: Subject[]) => Promise<void>,
  all: Subject[] = [],
): Promise<void> {
  if (all.length === count) return use(all)
  await using(start(), (one) => usingMany(start, count, use, [...all, one]))
}
