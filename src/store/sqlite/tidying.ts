import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../domain/log.ts'
import { StoreError } from '../errors.ts'
import type { Unreadable } from '../unreadable.ts'
import type { Writer } from './writer.ts'

/** How often a round through all chores begins, ms. Seldom: rows that leave together share the pages to be written. */
const EVERY = 20 * 60_000
/** How many times as long as a step took nothing is tidied after it, so that everything else goes on meanwhile. */
const REST = 3

interface Parts {
  writer: Pick<Writer, 'run'>
  /** How many kinds of it there are. */
  chores: number
  /** Told of what a step could not read. */
  unreadable: (blocks: Unreadable[]) => void
  log: Pick<Log, 'warn' | 'error'> | undefined
}

/** Returns what is to be called now and then with the time: it keeps the store from growing, step by step. */
export function createTidying({ writer, chores, unreadable, log }: Parts): (at: number) => void {
  let dueAt = 0
  let isBusy = false

  async function carryOut(chore: number) {
    for (let more = true; more; ) {
      const step = await writer.run({ do: 'tidy', chore })
      more = step.more
      unreadable(step.unreadable)
      await sleep(REST * step.took, undefined, { ref: false })
    }
  }

  async function round() {
    isBusy = true
    for (let chore = 0; chore < chores; chore++) {
      try {
        await carryOut(chore)
      } catch (error) {
        if (error instanceof StoreError) return
        log?.error({ err: error }, 'the store could not be tidied up; it will be tried again')
      }
    }
    isBusy = false
  }

  return (at) => {
    if (isBusy || at < dueAt) return
    dueAt = at + EVERY
    void round()
  }
}
