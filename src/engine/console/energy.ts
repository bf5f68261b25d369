import { energyIn, sumOf } from '../../domain/energy-use.ts'
import { zoneOf } from '../../domain/local-time.ts'
import { edgesOf } from '../../domain/periods.ts'
import type { BreakerConfig } from '../../domain/policy.ts'
import { usages } from '../energy-reading.ts'
import type { Parts } from '../parts.ts'

export interface EnergyAsked {
  by: 'hour' | 'day'
  /** ms since 1970: from ≤ at < to. */
  from: number
  to: number
}

/** What a breaker used by the hours or days of its room's zone; what has not come yet is left out. */
export function createEnergyReading(parts: Parts) {
  return async (breaker: BreakerConfig, { by, from, to }: EnergyAsked) => {
    const timezone = zoneOf(parts.policy, breaker.room)
    const stretch = { from, to: Math.max(from, Math.min(to, parts.now())) }
    const edges = edgesOf(stretch, by, timezone)
    const uses = []
    for await (const { flows } of usages(parts.store, [breaker], stretch, edges))
      uses.push(...energyIn(flows, edges))
    const items = uses.map((use) => ({
      from: use.from,
      to: use.to,
      kwh: use.by === undefined ? null : use.kwh,
      by: use.by ?? null,
      estimated: use.estimated,
      missing: use.missing,
    }))
    const { by: known, kwh } = uses.length > 0 ? sumOf(uses) : { by: undefined, kwh: 0 }
    return { timezone, total: known === undefined ? null : kwh, items }
  }
}
