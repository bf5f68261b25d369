import { dateTime, message } from '../domain/message.ts'
import type { Parts } from './parts.ts'
import { adminJob } from './send-jobs.ts'

/** How many pushes could not be kept, and when the first and the last of them came, ms since 1970. */
export interface Refused {
  count: number
  from: number
  to: number
}

/** The pushes that had to be refused while the store was away: an admin is told of them as soon as it is back. */
export interface Refusals {
  note(): void
  /** Those that nobody has been told of yet. */
  standing(): Refused | undefined
  stop(): void
}

/** How often it is tried whether the store is back, ms. */
const TRY_EVERY = 1000

export function createRefusals({
  store,
  metrics,
  log,
  now,
  newId,
}: Pick<Parts, 'store' | 'metrics' | 'log' | 'now' | 'newId'>): Refusals {
  let refused: Refused | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  function add({ count, from, to }: Refused): void {
    refused = { count: count + (refused?.count ?? 0), from, to: Math.max(to, refused?.to ?? to) }
    if (!stopped) timer ??= setTimeout(tell, TRY_EVERY)
  }

  async function tell(): Promise<void> {
    const { count, from, to } = refused!
    refused = undefined
    const text = message('admin.refused', { count, from: dateTime(from), to: dateTime(to) })
    const told = await store.enqueue([adminJob(`refused:${newId()}`, text)]).then(
      () => true,
      () => false,
    )
    timer = undefined
    if (!told) return add({ count, from, to })
    log.warn({ count, from, to }, 'the store is back; pushes were refused while it was away')
  }

  return {
    note() {
      metrics.pushes.inc({ result: 'refused' })
      add({ count: 1, from: refused?.from ?? now(), to: now() })
    },
    standing: () => refused,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
