import type { ChatAnswer } from '../channels/channel.ts'

/** How long a platform's press may wait for its answer, ms: the strictest (DingTalk) gives 2 s for the whole way. */
const DEADLINE = 1200

/** Those who pressed a button and wait for what it did. Only in memory: after a restart nobody waits any more. */
export interface Answers {
  /** Resolves with the answer to an event, or empty when it takes too long. A press that comes twice waits once. */
  wait(job: string): Promise<ChatAnswer>
  isAwaited(job: string): boolean
  give(job: string, answer: ChatAnswer): void
}

export function createAnswers(): Answers {
  const waiting = new Map<string, { answer: Promise<ChatAnswer>; give: (answer: ChatAnswer) => void }>()

  function begin(job: string): Promise<ChatAnswer> {
    const { promise, resolve } = Promise.withResolvers<ChatAnswer>()
    const give = (answer: ChatAnswer) => {
      clearTimeout(timer)
      waiting.delete(job)
      resolve(answer)
    }
    const timer = setTimeout(give, DEADLINE, {})
    waiting.set(job, { answer: promise, give })
    return promise
  }

  return {
    wait: (job) => waiting.get(job)?.answer ?? begin(job),
    isAwaited: (job) => waiting.has(job),
    give: (job, answer) => waiting.get(job)?.give(answer),
  }
}
