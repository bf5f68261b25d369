import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { pause } from '../kit/waiting.ts'
import type { Client } from './client.ts'
import { ALLOWED_UPDATES, type Take, updateShape } from './router.ts'
import type { Step, Trouble } from './supervise.ts'

/** The receiving end of Telegram's pushes, to be put behind a POST route. */
export interface TelegramWebhook {
  /** Where Telegram is told to push to: `/telegram/…`. */
  readonly path: string
  /** Takes the parsed JSON body. Resolves with the HTTP status; the answer's body stays empty. Never rejects. */
  receive(headers: Record<string, string | string[] | undefined>, body: unknown): Promise<number>
}

export interface WebhookOptions {
  client: Client
  token: string
  /** The public `https://…` in front of {@link TelegramWebhook.path}; ports 443, 80, 88, 8443 (documented). */
  publicUrl: string
  /** True where Telegram is told where to push to; false where its pushes are only taken. */
  announces: boolean
  now: () => number
  /** Undefined as long as nothing can be taken. */
  take: () => Take | undefined
}

/** How often Telegram is asked whether its pushes arrive, ms (our choice). */
const CHECK_EVERY = 60_000
/** An error of the last push counts as present for so long, ms (Telegram repeats after at most 120 s, seen in the server). */
const ERROR_LASTS = 150_000

const HEADER = 'x-telegram-bot-api-secret-token'

const webhookInfo = z.object({
  url: z.string(),
  last_error_date: z.number().optional(),
  last_error_message: z.string().optional(),
})

/** Where the pushes for a bot arrive: the same at every instance. */
export const webhookPath = (token: string): string => `/telegram/${derive(token, 'path')}`

export function createWebhook(options: WebhookOptions): TelegramWebhook & { step: Step } {
  const { client, token, publicUrl, announces, now, take } = options
  const path = webhookPath(token)
  const secret = derive(token, 'secret')
  const url = publicUrl.replace(/\/+$/, '') + path
  let set = false
  // After trouble the next look follows at once, so that health tells soon when all is well again.
  let proven = false

  async function setWebhook(): Promise<Trouble | undefined> {
    const request = { url, secret_token: secret, allowed_updates: ALLOWED_UPDATES }
    const answer = await client.call('setWebhook', request)
    if (!answer.ok) return answer.fault
    set = true
    return undefined
  }

  async function check(): Promise<Trouble | undefined> {
    const answer = await client.call('getWebhookInfo', {})
    if (!answer.ok) return answer.fault
    const info = webhookInfo.safeParse(answer.result)
    if (!info.success) return { kind: 'unclear', text: 'getWebhookInfo cannot be read' }
    set = info.data.url === url
    const { last_error_date: failedAt = 0, last_error_message: why } = info.data
    if (!set || now() - failedAt * 1000 > ERROR_LASTS) return undefined
    return {
      kind: 'hindered',
      text: `Telegram cannot reach our webhook, check its public address: ${why ?? 'no reason given'}.`,
    }
  }

  return {
    path,
    async step() {
      if (proven) await pause(CHECK_EVERY, client.stopped)
      proven = !announces
      if (!announces) return undefined
      const trouble = set ? await check() : await setWebhook()
      proven = set && trouble === undefined
      return trouble
    },
    async receive(headers, body) {
      if (!sameSecret(headers[HEADER], secret)) return 401
      const update = updateShape.safeParse(body)
      if (!update.success) return 400
      const taker = take()
      if (!taker || client.stopped.aborted) return 503
      return taker(update.data).then(
        () => 200,
        () => 503,
      )
    },
  }
}

/** Not to be guessed without the token, and the same after every restart. Fits `secret_token` (A-Za-z0-9_-). */
function derive(token: string, purpose: string): string {
  return createHmac('sha256', token).update(`telegram webhook ${purpose}`).digest('base64url')
}

/** In constant time; both sides are hashed first, so that not even the length shows. */
function sameSecret(given: string | string[] | undefined, secret: string): boolean {
  if (typeof given !== 'string') return false
  const digest = (text: string) => createHmac('sha256', secret).update(text).digest()
  return timingSafeEqual(digest(given), digest(secret))
}
