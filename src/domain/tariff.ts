import type { Flow } from './energy-flows.ts'
import { energyIn } from './energy-use.ts'
import { localTime, momentOf } from './local-time.ts'
import { edgesOf, type Stretch } from './periods.ts'
import { exact } from './summary-join.ts'

/** 峰, 平 and 谷. */
export const RATES = ['peak', 'flat', 'valley'] as const
export type Rate = (typeof RATES)[number]

/** What a kWh costs, by the time of day. */
export interface Tariff {
  name: string
  /** ISO 4217: `CNY`. */
  currency: string
  /** Of a kWh; what no time is given for is flat. */
  prices: { flat: number } & Partial<Record<Rate, number>>
  /** In order of time, not overlapping; minutes after midnight by the local clock, `to` up to 1440 or over midnight. */
  times: { rate: Rate; from: number; to: number }[]
}

export interface Cost {
  currency: string
  /** In the currency's unit. */
  amount: number
  /** kWh at each rate. */
  kwh: Record<Rate, number>
  /** A pause lies over a change of rate, or over the beginning or end: how much was used at which is estimated. */
  isEstimated: boolean
}

/** `08:00-11:00` as minutes after midnight; `22:00-06:00` goes over it. Undefined for what is no time. */
export function minutesIn(text: string): { from: number; to: number } | undefined {
  const [, ...parts] = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/.exec(text) ?? []
  if (parts.length === 0) return undefined
  const [hour = 0, minute = 0, endHour = 0, endMinute = 0] = parts.map(Number)
  const [from, to] = [hour * 60 + minute, endHour * 60 + endMinute]
  return to > 1440 || from === to ? undefined : { from, to }
}

/** A stretch cut where the rate changes: what all breakers of one tariff and zone have in common. */
export interface RatedStretch {
  tariff: Tariff
  /** ms; `rates[i]` counts from `edges[i]` to the next. */
  edges: number[]
  rates: Rate[]
}

/** Where the rate changes in a stretch, by the clock of a zone. */
export function ratesIn(tariff: Tariff, stretch: Stretch, timezone: string): RatedStretch {
  const edges = rateEdges(tariff, stretch, timezone)
  return { tariff, edges, rates: edges.slice(0, -1).map((at) => rateAt(tariff, at, timezone)) }
}

/** What the energy of a stretch costs. @param flows as {@link flowsOf} gives them */
export function costOf(flows: readonly Flow[], rated: RatedStretch): Cost {
  return costsIn(flows, rated, [rated.edges[0]!, rated.edges.at(-1)!])[0]!
}

/** What the energy costs between each two edges that follow each other. @param edges in order of time, within the stretch */
export function costsIn(
  flows: readonly Flow[],
  { tariff, edges: changes, rates }: RatedStretch,
  edges: readonly number[],
): Cost[] {
  const { currency } = tariff
  const costs = edges
    .slice(1)
    .map((): Cost => ({ currency, amount: 0, kwh: { peak: 0, flat: 0, valley: 0 }, isEstimated: false }))
  const cuts = [...new Set([...edges, ...changes])].sort((a, b) => a - b)
  let [at, rated] = [0, 0]
  for (const use of energyIn(flows, cuts)) {
    while (edges[at + 1]! <= use.from) at++
    while (changes[rated + 1]! <= use.from) rated++
    const [cost, rate] = [costs[at], rates[rated]!]
    if (!cost || use.from < edges[0]!) continue
    cost.kwh[rate] = exact(cost.kwh[rate] + use.kwh)
    if (use.estimated > 0) cost.isEstimated = true
  }
  for (const cost of costs)
    cost.amount = RATES.reduce((sum, rate) => sum + cost.kwh[rate] * priceOf(tariff, rate), 0)
  return costs
}

const priceOf = ({ prices }: Tariff, rate: Rate): number => prices[rate] ?? prices.flat

/** What several cost together; undefined where they are paid for in more than one currency, or there is none. */
export function sumOfCosts(costs: readonly Cost[]): Cost | undefined {
  const [first, ...rest] = costs
  if (!first || rest.some((one) => one.currency !== first.currency)) return undefined
  return rest.reduce(
    (sum, one) => ({
      currency: sum.currency,
      amount: sum.amount + one.amount,
      kwh: {
        peak: exact(sum.kwh.peak + one.kwh.peak),
        flat: exact(sum.kwh.flat + one.kwh.flat),
        valley: exact(sum.kwh.valley + one.kwh.valley),
      },
      isEstimated: sum.isEstimated || one.isEstimated,
    }),
    first,
  )
}

/** The rate that the clock says. A time whose end is before its beginning goes over midnight. */
export function rateAt({ times }: Tariff, at: number, timezone: string): Rate {
  if (times.length === 0) return 'flat'
  const { hour, minute } = localTime(at, timezone)
  const now = hour * 60 + minute
  const isIn = ({ from, to }: Tariff['times'][number]) =>
    from < to ? from <= now && now < to : now >= from || now < to
  return times.find(isIn)?.rate ?? 'flat'
}

function rateEdges({ times }: Tariff, stretch: Stretch, timezone: string): number[] {
  if (times.length === 0) return [stretch.from, stretch.to]
  const minutes = new Set(times.flatMap(({ from, to }) => [from, to]))
  const days = edgesOf(stretch, 'day', timezone)
  const edges = days.slice(0, -1).flatMap((day) => {
    const { year, month, day: date } = localTime(day, timezone)
    return [...minutes].map((minute) => momentOf(Date.UTC(year, month - 1, date, 0, minute), timezone))
  })
  const within = [...days, ...edges].filter((edge) => edge > stretch.from && edge < stretch.to)
  return [stretch.from, ...new Set(within.sort((a, b) => a - b)), stretch.to]
}
