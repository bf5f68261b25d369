import type { NamedPeriod } from '../domain/energy-asked.ts'
import { BARS } from '../domain/energy-chart.ts'
import type { Flow } from '../domain/energy-flows.ts'
import { peakOf, powerFactor } from '../domain/energy-load.ts'
import { type EnergyFacts, meanLoad, type Ranked } from '../domain/energy-text.ts'
import { energyIn, sumOf, type Use } from '../domain/energy-use.ts'
import { edgesOf, periodAt, type Stretch, stretchBefore } from '../domain/periods.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import { amps, power } from '../domain/reading-text.ts'
import type { Summary } from '../domain/summary.ts'
import { costOf, type RatedStretch, sumOfCosts, type Tariff } from '../domain/tariff.ts'
import type { Store } from '../store/store.ts'
import { type Usage, usages } from './energy-reading.ts'
import { createRates, rateEdges } from './rates.ts'

/** What was used in a period, by all together and by each. */
export interface Consumption {
  facts: EnergyFacts
  /** By hour, day or month; and those of the period before. */
  bars: Use[]
  before: Use[]
  each: Ranked[]
  /** True: they are paid for in more than one currency. */
  isMixed: boolean
}

interface Course {
  period: NamedPeriod
  timezone: string
  now: number
}

/** Reckons what breakers used in a period, as far as it has passed, and in the one before. */
export async function measure(
  store: Pick<Store, 'summaries'>,
  breakers: readonly BreakerConfig[],
  { period, timezone, now }: Course,
): Promise<Consumption> {
  const { unit } = period
  const stretch = { from: period.from, to: Math.max(period.from, Math.min(period.to, now)) }
  const same = stretchBefore(period, now, timezone)
  const last = periodAt(unit, period.from, timezone, -1)
  const ratesOf = createRates(stretch, timezone)
  const sums = {
    total: createSum([stretch.from, stretch.to]),
    same: createSum([same.from, same.to]),
    bars: createSum(edgesOf(period, BARS[unit], timezone)),
    before: createSum(edgesOf(last, BARS[unit], timezone)),
    // The load of several is that of their best hour; a year has too many.
    hours: createSum(breakers.length > 1 && unit !== 'year' ? edgesOf(stretch, 'hour', timezone) : []),
  }
  const all = Object.values(sums)
  const edges = [...all.flatMap((sum) => sum.edges), ...rateEdges(breakers, ratesOf)]
  const each: Ranked[] = []
  let [only, gap]: [Usage | undefined, number] = [undefined, 0]
  for await (const usage of usages(store, breakers, { from: last.from, to: stretch.to }, edges)) {
    for (const sum of all) sum.add(usage.flows)
    each.push(rankedOf(usage, stretch, ratesOf))
    gap += usage.gap
    only = usage
  }
  const costs = each.flatMap(({ use, cost }) => (use.by && cost ? [cost] : []))
  const cost = sumOfCosts(costs)
  const facts: EnergyFacts = {
    ...{ name: period.name, unit, use: sums.total.uses[0]!, before: sums.same.uses[0]!, gap },
    ...(cost && { cost }),
    ...(breakers.length === 1 && only ? await ofOne(store, only, stretch) : ofAll(sums.hours.uses)),
  }
  return {
    facts,
    ...{ bars: sums.bars.uses, before: sums.before.uses, each },
    isMixed: costs.length > 0 && !cost,
  }
}

/** What several used between edges, added up one by one. */
function createSum(edges: readonly number[]) {
  const uses: Use[] = energyIn([], edges).map((use) => ({ ...use, missing: 0 }))
  return {
    edges,
    uses,
    add(flows: readonly Flow[]): void {
      for (const [i, use] of energyIn(flows, edges).entries()) uses[i] = sumOf([uses[i]!, use])
    },
  }
}

function rankedOf(
  { breaker: { name, tariff }, flows }: Usage,
  { from, to }: Stretch,
  ratesOf: (tariff: Tariff) => RatedStretch,
): Ranked {
  const [use] = energyIn(flows, [from, to])
  return { name, use: use!, ...(tariff && { cost: costOf(flows, ratesOf(tariff)) }) }
}

async function ofOne(
  store: Pick<Store, 'summaries'>,
  { breaker, flows, summaries, gap }: Usage,
  { from, to }: Stretch,
): Promise<Partial<EnergyFacts>> {
  const within = summaries.filter(({ firstAt, lastAt }) => firstAt >= from && lastAt < to)
  const first = flows.find((flow) => flow.to > from)?.from
  const factor = powerFactor(within)
  const highest = peakWithin(within)
  // The minute of it, as long as minutes are kept.
  const [minutes] = highest ? await store.summaries([breaker.id], 'minute', highest.from, highest.to + 1) : []
  const peak = peakWithin([...(minutes ?? [])]) ?? highest
  return {
    ...(first !== undefined && first > from + gap && first < to && { since: first }),
    ...(peak && { peak }),
    ...(factor !== undefined && { factor }),
  }
}

function peakWithin(summaries: readonly Summary[]): EnergyFacts['peak'] {
  const watts = peakOf(summaries)
  if (watts) return { ...watts, load: power(watts.value) }
  const current = peakOf(summaries, 'current')
  return current && { ...current, load: amps(current.value) }
}

function ofAll(hours: readonly Use[]): Partial<EnergyFacts> {
  const known = hours.filter(({ by, kwh }) => by !== undefined && kwh > 0)
  if (known.length === 0) return {}
  const highest = known.reduce((a, b) => (b.kwh / (b.to - b.from) > a.kwh / (a.to - a.from) ? b : a))
  return { peak: { from: highest.from, to: highest.to, load: meanLoad(highest) } }
}
