import type { ChatAnswer } from '../channels/channel.ts'

/** How long a platform's press may wait for its answer, ms: the strictest (DingTalk) gives 2 s for the whole way. */
const DEADLINE = 1200

/** Those who pressed a button and wait for what it did. Only in memory: after a restart nobody waits any more. */
export interface Answers {
  /** Resolves with the answer to an event, or empty when it takes too long. */
  wait(job: string): Promise<ChatAnswer>
  give(job: string, answer: ChatAnswer): void
}

export function createAnswers(): Answers {
  const waiting = new Map<string, (answer: ChatAnswer) => void>()
  return {
    wait(job) {
      return new Promise((resolve) => {
        const finish = (answer: ChatAnswer) => {
          clearTimeout(timer)
          waiting.delete(job)
          resolve(answer)
        }
        const timer = setTimeout(finish, DEADLINE, {})
        waiting.set(job, finish)
      })
    },
    give: (job, answer) => waiting.get(job)?.(answer),
  }
}
