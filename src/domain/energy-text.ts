import type { Use } from './energy-use.ts'
import { dateTime, longLasting, type Message, message, span } from './message.ts'
import type { CalendarUnit } from './periods.ts'
import { kilowattHours, money, power } from './reading-text.ts'
import type { Cost } from './tariff.ts'

/** What is told of one period. */
export interface EnergyFacts {
  name: Message | string
  unit: CalendarUnit
  use: Use
  /** Readings begin only then, ms. */
  since?: number
  cost?: Cost
  /** The same stretch of the period before. */
  before?: Use
  peak?: { load: string; from: number; to: number }
  factor?: number
  /** A pause up to this is no gap, ms. */
  gap: number
}

/** The period in a line: how much, how it was reckoned, what is not known, what it costs. */
export function energyLine({ name, use, since, cost, gap }: EnergyFacts): Message {
  if (use.by === undefined) return message('energy.line-none', { period: name })
  const missing = use.missing - (since === undefined ? 0 : since - use.from)
  const what = [
    message(`energy.by-${use.by}`, { kwh: kilowattHours(use.kwh) }),
    ...(cost ? [costWords(cost)] : []),
    ...(since === undefined ? [] : [message('energy.since', { since: dateTime(since) })]),
    ...(missing > gap ? [message('energy.missing', { lasted: roughly(missing) })] : []),
    ...(use.estimated > 0 ? [message('energy.estimated', { lasted: roughly(use.estimated) })] : []),
    ...(use.resets > 0 ? [message('energy.resets', { count: use.resets })] : []),
  ]
  return message('energy.line', { period: name, what })
}

/** The period in all its lines. */
export function energyDetails(facts: EnergyFacts): Message[] {
  const { use, before, unit, cost, peak, factor } = facts
  if (use.by === undefined) return [energyLine(facts)]
  return [
    energyLine(facts),
    ...(before?.by ? [comparison(unit, use, before)] : []),
    ...(cost && cost.kwh.peak + cost.kwh.valley > 0
      ? [
          message('energy.rates', {
            peak: kilowattHours(cost.kwh.peak),
            flat: kilowattHours(cost.kwh.flat),
            valley: kilowattHours(cost.kwh.valley),
          }),
        ]
      : []),
    ...(peak ? [message('energy.peak', { load: peak.load, at: peakTime(peak) })] : []),
    ...(factor === undefined ? [] : [message('energy.factor', { factor: factor.toFixed(2) })]),
  ]
}

const peakTime = ({ from, to }: { from: number; to: number }) =>
  to - from < 120_000 ? dateTime(from) : span(from, to, 'date-time')

function comparison(unit: CalendarUnit, use: Use, before: Use): Message {
  const kwh = kilowattHours(before.kwh)
  if (before.kwh === 0) return message(`energy.than-${unit}`, { kwh, change: '' })
  const percent = Math.round((use.kwh / before.kwh - 1) * 100)
  const change = message('energy.change', { change: `${percent < 0 ? '−' : '+'}${Math.abs(percent)}%` })
  return message(`energy.than-${unit}`, { kwh, change })
}

const costWords = (cost: Cost): Message =>
  message(cost.isEstimated ? 'energy.cost-estimated' : 'energy.cost', { cost: money(cost) })

/** Hours from two on, days from two on. */
function roughly(ms: number): Message {
  const unit = ms >= 2 * 86_400_000 ? 86_400_000 : ms >= 7_200_000 ? 3_600_000 : 60_000
  return longLasting(Math.max(unit, Math.round(ms / unit) * unit))
}

/** How much each of several used. */
export interface Ranked {
  name: string
  use: Use
  cost?: Cost
}

/** So many are ranked by name. */
export const MOST_RANKED = 15

/** The greatest first, those of which nothing is known left out. */
export const rankingOf = (all: readonly Ranked[]): Ranked[] =>
  all.filter(({ use }) => use.by !== undefined).sort((a, b) => b.use.kwh - a.use.kwh)

export function rankingLines(all: readonly Ranked[]): Message[] {
  const ranked = rankingOf(all)
  const total = ranked.reduce((sum, { use }) => sum + use.kwh, 0)
  const lines = ranked.slice(0, MOST_RANKED).map(({ name, use, cost }, i) =>
    message('energy.rank', {
      place: i + 1,
      name,
      what: [
        message(`energy.by-${use.by!}`, { kwh: kilowattHours(use.kwh) }),
        ...(total > 0 ? [message('energy.share', { share: `${Math.round((use.kwh / total) * 100)}%` })] : []),
        ...(cost ? [costWords(cost)] : []),
      ],
    }),
  )
  const more = ranked.length - lines.length
  const silent = all.length - ranked.length
  return [
    ...lines,
    ...(more > 0 ? [message('energy.rank-more', { count: more })] : []),
    ...(silent > 0 ? [message('energy.rank-silent', { count: silent })] : []),
  ]
}

/** kW over an hour: what the load was on average. */
export const meanLoad = ({ kwh, from, to }: Use): string => power((kwh * 3_600_000_000) / (to - from))
