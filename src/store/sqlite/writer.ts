import type { Log } from '../../domain/log.ts'
import { StoreError } from '../errors.ts'
import type { WriteRow } from './documents.ts'
import type { Asked, Outcome, Requests, TeamOrder, Turn, TurnAnswer } from './protocol.ts'
import type { Thread } from './threads.ts'

/** What a transaction that is on disk means for those who run jobs. */
export type Settled = Pick<Extract<TurnAnswer, { claimed: unknown }>, 'claimed' | 'lost'>

/** How many operations share a transaction at most: a few milliseconds of answering them in one turn. */
const MOST = 128

/**
 * Group commit: what is asked for in one turn of the event loop, and while the transaction before is under way, shares
 * one message to the writing thread, one transaction and one sync to disk.
 */
export interface Writer {
  /** Resolves with the answer when it is on disk. An operation that fails rejects alone, a transaction all of its own. */
  run<K extends keyof Requests>(operation: Asked<K>): Promise<Requests[K]['answer']>
  /** From now on the team gets claims. */
  start(order: TeamOrder): void
  /** Resolves when it can get no more. */
  stop(team: number): Promise<void>
  /** Asks for a transaction even if nothing else does. */
  poke(): void
  /** When there is something to do before anybody asks; Infinity if never. */
  nextAt(): number
  /** Carries out what was asked for and refuses anything more. */
  close(): Promise<void>
}

interface Pending {
  operation: Asked
  resolve(answer: unknown): void
  reject(error: unknown): void
}

interface Parts {
  thread: Pick<Thread<Turn, TurnAnswer>, 'ask'>
  now: () => number
  /** A commit is on disk; told before anybody learns of it, and before any job runs that it has brought. */
  written(writes: WriteRow[]): void
  /** Those who asked have been answered, too. */
  settled(turn: Settled): void
  log: Pick<Log, 'error'> | undefined
}

export function createWriter({ thread, now, written, settled, log }: Parts): Writer {
  const pending: Pending[] = []
  let started: TeamOrder[] = []
  let stopped: { team: number; resolve(): void }[] = []
  let isWanted = false
  let underWay = 0
  let closed = false
  let nextAt = Number.NEGATIVE_INFINITY
  let idle: PromiseWithResolvers<void> | undefined

  function poke() {
    if (!isWanted) setImmediate(flush)
    isWanted = true
  }

  function flush() {
    isWanted = false
    const operations = pending.splice(0, MOST)
    const stopping = stopped
    const turn: Turn = {
      at: now(),
      started,
      stopped: stopping.map(({ team }) => team),
      operations: operations.map(({ operation }) => operation),
    }
    started = []
    stopped = []
    if (pending.length > 0) poke()
    underWay++
    void carryOut(turn, operations).then(() => {
      for (const { resolve } of stopping) resolve()
    })
  }

  async function carryOut(turn: Turn, operations: Pending[]) {
    const answer = await thread.ask(turn).catch((error): TurnAnswer => ({ failed: error }))
    underWay--
    if ('failed' in answer) {
      nextAt = Number.NEGATIVE_INFINITY
      log?.error({ err: answer.failed }, 'a transaction of the store failed')
      for (const { reject } of operations) reject(answer.failed)
    } else {
      nextAt = answer.nextAt
      answer.outcomes.forEach((outcome, n) => {
        const { operation } = operations[n]!
        if (operation.do === 'commit' && outcome.ok && outcome.answer === 'written')
          written(operation.rows.writes)
        tell(operations[n]!, outcome)
      })
      settled(answer)
    }
    if (underWay === 0 && !isWanted) idle?.resolve()
  }

  return {
    run<K extends keyof Requests>(operation: Asked<K>) {
      if (closed) return Promise.reject(new StoreError('closed', 'The store is closed.'))
      const { promise, resolve, reject } = Promise.withResolvers<Requests[K]['answer']>()
      pending.push({ operation: operation as Asked, resolve: resolve as Pending['resolve'], reject })
      poke()
      return promise
    },
    start(order) {
      started.push(order)
      poke()
    },
    stop(team) {
      const { promise, resolve } = Promise.withResolvers<void>()
      stopped.push({ team, resolve })
      poke()
      return promise
    },
    poke() {
      if (!closed) poke()
    },
    nextAt: () => nextAt,
    async close() {
      closed = true
      idle ??= Promise.withResolvers()
      if (underWay === 0 && !isWanted) idle.resolve()
      await idle.promise
    },
  }
}

function tell({ resolve, reject }: Pending, outcome: Outcome) {
  if (outcome.ok) resolve(outcome.answer)
  else reject(outcome.error)
}
