import type { Chart } from '../domain/chart.ts'
import { type NamedPeriod, type PeriodWord, periodOf } from '../domain/energy-asked.ts'
import { energyChart, rankingChart } from '../domain/energy-chart.ts'
import { energyDetails, energyLine, rankingLines } from '../domain/energy-text.ts'
import { type Message, message } from '../domain/message.ts'
import { loadLine } from '../domain/overview.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import { type Consumption, measure } from './energy-measuring.ts'
import { getBreaker, type Parts } from './parts.ts'

/** Whose energy is asked for, of when, and how it is to be told. */
export interface EnergyWish {
  /** As people call it. */
  name: string
  breakers: BreakerConfig[]
  isRanking: boolean
  /** Absent: today, yesterday and this month. */
  period?: PeriodWord
}

/** What is told, with the picture that goes with it. */
export interface EnergyTold {
  lines: Message[]
  chart?: Chart
}

const TODAY: PeriodWord = { unit: 'day', shift: 0 }
const USUAL: PeriodWord[] = [TODAY, { unit: 'day', shift: -1 }, { unit: 'month', shift: 0 }]

/** The answer to `电量 …`, from what is kept of the samples. @param timezone of the chat */
export async function energyAnswer(parts: Parts, wish: EnergyWish, timezone: string): Promise<EnergyTold> {
  const { store, now } = parts
  const at = now()
  const of = (word: PeriodWord) => {
    const period = periodOf(word, at, timezone)
    return measure(store, wish.breakers, { period, timezone, now: at })
  }
  if (wish.isRanking) return ranking(wish, await of(wish.period ?? TODAY))
  const all = await Promise.all((wish.period ? [wish.period] : USUAL).map(of))
  const [first] = all
  const period = periodOf(wish.period ?? TODAY, at, timezone)
  const chart = chartOf(wish, period, first!, at, timezone)
  const isMeasured = all.some(({ facts }) => facts.use.by !== undefined)
  const told = wish.period ? energyDetails(first!.facts) : all.map(({ facts }) => energyLine(facts))
  const load = period.to > at && wish.breakers.length === 1 ? [await present(parts, wish.breakers[0]!)] : []
  return {
    lines: [
      title(wish, isMeasured),
      ...(isMeasured ? told : []),
      ...(all.some(({ isMixed }) => isMixed) ? [message('energy.no-currency')] : []),
      ...load,
    ],
    ...(chart && { chart }),
  }
}

function title({ name, breakers }: EnergyWish, isMeasured: boolean): Message {
  if (breakers.length !== 1) return message('energy.of-place', { name, count: breakers.length })
  return message(isMeasured ? 'energy.title' : 'energy.not-metered', { breaker: name })
}

function ranking({ name }: EnergyWish, { facts, each }: Consumption): EnergyTold {
  const heading = message('energy.ranking', { name, period: facts.name })
  const chart = rankingChart(message('energy.chart', { name, period: facts.name }), each)
  return { lines: [heading, energyLine(facts), ...rankingLines(each)], ...(chart && { chart }) }
}

function chartOf(
  { name }: EnergyWish,
  { unit, name: called }: NamedPeriod,
  { bars, before }: Consumption,
  now: number,
  timezone: string,
): Chart | undefined {
  const title = message('energy.chart', { name, period: called })
  const series = message('energy.period', { period: called })
  return energyChart({ title, name: series, unit, uses: bars, before, now }, timezone)
}

async function present({ store }: Parts, { id }: BreakerConfig): Promise<Message> {
  return loadLine((await getBreaker(store, id))?.value)
}
