import type { Log } from '../channels/channel.ts'

/** Something that is done again and again, never twice at a time. */
export interface Repeating {
  start(): void
  /** No further one begins; resolves when the one that runs has ended. */
  stop(): Promise<void>
}

/**
 * @param every ms from the end of one to the next; `first`: before the first one, the same if left out
 * @param failed what the log says of one that throws: the next one comes all the same
 */
export function createRepeating(
  log: Log,
  { every, first = every, failed }: { every: number; first?: number; failed: string },
  work: () => Promise<void>,
): Repeating {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let stopped = false

  function plan(pause: number): void {
    timer = setTimeout(() => {
      running = work()
        .catch((error) => log.error({ error: String(error) }, failed))
        .finally(() => {
          if (!stopped) plan(every)
        })
    }, pause)
  }

  return {
    start: () => plan(first),
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
