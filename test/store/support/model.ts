import type { Commit, NewJob, Write } from '../../../src/store/store.ts'

interface ModelJob {
  id: string
  priority: number
  collapse: string | undefined
  waiting: boolean
}

/** What a store must know after some commits, in the plainest words. */
export interface StoreModel {
  apply(commit: Commit): 'ok' | 'conflict' | 'refused'
  /** Key, value and version of indexed state, the newest first. */
  list(open?: boolean): { key: string; value: unknown; version: number }[]
  /** Ids of the waiting jobs in the order in which they are to run. */
  waiting(): string[]
  /** What was done, from the first on. */
  audit: string[]
}

export function createStoreModel(): StoreModel {
  const documents = new Map<string, Write>()
  const jobs: ModelJob[] = []
  const audit: string[] = []
  const named = (id: string) => jobs.find((job) => job.id === id)

  function write(change: Write) {
    if (change.value === null) documents.delete(change.key)
    else documents.set(change.key, { ...change, version: change.version + 1 })
  }

  function end(id: string) {
    const job = named(id)
    if (job) job.waiting = false
  }

  function add({ id, priority = 0, collapse }: NewJob) {
    const alike = collapse !== undefined && jobs.some((job) => job.waiting && job.collapse === collapse)
    if (!alike && !named(id)) jobs.push({ id, priority, collapse, waiting: true })
  }

  return {
    audit,
    apply({ writes = [], jobs: added = [], cancel = [], audit: entries = [], done, takes }) {
      if (done !== undefined && !named(done)) return 'refused'
      if (done !== undefined && !named(done)?.waiting) return 'ok'
      if (writes.some(({ key, version }) => (documents.get(key)?.version ?? 0) !== version)) return 'conflict'
      if (takes && named(takes.id)) return 'conflict'
      writes.forEach(write)
      if (takes) jobs.push({ ...takes, priority: 0, collapse: undefined, waiting: false })
      if (done !== undefined) end(done)
      cancel.forEach(end)
      added.forEach(add)
      audit.push(...entries.map(({ what }) => what))
      return 'ok'
    },
    list(open) {
      return [...documents.values()]
        .filter(({ index }) => open === undefined || index?.open === open)
        .sort((a, b) => b.index!.at - a.index!.at || (a.key < b.key ? 1 : -1))
        .map(({ key, value, version }) => ({ key, value, version }))
    },
    waiting: () =>
      jobs
        .filter((job) => job.waiting)
        .sort((a, b) => b.priority - a.priority)
        .map(({ id }) => id),
  }
}
