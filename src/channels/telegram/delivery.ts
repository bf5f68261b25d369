import { z } from 'zod'
import type { Delivery } from '../channel.ts'
import type { ApiFault, ApiResult } from './faults.ts'

const sent = z.object({ message_id: z.number() })

/** The bot may not write there, for whatever reason: only a person can mend that (seen in the official server). */
const CHAT_GONE =
  /chat not found|no write access|not enough rights|chat_write_forbidden|chat was deactivated|peer_id_invalid/i

/** The card cannot be changed any more, and a new one has to be sent (seen in the official server). */
const MESSAGE_GONE =
  /message to edit not found|message can't be edited|no text in the message to edit|message_id_invalid/i

/** What a fault means for a message. Descriptions are matched by their stable parts, as Telegram may reword them. */
export function readDelivery(fault: ApiFault, doing: 'send' | { update: string }): Delivery {
  const why = fault.text
  if (fault.kind === 'unreached') return { outcome: 'later', why }
  // An edit can be repeated without harm, a send cannot: Telegram has no idempotency key.
  if (fault.kind === 'unclear')
    return doing === 'send' ? { outcome: 'unknown', why } : { outcome: 'later', why }
  const code = String(fault.code)
  if (fault.code === 429) {
    const wait = fault.retryAfter === undefined ? {} : { retryAfter: fault.retryAfter }
    return { outcome: 'later', why, code, wholeChat: true, ...wait }
  }
  // Token or address are wrong for now; the message itself is not.
  if (fault.code === 401 || fault.code === 404) return { outcome: 'later', why, code }
  if (fault.movedTo !== undefined) return { outcome: 'refused', why, code, movedTo: fault.movedTo }
  if (doing !== 'send') {
    if (/message is not modified/i.test(why)) return { outcome: 'delivered', message: doing.update }
    if (MESSAGE_GONE.test(why)) return { outcome: 'refused', why, code, gone: 'message' }
  }
  if (fault.code === 403 || CHAT_GONE.test(why)) return { outcome: 'refused', why, code, gone: 'chat' }
  return { outcome: 'refused', why, code }
}

/** What became of something that was sent. */
export function sentOf(answer: ApiResult): Delivery {
  if (!answer.ok) return readDelivery(answer.fault, 'send')
  const message = sent.safeParse(answer.result)
  if (message.success) return { outcome: 'delivered', message: String(message.data.message_id) }
  return { outcome: 'unknown', why: 'sent, but the answer names no message' }
}
