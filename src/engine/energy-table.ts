import { BOM, csvLine } from '../domain/csv.ts'
import { energyIn } from '../domain/energy-use.ts'
import { formatLocal } from '../domain/local-time.ts'
import { type MessageKey, message } from '../domain/message.ts'
import { edgesOf } from '../domain/periods.ts'
import type { Policy } from '../domain/policy.ts'
import { costsIn } from '../domain/tariff.ts'
import { translator } from '../text/translate.ts'
import type { TableWish } from './energy-links.ts'
import { usages } from './energy-reading.ts'
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
  { store, policy, now }: Pick<Parts, 'store' | 'now'> & { policy: Pick<Policy, 'timezone' | 'locale'> },
  lookup: Pick<Lookup, 'zone' | 'room' | 'breaker'>,
  { breakers, from, to, by, room }: TableWish,
): AsyncGenerator<string> {
  const timezone = room === undefined ? policy.timezone : lookup.zone(room)
  const locale = (room === undefined ? undefined : lookup.room(room)?.locale) ?? policy.locale
  const t = translator(locale, timezone)
  yield BOM + csvLine(HEADINGS.map((name) => t(message(`energy.csv-${name}` satisfies MessageKey))))
  const stretch = { from, to: Math.min(to, now()) }
  const edges = edgesOf(stretch, by, timezone)
  const shown = edges.map((at) => formatLocal(at, timezone, 'date-time').slice(0, 16))
  const ratesOf = createRates(stretch, timezone)
  const found = breakers.flatMap((id) => lookup.breaker(id) ?? [])
  const cuts = [...edges, ...rateEdges(found, ratesOf)]
  for await (const { breaker, flows } of usages(store, found, stretch, cuts)) {
    const costs = breaker.tariff && costsIn(flows, ratesOf(breaker.tariff), edges)
    const lines = energyIn(flows, edges).map((use, n) => {
      const [known, cost] = [use.by !== undefined, costs?.[n]]
      return csvLine([
        ...[shown[n]!, shown[n + 1]!],
        ...[breaker.name, breaker.id, breaker.site],
        known ? use.kwh : '',
        use.by === undefined ? '' : t(message(`energy.csv-${use.by}`)),
        minutes(use.estimated),
        minutes(use.missing),
        known && cost ? Number(cost.amount.toFixed(4)) : '',
        known && cost ? cost.currency : '',
      ])
    })
    yield lines.join('')
  }
}

const minutes = (ms: number): number => Math.round(ms / 60_000)
