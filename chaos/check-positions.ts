import { circuitState } from '../src/domain/breaker.ts'
import type { Facts, Violation } from './verdict.ts'

/** What the service believes at the end is how the breakers stand, and who is open by a fault has an incident. */
export function checkPositions({ fleet, kept }: Facts): Violation[] {
  const open = new Map(kept.incidents.filter((one) => one.status !== 'resolved').map((one) => [one.id, one]))
  const wrong = fleet.breakers.flatMap(({ id }) => {
    const state = kept.breakers.get(id)
    const { position, opening, incident } = circuitState(state ?? { ...EMPTY, id }, 'power')
    const truth = fleet.cloud.device(id)
    const faults = [
      ...(position === truth.positions.power ? [] : [`believed ${position}, is ${truth.positions.power}`]),
      ...(position === 'closed' && incident !== undefined ? ['closed with an open incident'] : []),
      ...(position === 'open' && opening?.by === 'trip' && incident === undefined
        ? ['tripped without an incident']
        : []),
      ...(incident !== undefined && !open.has(incident) ? ['its incident is resolved'] : []),
    ]
    if (incident !== undefined) open.delete(incident)
    const pushes = fleet.cloud.pushes.filter((one) => one.device === id).slice(-8)
    return faults.map((what) => ({
      rule: 'positions',
      what: `${id}: ${what}`,
      evidence: { state, truth, pushes },
    }))
  })
  const orphans = [...open.values()].map((incident) => ({
    rule: 'positions',
    what: `incident ${incident.id} of ${incident.breaker} is open, and its breaker knows nothing of it`,
    evidence: incident,
  }))
  return [...wrong, ...orphans]
}

const EMPTY = { seen: [], recent: [], warned: {}, circuits: {} }
