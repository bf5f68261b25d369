import { Worker } from 'node:worker_threads'
import { StoreError } from '../errors.ts'
import type { Duty, Opening } from './thread.ts'

/** A thread that answers each message with one, in order. */
export interface Thread<Message, Answer> {
  /** How many kinds of tidying up it knows. */
  chores: number
  /** @throws StoreError when the thread has ended, or ends before it answers */
  ask(message: Message): Promise<Answer>
  /** Lets it finish what it was asked for; resolves when it is gone. */
  close(): Promise<void>
}

const SCRIPT = new URL('./thread.ts', import.meta.url)

/** What a thread has for what it needs no longer than a moment, MB: V8 would take all that it is let have, and keep it. */
const YOUNG = 12

/**
 * Starts a thread of the store.
 * @param script for tests: another program for it
 * @param ended is told when it ends without having been closed: nothing can be asked of it any more
 * @throws StoreError with a plain sentence when it cannot do its duty
 */
export async function startThread<Message, Answer>(
  duty: Duty,
  ended: (error: StoreError) => void = () => {},
  script: string | URL = SCRIPT,
): Promise<Thread<Message, Answer>> {
  const worker = new Worker(script, { workerData: duty, resourceLimits: { maxYoungGenerationSizeMb: YOUNG } })
  const asked: PromiseWithResolvers<unknown>[] = []
  let failure: StoreError | undefined
  let isOpen = false
  let isClosing = false
  // From the beginning: a thread that cannot do its duty may be gone by the time that this has been read.
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()))

  function fail(why: string, cause?: unknown) {
    if (failure || isClosing) return
    failure = new StoreError(
      'failed',
      `The thread that works on ${duty.file} has ended (${why}); restart the service.`,
      cause,
    )
    for (const one of asked.splice(0)) one.reject(failure)
    if (isOpen) ended(failure)
  }

  function ask<T>(message: unknown): Promise<T> {
    if (failure) return Promise.reject(failure)
    const answer = Promise.withResolvers<unknown>()
    asked.push(answer)
    if (message !== undefined) worker.postMessage(message)
    return answer.promise as Promise<T>
  }

  worker.on('message', (answers: unknown[]) => {
    for (const answer of answers) asked.shift()?.resolve(answer)
  })
  worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error), error))
  worker.on('exit', (code) => fail(`code ${code}`))
  // It speaks first.
  const opening = await ask<Opening>(undefined)
  if ('code' in opening) {
    isClosing = true
    await gone
    throw new StoreError(opening.code, opening.message)
  }
  isOpen = true
  return {
    chores: opening.chores,
    ask,
    async close() {
      if (failure) return
      isClosing = true
      worker.postMessage(null)
      await gone
    },
  }
}
