import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Unreadable } from '../unreadable.ts'
import type { Ask, Page, Readings } from './reading.ts'
import type { Duty } from './thread.ts'
import { startThread, type Thread } from './threads.ts'

/** What may take long to read: done by a thread that is started when it is first needed, and taken over page by page. */
export interface LongReads {
  read<K extends keyof Readings>(name: K, ...given: Parameters<Readings[K]>): Promise<ReturnType<Readings[K]>>
  close(): Promise<void>
}

/**
 * @param unreadable told of what could not be read
 * @param begun the thread, where it was needed before
 */
export function createLongReads(
  duty: Duty,
  unreadable: (blocks: Unreadable[]) => void,
  begun: Thread<Ask, Page> | undefined,
): LongReads {
  let thread = begun && Promise.resolve(begun)

  return {
    async read<K extends keyof Readings>(name: K, ...given: Parameters<Readings[K]>) {
      thread ??= startThread<Ask, Page>(duty)
      const { ask } = await thread
      const rows: unknown[] = []
      for (let next: Ask | undefined = { read: name, given } as Ask; next; ) {
        const page: Page = await ask(next)
        if ('failed' in page) throw page.failed
        if (page.unreadable) unreadable(page.unreadable)
        rows.push(...page.rows)
        next = page.more === undefined ? undefined : { more: page.more }
        if (next) await nextTurn()
      }
      return rows as ReturnType<Readings[K]>
    },
    async close() {
      await (await thread?.catch(() => undefined))?.close()
    },
  }
}
