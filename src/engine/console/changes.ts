import type { Store, Write } from '../../store/store.ts'

/** Something that looks different now, as it is told to those who look on. */
export interface Change {
  kind: (typeof KINDS)[number]
  id: string
  version: number
  /** Where it is: of a breaker's own, and of what belongs to rooms. */
  breaker?: string
  rooms?: string[]
}

/** Of a session only those hear who serve it: it may have ended. */
const KINDS = ['breaker', 'incident', 'alarm', 'run', 'storm', 'session'] as const
const TOPIC = 'changes'
/** What changes within so many ms is told together. */
const GATHER = 100

/** The same store, which tells all instances what each commit has changed. */
export function announcing(store: Store): Store {
  let gathered = new Map<string, Change>()

  function tell(): void {
    const changes = [...gathered.values()]
    gathered = new Map()
    store.broadcast(TOPIC, changes)
  }

  function gather(writes: readonly Write[]): void {
    const changes = writes.flatMap((one) => changeOf(one) ?? [])
    if (changes.length > 0 && gathered.size === 0) setTimeout(tell, GATHER).unref()
    for (const one of changes) gathered.set(`${one.kind}/${one.id}`, one)
  }

  const commit: Store['commit'] = async (all) => {
    const result = await store.commit(all)
    if (result === 'ok') gather(all.writes ?? [])
    return result
  }
  // All else is the store's own, also where somebody puts another in its place.
  return Object.assign(Object.create(store) as Store, { commit })
}

function changeOf({ key, value, version }: Write): Change | undefined {
  const slash = key.indexOf('/')
  const kind = KINDS.find((one) => one === key.slice(0, slash))
  if (!kind) return undefined
  const id = key.slice(slash + 1)
  const { breaker, room, rooms } = (value ?? {}) as { breaker?: string; room?: string; rooms?: string[] }
  return {
    kind,
    id,
    version: version + 1,
    ...(kind === 'breaker' ? { breaker: id } : breaker !== undefined && { breaker }),
    ...(rooms ? { rooms } : room !== undefined && { rooms: [room] }),
  }
}

/** Hears what changes, at whichever instance; answers with what ends it. */
export function hearChanges(store: Pick<Store, 'hear'>, listener: (changes: Change[]) => void): () => void {
  return store.hear(TOPIC, (word) => listener(word as Change[]))
}
