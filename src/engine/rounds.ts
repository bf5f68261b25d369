import type { Parts } from './parts.ts'

/** Looks at something now and then; of several instances one does. */
export interface Rounds {
  start(): void
  stop(): Promise<void>
}

/** @param every ms from the end of one look to the next; the first one comes at once */
export function createRounds(
  { store, log, newId }: Pick<Parts, 'store' | 'log' | 'newId'>,
  { name, every }: { name: string; every: number },
  look: () => Promise<void>,
): Rounds {
  const holder = newId()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let stopped = false

  async function round(): Promise<void> {
    if (await store.lease(name, holder, every * 1.5)) await look()
  }

  function plan(pause: number): void {
    timer = setTimeout(() => {
      running = round()
        .catch((error) => log.error({ error: String(error) }, `${name}: looking failed`))
        .finally(() => {
          if (!stopped) plan(every)
        })
    }, pause)
  }

  return {
    start: () => plan(0),
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
      await store.release(name, holder).catch(() => {})
    },
  }
}
