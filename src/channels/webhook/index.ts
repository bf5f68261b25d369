import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Log } from '../../domain/log.ts'
import { isUnwritten, readNetworkError } from '../kit/network.ts'
import { createOneWay } from '../kit/one-way.ts'
import { sound } from '../kit/text.ts'
import type { Handed, Notice, Way } from '../way.ts'
import { handedOf } from './outcome.ts'
import { createPost } from './post.ts'

export interface WebhookOptions {
  /** By name. `secret`: `whsec_` and base64. */
  hooks: Readonly<Record<string, { url: string; secret: string }>>
  log: Log
  now?: () => number
  /** ms; tests shorten it. */
  within?: number
}

/** The specification asks for 15 to 30 s; ours is shorter, for the next way waits. */
const WITHIN = 10_000

/** Signed calls to other systems, after the Standard Webhooks specification. `to` is a web-hook's name. */
export function createWebhookWay({ hooks, log, now = Date.now, within = WITHIN }: WebhookOptions): Way {
  const known = new Map(
    Object.entries(hooks).map(([name, { url, secret }]) => [name, { url, key: keyOf(secret) }]),
  )
  const post = createPost()

  async function send(to: string, notice: Notice, key: string, signal: AbortSignal): Promise<Handed> {
    const hook = known.get(to)
    if (!hook) return { outcome: 'refused', why: `there is no web-hook «${to}» under notify.webhooks` }
    const at = new Date(now())
    const body = JSON.stringify(bodyOf(notice, at))
    const timestamp = String(Math.floor(at.getTime() / 1000))
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'BreakerBot',
      'content-length': String(Buffer.byteLength(body)),
      'webhook-id': key,
      'webhook-timestamp': timestamp,
      'webhook-signature': signature(hook.key, `${key}.${timestamp}.${body}`),
    }
    return call(hook.url, headers, body, signal)
  }

  async function call(...request: Parameters<typeof post.send>): Promise<Handed> {
    const [url, , , signal] = request
    const { host } = new URL(url)
    try {
      // The status says all; what else comes is not waited for.
      const { status, retryAfter } = await post.send(...request)
      return handedOf(status, retryAfter, host, now())
    } catch (error) {
      if (signal.aborted) return { outcome: 'unknown', why: `no answer from ${host} in time` }
      const { code = '', text } = readNetworkError(error)
      const why = `connection to ${host} failed: ${text}`
      return isUnwritten(code) ? { outcome: 'later', why, code } : { outcome: 'unknown', why }
    }
  }

  const secrets = Object.values(hooks).flatMap(({ secret, url }) => [secret, url])
  return createOneWay({ name: 'webhook', send, close: post.close, secrets, within, log })
}

/** The secret's bytes, as the specification writes it; made ready once, which costs more than a signature. */
const keyOf = (secret: string): KeyObject =>
  createSecretKey(Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))

/** Of the specification's one symmetric kind. Its library does the same in JavaScript, which costs five times as much. */
function signature(key: KeyObject, text: string): string {
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}

/** What is sent; docs/notify.md describes it. Facts do not hide what is said of every alarm. */
function bodyOf({ event, locale, title, text, thread, facts, isDrill }: Notice, at: Date) {
  const data = Object.entries({ ...facts, title, text, thread, locale, drill: isDrill === true }).map(
    ([name, value]) => [name, typeof value === 'string' ? sound(value) : value],
  )
  return { type: `alarm.${event}`, timestamp: at.toISOString(), data: Object.fromEntries(data) }
}
