import type { ChatAnswer } from '../channels/channel.ts'
import type { Store } from '../store/store.ts'

/** A press is answered within this, ms, if only that it is being worked on: the strictest platform gives 2 s in all. */
const DEADLINE = 900
/** How long an answer is waited for, and kept for the same press delivered again, ms. */
const REMEMBERED = 60_000

/** What came of a press; `told` if the decision itself has seen to it that whoever pressed is told by a text. */
export interface Given {
  answer: ChatAnswer
  told: boolean
}

/** What is told to the instances when the presser waits at another than the one that decided. */
const TOPIC = 'answers'
interface Word {
  job: string
  given: Given
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
  const pending = new Map<string, PromiseWithResolvers<Given>>()

  function begin(job: string): Promise<Given> {
    const waiting = Promise.withResolvers<Given>()
    pending.set(job, waiting)
    setTimeout(() => pending.delete(job), REMEMBERED).unref()
    return waiting.promise
  }

  return {
    wait(job) {
      const outcome = pending.get(job)?.promise ?? begin(job)
      return { outcome, inTime: within(DEADLINE, outcome) }
    },
    give(job, answer, told = false) {
      const waiting = pending.get(job)
      const given = { answer, told }
      if (waiting) waiting.resolve(given)
      else store.broadcast(TOPIC, { job, given } satisfies Word)
    },
    hear: () =>
      store.hear(TOPIC, (word) => {
        const { job, given } = word as Word
        pending.get(job)?.resolve(given)
      }),
  }
}

/** The promise's value, or nothing after so many ms. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(resolve, ms)
  return Promise.race([promise, over]).finally(() => clearTimeout(timer))
}
