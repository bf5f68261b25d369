import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance } from 'fastify'

/** A chat platform that calls us. */
export interface Webhook {
  /** `/telegram/<secret path>` */
  path: string
  /** Answers with the HTTP status to give. */
  receive(headers: IncomingHttpHeaders, body: unknown): Promise<number>
}

export interface WebhookParts {
  webhooks: readonly Webhook[]
}

/** Updates are far larger than pushes. */
const MAX_UPDATE = 1024 * 1024

export function webhookRoutes({ webhooks }: WebhookParts) {
  return async (app: FastifyInstance): Promise<void> => {
    for (const webhook of webhooks) {
      app.post(webhook.path, { bodyLimit: MAX_UPDATE }, async (request, reply) => {
        const status = await webhook.receive(request.headers, parsed(request.body))
        return reply.code(status).send()
      })
    }
  }
}

function parsed(body: unknown): unknown {
  try {
    return typeof body === 'string' ? JSON.parse(body) : undefined
  } catch {
    return undefined
  }
}
