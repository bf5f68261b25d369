import { profileFor } from '../thingboot/profiles.ts'
import type { Finding } from './faults.ts'
import type { Config } from './schema.ts'

/** A breaker without a meter has no counter to be asked for. */
export function findMeteringFaults({ breakers }: Config): Finding[] {
  return breakers.flatMap(({ model, queryEvery }, index) => {
    if (queryEvery === undefined || profileFor(model).metered) return []
    const problem = `asks a breaker without a meter: the profile of «${model}» has none; leave it out`
    return [{ path: ['breakers', index, 'queryEvery'], problem }]
  })
}

export function findMeteringWarnings({ actuation, breakers }: Config): Finding[] {
  const index = breakers.findIndex(({ queryEvery }) => queryEvery !== undefined)
  if (actuation || index < 0) return []
  const problem =
    'asks by an order, and with actuation: false no order leaves at all: no counter is asked for'
  return [{ path: ['breakers', index, 'queryEvery'], problem }]
}
