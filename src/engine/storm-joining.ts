import type { BreakerConfig } from '../domain/policy.ts'
import { holdsSite, isCollecting, newStorm, type Storm } from '../domain/storm.ts'
import type { Budget, Store } from '../store/store.ts'
import { type Parts, roomSubject } from './parts.ts'
import { changedJob, getStorm, stormWrite } from './storm-state.ts'

const MAX_CONFLICTS = 10
/** A room is told of so many times as many incidents as one site of it. */
const SITES_A_ROOM = 2

/** Which storm of a room was the last to begin: two that see one coming at once make one. */
interface LastStorm {
  storm: string
}
const lastKey = (room: string): string => `last-storm/${room}`

/**
 * The storm that a new incident of a breaker joins; undefined: it has a card of its own. Where its site, or its room, has
 * had its share of those a storm begins.
 * @param job the event's: the storm's first job takes its id from it
 */
export async function stormFor(
  parts: Parts,
  { room, site }: BreakerConfig,
  job: string,
): Promise<Storm | undefined> {
  const { store, policy } = parts
  if (policy.storm.more === 0) return undefined
  let isTooMany = false
  for (let tried = 0; tried < MAX_CONFLICTS; tried++) {
    const last = await store.get<LastStorm>(lastKey(room))
    const storm = last && (await getStorm(store, last.value.storm))?.value
    const present = storm && isCollecting(storm, parts.now()) ? storm : undefined
    if (present && holdsSite(present, site)) return present
    isTooMany ||= (await store.spend(budgetsFor(policy.storm, room, site))) > 0
    if (!isTooMany) return undefined
    const joined = present ?? (await begin(parts, room, site, job, last?.version ?? 0))
    if (joined) return joined
  }
  return undefined
}

function budgetsFor({ more, within }: Parts['policy']['storm'], room: string, site: string): Budget[] {
  return [
    { name: `incidents:${room}:${site}`, most: more, within },
    { name: `incidents:${room}`, most: SITES_A_ROOM * more, within },
  ]
}

/** Undefined where another was quicker. */
async function begin(
  { store, now, newId }: Parts & { store: Store },
  room: string,
  site: string,
  job: string,
  version: number,
): Promise<Storm | undefined> {
  const at = now()
  const storm = newStorm(newId(), room, site, at)
  const committed = await store.commit({
    writes: [{ key: lastKey(room), value: { storm: storm.id }, version }, stormWrite(storm, 0)],
    jobs: [changedJob(job, storm, at)],
    audit: [
      {
        at,
        who: 'system',
        what: 'storm.began',
        subject: roomSubject(room),
        details: { storm: storm.id, site },
      },
    ],
  })
  return committed === 'ok' ? storm : undefined
}
