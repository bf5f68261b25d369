import { minutesIn, type Tariff } from '../domain/tariff.ts'
import type { Finding } from './faults.ts'
import type { Config } from './schema.ts'

/** Names of tariffs that lead nowhere. */
export function findTariffFaults(config: Config): Finding[] {
  const known = Object.keys(config.tariffs)
  const list = known.length > 0 ? `tariffs are: ${known.join(', ')}` : 'there are none under tariffs'
  return namings(config).flatMap(({ path, name }) =>
    name === undefined || known.includes(name)
      ? []
      : [{ path, problem: `there is no tariff «${name}»; ${list}` }],
  )
}

/** Tariffs that nobody pays by. */
export function findTariffWarnings(config: Config): Finding[] {
  const used = new Set(namings(config).map(({ name }) => name))
  return Object.keys(config.tariffs)
    .filter((name) => !used.has(name))
    .map((name) => ({
      path: ['tariffs', name],
      problem: `is used nowhere: set tariff: ${name} for all, or for a site or a breaker`,
    }))
}

function namings(config: Config): { path: (string | number)[]; name: string | undefined }[] {
  return [
    { path: ['tariff'], name: config.tariff },
    ...(['sites', 'breakers'] as const).flatMap((list) =>
      config[list].map((one, index) => ({ path: [list, index, 'tariff'], name: one.tariff })),
    ),
  ]
}

/** What a breaker's energy is paid by: its own tariff, that of its site, or that of all. */
export function tariffOf(config: Config, breaker: Config['breakers'][number]): { tariff?: Tariff } {
  const site = config.sites.find((one) => one.name === breaker.site)
  const name = breaker.tariff ?? site?.tariff ?? config.tariff
  const found = name === undefined ? undefined : config.tariffs[name]
  if (name === undefined || !found) return {}
  const { currency, flat, peak, valley, times } = found
  return {
    tariff: {
      name,
      currency,
      prices: { flat, ...(peak !== undefined && { peak }), ...(valley !== undefined && { valley }) },
      times: (['peak', 'valley'] as const).flatMap((rate) =>
        (times?.[rate] ?? []).map((text) => ({ rate, ...minutesIn(text)! })),
      ),
    },
  }
}
