import type { Log } from '../../domain/log.ts'
import { type Backlog, PURGE_STEP } from './backlog.ts'
import type { Batch } from './batch.ts'

/** How often ids of finished jobs are forgotten, ms. */
const EVERY = 60_000

interface Parts {
  batch: Batch
  backlog: Backlog
  /** How long they are remembered, ms. */
  rememberDone: number
  log: Pick<Log, 'warn' | 'error'> | undefined
}

/** Returns what is to be called now and then with the time: it forgets what need not be remembered, step by step. */
export function createTidying({ batch, backlog, rememberDone, log }: Parts): (at: number) => void {
  let dueAt = 0

  async function tidy(at: number) {
    try {
      const forgotten = await batch.run(() => backlog.purge(at - rememberDone, at))
      if (forgotten === PURGE_STEP) dueAt = at
    } catch (error) {
      log?.error({ err: error }, 'ids of finished jobs could not be forgotten')
    }
  }

  return (at) => {
    if (at < dueAt) return
    dueAt = at + EVERY
    void tidy(at)
  }
}
