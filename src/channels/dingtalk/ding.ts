import { z } from 'zod'
import type { Log } from '../channel.ts'
import { createOneWay } from '../kit/one-way.ts'
import { clip, sound, utf16Units } from '../kit/text.ts'
import type { Handed, Way } from '../way.ts'
import { createApi, type OnUse } from './api.ts'
import { deliveryOf, type Failure, SCOPE_MISSING, scopePage } from './errors.ts'
import { createNotices } from './notices.ts'

export interface DingOptions {
  clientId: string
  clientSecret: string
  apiBase: string
  /** Told of each call that counts toward the organisation's monthly quota. */
  onUse?: OnUse
  log: Log
  now?: () => number
  /** ms; tests shorten it. */
  within?: number
}

/** How the person is reached (seen in the official SDK). SMS and calls cost of their own. */
const REMIND = { 'ding-app': 1, 'ding-sms': 2, 'ding-phone': 3 } as const
export type DingName = keyof typeof REMIND

/** No limit is documented; a call and a text are short (our choice), in UTF-16 units. */
const CONTENT_LIMIT = 300
const WITHIN = 10_000

const answer = z.object({ openDingId: z.string().optional(), failedList: z.unknown() })

/**
 * DING in the app, by SMS and by telephone: three ways over one client with one token, which ends when all three
 * have stopped. `to` is a staff id.
 */
export function createDingWays(options: DingOptions): Record<DingName, Way> {
  const { clientId, log, now = Date.now, within = WITHIN, onUse = () => {} } = options
  const ending = new AbortController()
  let open = Object.keys(REMIND).length
  const api = createApi({
    ...options,
    apiBase: options.apiBase.replace(/\/+$/, ''),
    notices: createNotices(log),
    callWithin: within / 2,
    signal: ending.signal,
    onUse,
    // DINGs are rare: nothing is kept open between them.
    headers: { connection: 'close' },
    now,
  })

  const create = (name: DingName): Way =>
    createOneWay({
      name,
      async send(to, { title, text }) {
        const content = clip(sound(contentOf(title, text)), CONTENT_LIMIT, utf16Units)
        const body = { robotCode: clientId, remindType: REMIND[name], receiverUserIdList: [to], content }
        const reply = await api.call('POST', '/v1.0/robot/ding/send', body)
        return reply.ok ? settled(reply.body, to) : failed(reply.failure, clientId)
      },
      close() {
        open--
        if (open === 0) ending.abort()
      },
      secrets: [options.clientSecret],
      within,
      log,
    })
  return {
    'ding-app': create('ding-app'),
    'ding-sms': create('ding-sms'),
    'ding-phone': create('ding-phone'),
  }
}

const contentOf = (title: string, text: string) => (text.includes(title) ? text : `${title}\n${text}`)

/** A 200 may name the person among those that got nothing: as a key, as in the SDK's model, or in a list. */
function settled(body: unknown, user: string): Handed {
  const { openDingId, failedList } = answer.safeParse(body).data ?? {}
  const isFailed = Array.isArray(failedList)
    ? failedList.includes(user)
    : typeof failedList === 'object' && failedList !== null && Object.hasOwn(failedList, user)
  if (!isFailed) return { outcome: 'delivered', ...(openDingId !== undefined && { ref: openDingId }) }
  const why = `DingTalk did not take the DING for «${user}»: check the staff id`
  return { outcome: 'refused', why, code: 'failedList' }
}

/** DINGs have no key of their own at DingTalk: what may be done is not settled. */
function failed(failure: Failure, clientId: string): Handed {
  const delivery = deliveryOf(failure, false)
  if (delivery.outcome === 'delivered' || delivery.outcome === 'unknown')
    return { outcome: 'unknown', why: failure.text }
  const page = delivery.code === SCOPE_MISSING && failure.scopes?.[0]
  const why = page ? `${delivery.why}: ${scopePage(clientId, page)}` : delivery.why
  const code = delivery.code === undefined ? {} : { code: delivery.code }
  if (delivery.outcome === 'refused') return { outcome: 'refused', why, ...code }
  const { retryAfter } = delivery
  return { outcome: 'later', why, ...code, ...(retryAfter !== undefined && { retryAfter }) }
}
