import type { BreakerState } from '../domain/breaker.ts'
import { latestReadings } from '../domain/breaker.ts'
import type { Readings } from '../domain/report.ts'
import type { Outcome } from '../thingboot/outcome.ts'
import type { DeviceStatus } from '../thingboot/status.ts'
import type { Parts } from './parts.ts'
import type { Turn } from './turns.ts'

/** So many are asked for in one call. */
const AT_ONCE = 50

/** What the cloud says of breakers that have fallen silent, by id; those that it does not know are missing. */
export async function askFor(
  { cloud, log }: Parts,
  devices: readonly string[],
  turn: Turn,
  signal: AbortSignal,
): Promise<Map<string, DeviceStatus>> {
  const found = new Map<string, DeviceStatus>()
  const take = (outcome: Outcome<DeviceStatus[]>) => {
    if (outcome.ok) for (const one of outcome.data) found.set(one.device, one)
    else if (!signal.aborted)
      log.warn({ why: outcome.why }, 'the cloud could not be asked for silent breakers')
    return outcome
  }
  const options = { signal, turn: () => turn(signal) }
  for (let start = 0; start < devices.length && !signal.aborted; start += AT_ONCE) {
    const some = devices.slice(start, start + AT_ONCE)
    const outcome = take(await cloud.info(some, options))
    // The cloud may refuse all for one that it does not know (not documented).
    if (!outcome.ok && outcome.kind === 'refused' && some.length > 1)
      for (const one of some) take(await cloud.info([one], options))
  }
  return found
}

/** True when the cloud has other measured values than the last that a push told: the breaker speaks to it. */
export function hasNewer(status: DeviceStatus | undefined, known: BreakerState): boolean {
  if (!status || status.online === false) return false
  const told = latestReadings(known.recent)
  return (Object.keys(told) as (keyof Readings)[]).some(
    (name) => status.readings[name] !== undefined && status.readings[name] !== told[name],
  )
}
