import type { Incident } from '../domain/incident.ts'
import { hasCounted, nextShown, type Storm } from '../domain/storm.ts'
import type { NewJob, Store, Versioned, Write } from '../store/store.ts'
import { PRIORITY, QUEUE, stormLane } from './queues.ts'
import type { StormWork } from './work.ts'

export const stormKey = (id: string): string => `storm/${id}`

export function getStorm(store: Store, id: string): Promise<Versioned<Storm> | undefined> {
  return store.get<Storm>(stormKey(id))
}

/** The storms of a room that have not passed, newest first. */
export async function stormsIn(store: Store, room: string): Promise<Storm[]> {
  const all = await store.list<Storm>({ kind: 'storm', open: true, limit: 100 })
  return all.map((one) => one.value).filter((one) => one.room === room)
}

/**
 * Of the storms that incidents belong to: those of this room that have not passed, and which of the incidents have been
 * on no card yet.
 */
export async function stormsOf(
  store: Store,
  incidents: readonly Incident[],
  room: string,
): Promise<{ standing: Map<string, Storm>; unseen: Set<string> }> {
  const ids = new Set(incidents.flatMap(({ storm }) => storm?.id ?? []))
  const found = await Promise.all([...ids].map((id) => getStorm(store, id)))
  const storms = new Map(found.flatMap((one) => (one ? [[one.value.id, one.value]] : [])))
  const unseen = incidents.filter(({ storm: joined }) => {
    const storm = joined && storms.get(joined.id)
    return storm && !hasCounted(storm, joined.joinedAt)
  })
  const standing = [...storms].filter(([, one]) => one.room === room && one.phase !== 'over')
  return { standing: new Map(standing), unseen: new Set(unseen.map((one) => one.id)) }
}

export function stormWrite(storm: Storm, version: number): Write {
  return {
    key: stormKey(storm.id),
    value: storm,
    version,
    index: { at: storm.since, open: storm.phase !== 'over' },
  }
}

/** Has its members counted anew, and its card brought up to date; however many ask for it, one such job waits. */
export function countJob(id: string, storm: string, dueAt: number): NewJob {
  return { ...stormJob(`storm:${storm}:${id}`, { from: 'storm', storm }), collapse: `storm:${storm}`, dueAt }
}

/** The same for what has changed now. */
export const changedJob = (id: string, storm: Storm, now: number): NewJob =>
  countJob(id, storm.id, nextShown(storm, now))

/** Work on a storm as a whole: a queue of its own, for thousands of trips must not keep their own card waiting. */
export function stormJob(id: string, work: StormWork): NewJob {
  return {
    id,
    queue: QUEUE.storms,
    lane: stormLane(work.storm),
    priority: PRIORITY.alarm,
    payload: work,
  }
}
