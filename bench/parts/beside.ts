import { atOnce, atPace, type Peer, startReceiver } from '../alarms.ts'
import { ALERTS_PATH, alertOf, startAlertmanager } from '../alertmanager.ts'
import { createArrivals } from '../arrivals.ts'
import { type Bench, using } from '../bench.ts'
import { percentile, ratio, SPREAD, spread, table } from '../figures.ts'
import { FIRST_BREAKER, PUSH_PATH, tripPush } from '../pushes.ts'
import { startService } from '../service.ts'
import { startTelegramStub } from '../telegram-stub.ts'

interface Plan {
  rounds: number
  /** So many a second, and how many in each round. */
  paces: { perSecond: number; count: number }[]
  /** How many at once. */
  most: number
}

const PLAN: Plan = {
  rounds: 3,
  paces: [
    { perSecond: 20, count: 200 },
    { perSecond: 100, count: 500 },
    { perSecond: 1000, count: 5000 },
  ],
  most: 5000,
}
const QUICK: Plan = {
  rounds: 1,
  paces: [
    { perSecond: 20, count: 60 },
    { perSecond: 100, count: 300 },
    { perSecond: 1000, count: 3000 },
  ],
  most: 3000,
}

/**
 * From the posting of an alarm to the call of a web-hook, by turns with Alertmanager; the service has it on disk by
 * then, Alertmanager keeps it in memory.
 */
export async function beside(bench: Bench): Promise<void> {
  const plan = bench.isQuick ? QUICK : PLAN
  const each = plan.paces.reduce((sum, { count }) => sum + count, plan.most)
  const breakers = each * plan.rounds + WARM_UP
  const arrivals = [createArrivals(), createArrivals()]
  await using(startReceiver(arrivals[0]!), (own) =>
    using(startReceiver(arrivals[1]!), (other) =>
      using(startTelegramStub(), (chats) =>
        using(
          startService({
            ...{ folder: bench.folder(), store: bench.sqlite(), telegramUrl: chats.url },
            ...{ breakers, hookUrl: own.url },
          }),
          (service) =>
            using(startAlertmanager(bench.folder(), other.url), async (alertmanager) => {
              let before = 0
              const peers: Peer[] = [
                {
                  name: 'the service',
                  target: service.url + PUSH_PATH,
                  body: tripPush,
                  processor: async () => (await service.usage()).processor,
                  arrivals: arrivals[0]!,
                },
                {
                  name: 'Alertmanager',
                  target: alertmanager.url + ALERTS_PATH,
                  body: alertOf,
                  async processor() {
                    const last = before
                    before = alertmanager.processor()
                    return before - last
                  },
                  arrivals: arrivals[1]!,
                },
              ]
              await compareWays(peers, plan)
            }),
        ),
      ),
    ),
  )
}

const WARM_UP = 1000

/** What was found of one of them. */
interface Found {
  peer: Peer
  /** By pace: from when each was due to its call, ms. */
  times: number[][]
  /** At once: taken a second, called a second, and processor time of each, µs. */
  taken: number[]
  called: number[]
  costs: number[]
}

async function compareWays(peers: Peer[], plan: Plan): Promise<void> {
  let next = FIRST_BREAKER
  const some = (count: number): number[] => Array.from({ length: count }, () => next++)
  const found = peers.map(
    (peer): Found => ({ peer, times: plan.paces.map(() => []), taken: [], called: [], costs: [] }),
  )
  const warm = some(WARM_UP)
  for (const one of found) await atOnce(one.peer, warm)
  for (let round = 0; round < plan.rounds; round++) {
    for (const [index, { perSecond, count }] of plan.paces.entries()) {
      const devices = some(count)
      for (const one of found) one.times[index]!.push(...(await atPace(one.peer, devices, perSecond)))
    }
    const devices = some(plan.most)
    for (const one of found) {
      const { taken, called, cost } = await atOnce(one.peer, devices)
      one.taken.push(taken)
      one.called.push(called)
      one.costs.push(cost)
    }
  }
  print(found, plan)
}

function print(found: readonly Found[], plan: Plan): void {
  const paced = plan.paces.flatMap(({ perSecond }, index) =>
    found.map(({ peer, times }) => [`${peer.name}, ${perSecond} a second`, ...spread(times[index]!)]),
  )
  console.log(`${table(['from posting an alarm to the call of the web-hook, ms', ...SPREAD], paced)}\n`)
  const middle = (values: readonly number[]) => percentile(values, 50)
  const base = found.at(-1)!
  const beside = (value: readonly number[], of: readonly number[]) =>
    `${middle(value).toFixed(0)} (${ratio(middle(value), middle(of))})`
  const rates = found.map(({ peer, taken, called, costs }) => [
    peer.name,
    beside(taken, base.taken),
    beside(called, base.called),
    middle(costs).toFixed(0),
  ])
  console.log(
    table([`${plan.most} at once`, 'taken a second', 'called a second', 'processor, µs each'], rates),
  )
}
