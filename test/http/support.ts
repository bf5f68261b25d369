import { createMetrics } from '../../src/engine/metrics.ts'
import type { PushAnswer } from '../../src/engine/pushes.ts'
import { createServer, type ServerParts } from '../../src/http/server.ts'
import type { Webhook } from '../../src/http/webhook-routes.ts'
import { createLog } from '../../src/log.ts'

export const TOKEN = 'x'.repeat(128)

/** The service's HTTP face over an engine that answers each push with `take`. */
export function serverFor(
  take: (body: unknown, raw: string) => Promise<PushAnswer>,
  webhooks: Webhook[] = [],
  more: Pick<ServerParts, 'energyTable' | 'limits' | 'api'> = {},
) {
  const log: string[] = []
  const kept: string[] = []
  const app = createServer({
    log: createLog({ write: (line) => log.push(line) }),
    metrics: createMetrics(),
    pushes: {
      take,
      async keepUnreadable(raw) {
        kept.push(raw)
      },
      unreadable: () => kept.length,
      spooled: () => undefined,
      refused: () => undefined,
    },
    pushToken: TOKEN,
    webhooks,
    ...more,
    readiness: async () => ({ ready: true, store: { ok: true }, channels: {}, jobs: {}, unreadable: 0 }),
  })
  return { app, log, kept }
}
