import { circuitState } from '../domain/breaker.ts'
import type { Known } from '../domain/overview.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import type { Store } from '../store/store.ts'
import { getBreaker, getIncident } from './parts.ts'

/** Breakers with what is known of them, and the incidents of their circuits. */
export function know(
  store: Store,
  breakers: readonly BreakerConfig[],
): Promise<(Known & { version: number })[]> {
  return Promise.all(
    breakers.map(async (config) => {
      const found = await getBreaker(store, config.id)
      const state = found?.value
      const ids = state
        ? Object.keys(state.circuits).flatMap((one) => circuitState(state, one).incident ?? [])
        : []
      const incidents = await Promise.all(ids.map((id) => getIncident(store, id)))
      const open = incidents.flatMap((one) => (one ? [one.value] : []))
      return { config, state, version: found?.version ?? 0, incidents: open }
    }),
  )
}
