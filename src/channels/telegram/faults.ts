import { TelegramError } from 'telegraf'
import { z } from 'zod'
import { isUnwritten } from '../kit/network.ts'
import { excerpt, inText } from '../kit/text.ts'

/**
 * Why a call to the Bot API brought nothing.
 * - `refused`: Telegram read it and said no. `retryAfter` in ms.
 * - `unreached`: it surely was not carried out. `answered`: something on the way, or Telegram itself, turned it away,
 *   which may be for what it carries.
 * - `unclear`: it may have been carried out (no answer in time, connection lost after writing, half an answer).
 */
export type ApiFault =
  | { kind: 'refused'; code: number; text: string; retryAfter?: number; movedTo?: string }
  | { kind: 'unreached'; text: string; answered?: true }
  | { kind: 'unclear'; text: string }

export type ApiResult = { ok: true; result: unknown } | { ok: false; fault: ApiFault }

/** A longer pause is none that Telegram would ask for, s. */
const MOST_WAIT = 24 * 3600

/** `{ok: false, …}` of the Bot API (documented). */
const refusal = z.object({
  error_code: z.number(),
  description: z.string(),
  parameters: z
    .object({
      retry_after: z.number().min(0).max(MOST_WAIT).optional().catch(undefined),
      migrate_to_chat_id: z.int().optional().catch(undefined),
    })
    .optional(),
})

/** node-fetch's error as telegraf passes it on (seen in node-fetch 2.7). */
const fetchError = z.object({ message: z.string(), type: z.string().optional(), code: z.string().optional() })

/** Reads what telegraf threw. Whatever text it carries is made safe by {@link redact}. */
export function readFault(error: unknown, token: string): ApiFault {
  if (error instanceof TelegramError) return readRefusal(error.response, token)
  const parsed = fetchError.safeParse(error)
  if (!parsed.success) return { kind: 'unclear', text: redact(inText(error), token) }
  const { message, type, code = '' } = parsed.data
  // Of a name with several addresses node-fetch gives no reason.
  const text = redact(message.includes(code) ? message : `${message} ${code}`, token)
  if (type === 'aborted') return { kind: 'unclear', text: 'no answer in time' }
  // telegraf hides the status of an answer that is not JSON. A page of HTML is a proxy's or a wrong server's;
  // anything else may be the torn answer to a call that was carried out (inferred).
  if (type === 'invalid-json' && /Unexpected token '?</.test(message)) {
    return { kind: 'unreached', text: 'a web page answered in place of the Bot API', answered: true }
  }
  const unwritten = code === '' ? /socks|proxy/i.test(message) : isUnwritten(code)
  return { kind: unwritten ? 'unreached' : 'unclear', text }
}

function readRefusal(response: unknown, token: string): ApiFault {
  const parsed = refusal.safeParse(response)
  if (!parsed.success) return { kind: 'unclear', text: 'the answer is not of the Bot API' }
  const { error_code: code, description, parameters } = parsed.data
  const text = redact(description, token)
  // A gateway that gave up waiting cannot say what became of the call; with any other code it was turned away (inferred).
  if (code === 504) return { kind: 'unclear', text: `HTTP ${code} ${text}` }
  if (code >= 500) return { kind: 'unreached', text: `HTTP ${code} ${text}`, answered: true }
  const { retry_after: seconds, migrate_to_chat_id: movedTo } = parameters ?? {}
  return {
    kind: 'refused',
    code,
    text,
    ...(seconds !== undefined && { retryAfter: seconds * 1000 }),
    ...(movedTo !== undefined && { movedTo: String(movedTo) }),
  }
}

/** What may be told of a text without the bot's token, which telegraf leaves in the error of an answer that is not JSON. */
export function redact(text: string, token: string): string {
  return excerpt(text.replaceAll(token, '<token>').replace(/bot\d+:[\w-]+/g, 'bot<token>'))
}
