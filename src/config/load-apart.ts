import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Loaded } from './load.ts'

/** MB: more makes it no faster, and V8 would take it. */
const YOUNG = 48

/**
 * The same as `loadConfig` with the environment of the process, on a thread of its own: with thousands of breakers it
 * takes a second or two and much memory, and neither is to be the service's. Never rejects.
 */
export async function loadConfigApart(file: string): Promise<Loaded> {
  const thread = new Worker(new URL('./load-thread.ts', import.meta.url), {
    workerData: file,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
  })
  try {
    const [loaded] = await once(thread, 'message')
    return loaded as Loaded
  } catch (error) {
    return { ok: false, faults: [{ path: file, problem: `cannot be read: ${error}` }] }
  }
}
