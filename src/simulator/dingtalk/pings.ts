import { randomUUID } from 'node:crypto'
import type { Core } from './core.ts'
import type { Ack } from './frames.ts'
import { fields } from './read.ts'

/** SYSTEM pings of one socket: sends them at the set interval and checks the echoes. */
export function createPings(core: Core, system: (topic: string, data: object) => string, drop: () => void) {
  const waiting = new Map<string, { opaque: string; echoed: (right: boolean) => void }>()
  let cancel = () => {}

  const ping = () =>
    new Promise<boolean>((resolve) => {
      const opaque = randomUUID()
      waiting.set(system('ping', { opaque }), { opaque, echoed: resolve })
    })
  const schedule = () => {
    cancel = core.timers.after(core.behaviour.pingEvery, () => {
      if (waiting.size > 0 && core.behaviour.dropWithoutEcho) return drop()
      void ping()
      schedule()
    })
  }
  schedule()

  return {
    ping,
    /** Whether the ACK answers a ping; a wrong echo is a broken rule. */
    echoed(ack: Ack): boolean {
      const expected = waiting.get(ack.messageId)
      if (!expected) return false
      waiting.delete(ack.messageId)
      const right = ack.code === 200 && fields(ack.data).opaque === expected.opaque
      if (!right) core.record.violation(`wrong echo to ping: ${JSON.stringify(ack)}`)
      expected.echoed(right)
      return true
    },
    /** No further ones at the set interval. */
    pause: () => cancel(),
    stop() {
      cancel()
      for (const { echoed } of waiting.values()) echoed(false)
      waiting.clear()
    },
  }
}
