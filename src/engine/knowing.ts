import { circuitState } from '../domain/breaker.ts'
import type { Known } from '../domain/overview.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import type { Store } from '../store/store.ts'
import { getBreaker, getIncident } from './parts.ts'

/** Breakers with what is known of them. */
export function know(store: Store, breakers: readonly BreakerConfig[]): Promise<Known[]> {
  return Promise.all(
    breakers.map(async (config) => {
      const state = (await getBreaker(store, config.id))?.value
      const ids = state
        ? Object.keys(state.circuits).flatMap((one) => circuitState(state, one).incident ?? [])
        : []
      const incidents = await Promise.all(ids.map((id) => getIncident(store, id)))
      return { config, state, incidents: incidents.flatMap((one) => (one ? [one.value] : [])) }
    }),
  )
}
