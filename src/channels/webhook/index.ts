import { Webhook } from 'standardwebhooks'
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
  const known = new Map(Object.entries(hooks))
  const post = createPost()

  async function send(to: string, notice: Notice, key: string, signal: AbortSignal): Promise<Handed> {
    const hook = known.get(to)
    if (!hook) return { outcome: 'refused', why: `there is no web-hook «${to}» under notify.webhooks` }
    const at = new Date(now())
    const body = JSON.stringify(bodyOf(notice, at))
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'BreakerBot',
      'content-length': String(Buffer.byteLength(body)),
      'webhook-id': key,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(hook.secret).sign(key, at, body),
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

/** What is sent; docs/notify.md describes it. Facts do not hide what is said of every alarm. */
function bodyOf({ event, locale, title, text, thread, facts, isDrill }: Notice, at: Date) {
  const data = Object.entries({ ...facts, title, text, thread, locale, drill: isDrill === true }).map(
    ([name, value]) => [name, typeof value === 'string' ? sound(value) : value],
  )
  return { type: `alarm.${event}`, timestamp: at.toISOString(), data: Object.fromEntries(data) }
}
