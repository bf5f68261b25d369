import { vi } from 'vitest'
import type {
  Job,
  JobHandler,
  JobResult,
  NewJob,
  Store,
  StoreOptions,
  Worker,
} from '../../../src/store/store.ts'

/** One place where a driver keeps its data. */
export interface StoreDriver {
  /** Opens a store on the data that the one before left. */
  open(options: StoreOptions): Promise<Store>
  /** Takes the data away; every store is closed by then. */
  remove(): Promise<void>
}

/** A store under test and the clock it goes by, which stands still unless it is moved. */
export interface World {
  store: Store
  now(): number
  advance(ms: number): void
  /** Closes the store and opens it again on the same data, with other options if given. */
  reopen(options?: StoreOptions): Promise<void>
  end(): Promise<void>
}

export const START = Date.UTC(2026, 0, 1)
export const LEASE = 30_000

export async function createWorld(driver: StoreDriver): Promise<World> {
  let time = START
  const open = (options: StoreOptions = {}) => driver.open({ ...options, now: () => time })
  const world: World = {
    store: await open(),
    now: () => time,
    advance: (ms) => {
      time += ms
    },
    async reopen(options) {
      await world.store.close()
      world.store = await open(options)
    },
    async end() {
      await world.store.close()
      await driver.remove()
    },
  }
  return world
}

/** A job of queue `q` in a lane of its own. */
export function job(id: string, more: Partial<NewJob> = {}): NewJob {
  return { id, queue: 'q', lane: `lane of ${id}`, payload: null, ...more }
}

export interface Recorder extends Worker {
  /** The runs so far, in the order they began. */
  runs: Job[]
  ids(): string[]
}

/** Works a queue, takes down every run, and answers `done` or what the handler says. */
export function record(
  store: Store,
  handler: JobHandler = async () => 'done',
  { queue = 'q', concurrency = 10, lease = LEASE } = {},
): Recorder {
  const runs: Job[] = []
  const worker = store.work(queue, { concurrency, lease }, async (run): Promise<JobResult> => {
    const mark = marks.get(run.id)
    if (!mark) {
      runs.push(run)
      return handler(run)
    }
    mark()
    return 'done'
  })
  return { runs, ids: () => runs.map((run) => run.id), stop: worker.stop }
}

const marks = new Map<string, () => void>()

/**
 * Resolves when everything of a recorded queue that may run now has begun: a job that comes after all has been run, and
 * another one, since a store that others share may let the first overtake what it has handed out already.
 */
export async function quiet(store: Store, queue = 'q'): Promise<void> {
  for (let round = 0; round < 2; round++) await markRun(store, queue)
}

async function markRun(store: Store, queue: string): Promise<void> {
  const id = `mark ${marks.size}`
  const { promise, resolve } = Promise.withResolvers<void>()
  marks.set(id, resolve)
  await store.enqueue([job(id, { queue, priority: -1_000_000 })])
  await promise
}

/** Waits, within 20 s, until something holds. */
export function until(holds: () => boolean | Promise<boolean>): Promise<unknown> {
  return vi.waitUntil(holds, { timeout: 20_000, interval: 2 })
}

/** A handler whose runs do not end before they are told how. */
export function held(): { handler: JobHandler; end(result?: JobResult): void } {
  const { promise, resolve } = Promise.withResolvers<JobResult>()
  return { handler: () => promise, end: (result = 'done') => resolve(result) }
}
