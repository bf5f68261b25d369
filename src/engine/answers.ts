import type { ChatAnswer } from '../channels/channel.ts'
import type { Store } from '../store/store.ts'
import { createRendezvous } from './rendezvous.ts'

/** A press is answered within this, ms, if only that it is being worked on: the strictest platform gives 2 s in all. */
const DEADLINE = 900

/** What came of a press; `told` if the decision itself has seen to it that whoever pressed is told by a text. */
export interface Given {
  answer: ChatAnswer
  told: boolean
}

export interface Waiting {
  /** Resolves with what came of the press, or with nothing as soon as it has taken too long. */
  inTime: Promise<Given | undefined>
  /** Resolves with it however long it takes, up to a minute; then never. */
  outcome: Promise<Given>
}

/** Those who pressed a button and wait for what it did. Only in memory: after a restart nobody waits any more. */
export interface Answers {
  /** Waits for what comes of an event. A press that comes twice gets one answer. */
  wait(job: string): Waiting
  /** To whoever waits for it, here or at another instance. */
  give(job: string, answer: ChatAnswer, told?: boolean): void
  /** Hears what other instances give; answers with what ends it. */
  hear(): () => void
}

export function createAnswers(store: Pick<Store, 'broadcast' | 'hear'>): Answers {
  const { wait, give, hear } = createRendezvous<Given>(store, 'answers')
  return {
    wait(job) {
      const outcome = wait(job)
      return { outcome, inTime: within(DEADLINE, outcome) }
    },
    give: (job, answer, told = false) => give(job, { answer, told }),
    hear,
  }
}

/** The promise's value, or nothing after so many ms. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(resolve, ms)
  return Promise.race([promise, over]).finally(() => clearTimeout(timer))
}
