import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../domain/log.ts'
import { StoreError } from '../errors.ts'
import type { Batch } from './batch.ts'

/**
 * One kind of tidying up: does a small step of it, within a transaction, and says whether more is to be done. It
 * must be able to go on wherever it was left, also by the end of the process.
 */
export type Chore = (now: number) => boolean

/** How often a round through all chores begins, ms. Seldom: rows that leave together share the pages to be written. */
const EVERY = 20 * 60_000
/** How many times as long as a step took nothing is tidied after it, so that everything else goes on meanwhile. */
const REST = 3

interface Parts {
  batch: Batch
  chores: Chore[]
  log: Pick<Log, 'warn' | 'error'> | undefined
}

/** Returns what is to be called now and then with the time: it keeps the store from growing, step by step. */
export function createTidying({ batch, chores, log }: Parts): (at: number) => void {
  let dueAt = 0
  let isBusy = false

  async function carryOut(chore: Chore, at: number) {
    for (let more = true; more; ) {
      let took = 0
      more = await batch.run(() => {
        const began = performance.now()
        const answer = chore(at)
        took = performance.now() - began
        return answer
      })
      await sleep(REST * took, undefined, { ref: false })
    }
  }

  async function round(at: number) {
    isBusy = true
    for (const chore of chores) {
      try {
        await carryOut(chore, at)
      } catch (error) {
        if (error instanceof StoreError && error.code === 'closed') return
        log?.error({ err: error }, 'the store could not be tidied up; it will be tried again')
      }
    }
    isBusy = false
  }

  return (at) => {
    if (isBusy || at < dueAt) return
    dueAt = at + EVERY
    void round(at)
  }
}
