import { z } from 'zod'
import { ApiError, badRequest, tooMany } from '../errors.ts'
import type { WebhookTarget } from '../webhook.ts'
import type { Method, MethodCall } from './method.ts'

const MAX_LIMIT = 100
const DEFAULT_CONNECTIONS = 40
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

export const getUpdates: Method = async ({ bot, params, signal }) => {
  if (bot.webhook.target()) {
    throw await bot.polling.conflict(
      "Can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )
  }
  const limit = params.integer('limit') ?? MAX_LIMIT
  const allowedUpdates = allowedOf(params.json('allowed_updates'))
  return bot.polling.poll(
    {
      offset: params.integer('offset') ?? 0,
      limit: limit > 0 && limit <= MAX_LIMIT ? limit : MAX_LIMIT,
      timeout: params.integer('timeout') ?? 0,
      ...(allowedUpdates && { allowedUpdates }),
    },
    signal,
  )
}

export const setWebhook: Method = (call) => {
  const { bot, params, describe } = call
  const url = params.string('url')
  if (!url) return deleteWebhook(call)
  const target = targetOf(call, url)
  const allowed = allowedOf(params.json('allowed_updates'))
  const before = bot.webhook.target()
  if (params.boolean('drop_pending_updates')) dropPending(call)
  else if (before && !allowed && JSON.stringify(before) === JSON.stringify(target)) {
    describe('Webhook is already set')
    return true
  }
  countSetting(call)
  bot.polling.interrupt(new ApiError(409, 'Terminated by setWebhook request'))
  if (allowed) bot.updates.allow(allowed)
  bot.webhook.set(target)
  describe('Webhook was set')
  return true
}

/** A second change within one second is refused (seen in the official server). */
function countSetting({ bot, world }: MethodCall) {
  const now = world.clock.now()
  if (now - bot.webhookSetAt < 1000) throw tooMany(1)
  bot.webhookSetAt = now
}

export const deleteWebhook: Method = (call) => {
  const { bot, params, describe } = call
  if (params.boolean('drop_pending_updates')) dropPending(call)
  describe(bot.webhook.target() ? 'Webhook was deleted' : 'Webhook is already deleted')
  bot.webhook.set(undefined)
  return true
}

export const getWebhookInfo: Method = ({ bot }) => {
  const target = bot.webhook.target()
  const allowed = bot.updates.allowed()
  return {
    url: target?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: bot.updates.entries().length,
    ...(target && { max_connections: target.maxConnections }),
    ...(target?.ipAddress && { ip_address: target.ipAddress }),
    ...(allowed && { allowed_updates: allowed }),
    ...bot.webhook.lastError(),
  }
}

/** HTTP is taken as by a local Bot API server, and nothing outside of this machine is ever called. */
function targetOf({ params }: MethodCall, url: string): WebhookTarget {
  const parsed = URL.parse(url)
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw badRequest('Bad webhook: An HTTPS URL must be provided for webhook')
  }
  if (!LOOPBACK.has(parsed.hostname)) {
    throw badRequest('Bad webhook: Failed to resolve host: Name or service not known')
  }
  const secret = params.string('secret_token') ?? ''
  if (secret.length > 256) throw badRequest('Secret token is too long')
  if (!/^[\w-]*$/.test(secret)) throw badRequest('Secret token contains unallowed characters')
  const connections = params.integer('max_connections') ?? DEFAULT_CONNECTIONS
  const ipAddress = params.string('ip_address')
  return {
    url,
    maxConnections: Math.min(Math.max(connections, 1), 100),
    ...(secret && { secret }),
    ...(ipAddress && { ipAddress }),
  }
}

function dropPending({ bot }: MethodCall) {
  for (const entry of bot.updates.entries()) bot.updates.remove(entry)
}

/** Omitted means that the earlier choice stays; what is no list of strings counts as omitted (seen in the official server). */
function allowedOf(value: unknown): string[] | undefined {
  return z.array(z.string()).safeParse(value).data
}
