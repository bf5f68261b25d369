import { BOM, csvLine } from '../domain/csv.ts'
import { energyIn, type Use } from '../domain/energy-use.ts'
import { formatLocal } from '../domain/local-time.ts'
import { type MessageKey, message } from '../domain/message.ts'
import { edgesOf } from '../domain/periods.ts'
import { costOf, type RatedStretch, ratesIn, type Tariff } from '../domain/tariff.ts'
import { translator } from '../text/translate.ts'
import type { TableWish } from './energy-links.ts'
import { type Usage, usages } from './energy-reading.ts'
import type { Lookup, Parts } from './parts.ts'
import { createRates, rateEdges } from './rates.ts'

const HEADINGS = [
  'from',
  'to',
  'breaker',
  'id',
  'site',
  'kwh',
  'by',
  'estimated',
  'missing',
  'cost',
  'currency',
] as const

/** The energy of breakers by hour or day as CSV, breaker by breaker; hours that have not come yet are left out. */
export async function* energyTable(
  { store, policy, now }: Pick<Parts, 'store' | 'policy' | 'now'>,
  lookup: Lookup,
  { breakers, from, to, by, room }: TableWish,
): AsyncGenerator<string> {
  const timezone = room === undefined ? policy.timezone : lookup.zone(room)
  const locale = (room === undefined ? undefined : lookup.room(room)?.locale) ?? policy.locale
  const t = translator(locale, timezone)
  yield BOM + csvLine(HEADINGS.map((name) => t(message(`energy.csv-${name}` satisfies MessageKey))))
  const stretch = { from, to: Math.min(to, now()) }
  const edges = edgesOf(stretch, by, timezone)
  const rates = new Map<Tariff, RatedStretch[]>()
  const found = breakers.flatMap((id) => lookup.breaker(id) ?? [])
  const cuts = [...edges, ...rateEdges(found, createRates(stretch, timezone))]
  for await (const usage of usages(store, found, stretch, cuts))
    yield rowsOf(usage, edges, timezone, rates)
      .map(({ use, cost }) => {
        const { breaker } = usage
        const times = [use.from, use.to].map((at) => formatLocal(at, timezone, 'date-time').slice(0, 16))
        const known = use.by !== undefined
        return csvLine([
          ...times,
          ...[breaker.name, breaker.id, breaker.site],
          known ? use.kwh : '',
          use.by === undefined ? '' : t(message(`energy.csv-${use.by}`)),
          minutes(use.estimated),
          minutes(use.missing),
          known && cost ? Number(cost.amount.toFixed(4)) : '',
          known && cost ? cost.currency : '',
        ])
      })
      .join('')
}

const minutes = (ms: number): number => Math.round(ms / 60_000)

function rowsOf(
  { breaker: { tariff }, flows }: Usage,
  edges: readonly number[],
  timezone: string,
  rates: Map<Tariff, RatedStretch[]>,
) {
  const uses: Use[] = energyIn(flows, edges)
  if (!tariff) return uses.map((use) => ({ use, cost: undefined }))
  const rated = rates.get(tariff) ?? uses.map((use) => ratesIn(tariff, use, timezone))
  rates.set(tariff, rated)
  return uses.map((use, i) => ({ use, cost: costOf(flows, rated[i]!) }))
}
