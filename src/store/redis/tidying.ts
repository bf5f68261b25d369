import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../domain/log.ts'
import type { Report } from '../found.ts'
import type { Keep } from '../keep.ts'
import { ageAll, REST } from './ageing.ts'
import type { Caller } from './caller.ts'

/** How often a round begins, ms. */
const EVERY = 20 * 60_000
/** How long after the start the first one begins, ms: there is more urgent work then. */
const FIRST_AFTER = 60_000
/** How many of a kind one step drops at most. */
const STEP = 200

interface Parts {
  caller: Caller
  prefix: string
  instance: string
  keep: Keep
  report: Report
  log: Pick<Log, 'error'> | undefined
}

/** Returns what is to be called now and then with the time: one of all instances keeps the store from growing. */
export function createTidying({ caller, prefix, instance, keep, report, log }: Parts): (at: number) => void {
  let dueAt: number | undefined
  let isBusy = false

  async function round(at: number): Promise<void> {
    const { held } = await caller.call(
      'lease',
      { name: 'tidying', holder: instance, ttl: EVERY / 2 },
      'shared',
    )
    if (!held) return
    while (await forget(at)) await sleep(REST)
    await ageAll({ caller, prefix, keep, report }, at)
    await caller.call('lease', { name: 'tidying', holder: instance, ttl: 0 }, 'shared')
  }

  async function forget(at: number): Promise<boolean> {
    const documents = Object.entries(keep.documents).map(([kind, time]) => ({ kind, before: at - time }))
    const ask = { limit: STEP, dead: at - keep.deadJobs, audit: at - keep.audit, documents }
    return (await caller.call('forget', ask)).more === true
  }

  return (at) => {
    dueAt ??= at + FIRST_AFTER
    if (isBusy || at < dueAt) return
    dueAt = at + EVERY
    isBusy = true
    round(at)
      .catch((error) => {
        if (!caller.isClosed())
          log?.error({ err: error }, 'the store could not be tidied up; it will be tried again')
      })
      .finally(() => {
        isBusy = false
      })
  }
}
