import type { ChatAnswer } from '../channels/channel.ts'
import type { Store } from '../store/store.ts'

/** How long a platform's press may wait for its answer, ms: the strictest (DingTalk) gives 2 s for the whole way. */
const DEADLINE = 1200
/** How long an answer is kept for the same press delivered again, ms. */
const REMEMBERED = 60_000

/** What is told to the instances when the presser waits at another than the one that decided. */
const TOPIC = 'answers'
interface Word {
  job: string
  answer: ChatAnswer
}

/** Those who pressed a button and wait for what it did. Only in memory: after a restart nobody waits any more. */
export interface Answers {
  /** Resolves with the answer to an event, or empty when it takes too long. A press that comes twice gets one answer. */
  wait(job: string): Promise<ChatAnswer>
  /** To whoever waits for it, here or at another instance. */
  give(job: string, answer: ChatAnswer): void
  /** Hears what other instances give; answers with what ends it. */
  hear(): () => void
}

export function createAnswers(store: Pick<Store, 'broadcast' | 'hear'>): Answers {
  const pending = new Map<string, { answer: Promise<ChatAnswer>; give: (answer: ChatAnswer) => void }>()

  function begin(job: string): Promise<ChatAnswer> {
    const { promise, resolve } = Promise.withResolvers<ChatAnswer>()
    const deadline = setTimeout(resolve, DEADLINE, {})
    const give = (answer: ChatAnswer) => {
      clearTimeout(deadline)
      resolve(answer)
    }
    pending.set(job, { answer: promise, give })
    setTimeout(() => pending.delete(job), REMEMBERED).unref()
    return promise
  }

  return {
    wait: (job) => pending.get(job)?.answer ?? begin(job),
    give(job, answer) {
      const waiting = pending.get(job)
      if (waiting) waiting.give(answer)
      else store.broadcast(TOPIC, { job, answer } satisfies Word)
    },
    hear: () =>
      store.hear(TOPIC, (word) => {
        const { job, answer } = word as Word
        pending.get(job)?.give(answer)
      }),
  }
}
