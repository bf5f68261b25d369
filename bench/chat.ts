import { setTimeout as delay } from 'node:timers/promises'
import type { StubMessage, TelegramStub } from './telegram-stub.ts'

export type Seen = StubMessage & { at: number }

/** What a chat has been sent, with the times. */
export interface Chat {
  /** The first that fits. @throws when it does not come in five minutes */
  until(what: string, fits: (one: Seen) => boolean): Promise<Seen>
  count(method: StubMessage['method']): number
}

const PATIENCE = 300_000

/** Keeps what `stub` is sent from now on. */
export function watchChat(stub: TelegramStub): Chat {
  const seen: Seen[] = []
  stub.onMessage((message) => seen.push({ ...message, at: performance.now() }))
  return {
    async until(what, fits) {
      const patience = performance.now() + PATIENCE
      for (let next = 0; ; ) {
        for (; next < seen.length; next++) if (fits(seen[next]!)) return seen[next]!
        if (performance.now() > patience) throw new Error(`waited in vain for ${what}`)
        await delay(1)
      }
    },
    count: (method) => seen.filter((one) => one.method === method).length,
  }
}
