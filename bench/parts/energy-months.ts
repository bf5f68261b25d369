import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { BreakerConfig } from '../../src/domain/policy.ts'
import { periodAt, periodOf } from '../../src/domain/report-schedule.ts'
import type { Tariff } from '../../src/domain/tariff.ts'
import { energyTable } from '../../src/engine/energy-table.ts'
import { createReckoning } from '../../src/engine/reports/energy.ts'
import type { Store } from '../../src/store/store.ts'
import { table } from '../figures.ts'

const ZONE = 'Asia/Shanghai'
/** As many as one address of a table may name. */
const IN_TABLE = 100
const TARIFF: Tariff = {
  name: '峰谷',
  currency: 'CNY',
  prices: { flat: 0.7, peak: 1.1, valley: 0.35 },
  times: [
    { rate: 'peak', from: 480, to: 660 },
    { rate: 'valley', from: 1320, to: 360 },
  ],
}

/** The month before of so many breakers: what the report of it reckons, and its table, and for how long nothing else runs. */
export async function months(store: Store, count: number, now: number): Promise<string> {
  const breakers = Array.from({ length: count }, (_, n) => breaker(`${n}`))
  const byId = new Map(breakers.map((one) => [one.id, one]))
  const policy = { timezone: ZONE, locale: 'zh-CN' as const }
  const lookup = {
    zone: () => ZONE,
    room: () => undefined,
    breakersIn: () => breakers,
    breaker: (id: string) => byId.get(id),
  }
  const period = periodAt('month', now, ZONE) - 1
  const { from, to } = periodOf('month', period, ZONE)
  const reckon = createReckoning({ store }, lookup)
  const ids = breakers.slice(0, IN_TABLE).map(({ id }) => id)
  const wish = { breakers: ids, from, to, by: 'hour' as const, room: 'r' }
  const report = await held(() => reckon({ room: 'r', every: 'month', period }, to))
  const written = await held(async () => {
    for await (const _ of energyTable({ store, policy, now: () => now }, lookup, wish));
  })
  return table(
    ['', 's', 'event loop held up, p99, ms', 'longest'],
    [
      [`the report of a month of ${count} breakers, six months compared with`, ...report],
      [`a table of a month of ${IN_TABLE} breakers, by hour`, ...written],
    ],
  )
}

/** How long it takes, s, and how late a timer of 1 ms rings meanwhile, ms. */
async function held(work: () => Promise<unknown>): Promise<number[]> {
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  histogram.enable()
  const began = performance.now()
  await work()
  const took = performance.now() - began
  histogram.disable()
  return [took / 1000, histogram.percentile(99) / 1e6, histogram.max / 1e6]
}

const breaker = (id: string): BreakerConfig => ({
  ...{ id, name: `${id}号泵`, site: '泵房', room: 'r', circuits: { power: '' }, groups: [] },
  ...{ ratedCurrent: 60, remoteClose: true, tariff: TARIFF },
})
