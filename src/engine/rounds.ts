import type { Parts } from './parts.ts'
import { createRepeating, type Repeating } from './repeating.ts'

/**
 * Looks at something now and then; of several instances one does.
 * @param every ms from the end of one look to the next; the first one comes at once
 */
export function createRounds(
  { store, log, newId }: Pick<Parts, 'store' | 'log' | 'newId'>,
  { name, every }: { name: string; every: number },
  look: () => Promise<void>,
): Repeating {
  const holder = newId()
  const repeating = createRepeating(log, { every, first: 0, failed: `${name}: looking failed` }, async () => {
    if (await store.lease(name, holder, every * 1.5)) await look()
  })
  return {
    start: repeating.start,
    async stop() {
      await repeating.stop()
      await store.release(name, holder).catch(() => {})
    },
  }
}
