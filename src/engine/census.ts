import type { Alarm } from '../domain/alarm.ts'
import { type BreakerState, circuitState } from '../domain/breaker.ts'
import { isTaken } from '../domain/ownership.ts'
import { SEVERITIES, severityOf } from '../domain/severity.ts'
import { type BreakerStanding, type Census, STANDINGS } from './metrics-standing.ts'
import { getBreaker, getIncident, type Parts } from './parts.ts'

/** It is counted at most so often, ms, and only while somebody asks. */
const EVERY = 60_000
/** So many states are read at once: a few ms. */
const AT_ONCE = 50
/** More alarms than there can be rooms and breakers worth looking at. */
const ALARMS = 1000

/**
 * Counts the fleet in small steps beside all else, when it is asked for and the last count is old. Answers with the
 * last count.
 */
export function createCensus(parts: Pick<Parts, 'store' | 'policy' | 'now' | 'log'>) {
  const { store, now, log } = parts
  let last: Census | undefined
  let counting: Promise<void> | undefined
  let stopped = false

  async function count(): Promise<void> {
    const census = nobody(now())
    const { breakers } = parts.policy
    for (let from = 0; from < breakers.length && !stopped; from += AT_ONCE) {
      const some = breakers.slice(from, from + AT_ONCE)
      const states = await Promise.all(some.map(({ id }) => getBreaker(store, id)))
      await Promise.all(states.map((state) => add(census, state?.value)))
      await new Promise(setImmediate)
    }
    if (stopped) return
    for (const { value } of await store.list<Alarm>({ kind: 'alarm', open: true, limit: ALARMS }))
      census.alarms[value.kind] = (census.alarms[value.kind] ?? 0) + 1
    last = census
  }

  async function add({ breakers, incidents }: Census, state: BreakerState | undefined): Promise<void> {
    breakers[standingOf(state)]++
    const open = Object.values(state?.circuits ?? {}).flatMap(({ incident }) => incident ?? [])
    for (const found of await Promise.all(open.map((id) => getIncident(store, id)))) {
      if (!found) continue
      const sum = incidents[severityOf(found.value)]
      sum.open++
      if (!isTaken(found.value)) sum.oldest = Math.min(sum.oldest ?? Infinity, found.value.openedAt)
    }
  }

  return {
    latest(): Census | undefined {
      const isOld = !last || Math.abs(now() - last.at) >= EVERY
      if (isOld && !counting && !stopped)
        counting = count()
          .catch((error) => log.debug({ error: String(error) }, 'the fleet could not be counted'))
          .finally(() => {
            counting = undefined
          })
      return last
    },
    async stop(): Promise<void> {
      stopped = true
      await counting
    },
  }
}

function nobody(at: number): Census {
  const zero = <K extends string, V>(keys: readonly K[], value: () => V) =>
    Object.fromEntries(keys.map((key) => [key, value()])) as Record<K, V>
  return {
    at,
    breakers: zero(STANDINGS, () => 0),
    incidents: zero(SEVERITIES, () => ({ open: 0, oldest: undefined })),
    alarms: {},
  }
}

function standingOf(state: BreakerState | undefined): BreakerStanding {
  if (!state) return 'unknown'
  if (state.online === false) return 'offline'
  if (state.silent) return 'silent'
  const circuits = Object.keys(state.circuits).map((circuit) => circuitState(state, circuit))
  const open = circuits.filter(({ position }) => position === 'open')
  if (open.some(({ opening }) => opening?.by === 'trip')) return 'tripped'
  if (open.length > 0) return 'open'
  return circuits.some(({ position }) => position === 'closed') ? 'closed' : 'unknown'
}
