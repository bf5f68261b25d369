import type { Incident } from '../domain/incident.ts'
import { nextShown, type Storm } from '../domain/storm.ts'
import type { NewJob, Store, Versioned, Write } from '../store/store.ts'
import { PRIORITY, QUEUE, type StormWork, stormLane } from './work.ts'

export const stormKey = (id: string): string => `storm/${id}`

export function getStorm(store: Store, id: string): Promise<Versioned<Storm> | undefined> {
  return store.get<Storm>(stormKey(id))
}

/** The storms of a room that have not passed, newest first. */
export async function stormsIn(store: Store, room: string): Promise<Storm[]> {
  const all = await store.list<Storm>({ kind: 'storm', open: true, limit: 100 })
  return all.map((one) => one.value).filter((one) => one.room === room)
}

/** The storms of this room that have not passed, of those that incidents belong to. */
export async function standingStorms(
  store: Store,
  incidents: readonly Incident[],
  room: string,
): Promise<Map<string, Storm>> {
  const ids = new Set(incidents.flatMap(({ storm }) => storm?.id ?? []))
  const found = await Promise.all([...ids].map((id) => getStorm(store, id)))
  const standing = found.flatMap((one) => one?.value ?? []).filter((one) => one.phase !== 'over')
  return new Map(standing.filter((one) => one.room === room).map((one) => [one.id, one]))
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
