import type { Delivery } from '../channel.ts'
import { excerpt } from '../kit/text.ts'

/** What became of a command. `unsent`: nothing was written; `lost`: it was, but no answer came. */
export type Reply =
  | { kind: 'answered'; code: number; text: string; body?: unknown }
  | { kind: 'unsent' }
  | { kind: 'lost'; why: string }

type Sentence =
  /** `pauses` in ms, by how many times in a row; the last one repeats. `tries`: refused from that time on. */
  | { outcome: 'later'; pauses: number[]; wholeChat?: true; tries?: number }
  | { outcome: 'refused'; gone?: 'chat'; hint?: string }

const minute = 60_000
const gone: Sentence = { outcome: 'refused', gone: 'chat' }

/** The card's content is at fault, not the message: the same facts go as text. */
const CARD_FAULTS = [42039, 42045, 42049]
/** The task_id was used before. As its form was checked, it was used by this very card (seen by many). */
const CARD_IS_THERE = 42014
/** The content has offended the anti-spam check (seen by one): the same is refused again. */
const OFFENCE = 40201
export const NOT_SUBSCRIBED = 846609
export const BAD_CREDENTIALS = 853000
const TOO_OFTEN = 846607

/** Codes that mean more than «refused for good», as seen on live tenants unless said otherwise. */
const SENTENCES: Record<number, Sentence> = {
  [-1]: { outcome: 'later', pauses: [1_000, 2_000, 4_000] }, // documented: system busy
  [NOT_SUBSCRIBED]: { outcome: 'later', pauses: [2_000], wholeChat: true },
  [BAD_CREDENTIALS]: { outcome: 'later', pauses: [minute], wholeChat: true },
  [TOO_OFTEN]: { outcome: 'later', pauses: [5_000, 15_000, 30_000, minute], wholeChat: true },
  45009: { outcome: 'later', pauses: [minute], wholeChat: true }, // documented: frequency
  45033: { outcome: 'later', pauses: [2_000] }, // documented: concurrency
  93001: gone, // documented
  93006: gone,
  93008: gone,
  [OFFENCE]: { outcome: 'refused', hint: 'the anti-spam check took offence at the content' },
}

/** Wrong or missing parameters (documented as 40058, 41xxx, 47001 and the like), and answers to what we do not ask. */
const isFinal = (code: number) => (code >= 40_000 && code < 50_000) || (code >= 846_600 && code < 846_610)
const FINAL: Sentence = { outcome: 'refused' }
/** Perhaps it passes; it must not go on for ever (our choice). */
const UNHEARD_OF: Sentence = { outcome: 'later', pauses: [2_000, 5_000], tries: 3 }

/** How often in a row 846607 comes before another cause of it is named: it also stands for chats never spoken in. */
const SUSPICIOUS = 3

/** How many times in a row a message or chat has met a code, this time included. */
export type Count = (subject: 'message' | 'chat', code: number) => number

/** What an answer means for the message; `message` names it where it is there. */
export function deliveryOf(reply: Reply, message: string, count: Count): Delivery {
  if (reply.kind === 'unsent') {
    return { outcome: 'later', why: 'not connected to WeCom', retryAfter: 3_000, wholeChat: true }
  }
  if (reply.kind === 'lost') return { outcome: 'unknown', why: reply.why }
  const { code, text } = reply
  if (code === 0 || code === CARD_IS_THERE) return { outcome: 'delivered', message }
  const named = { why: `${code}: ${text}`, code: String(code) }
  const sentence = SENTENCES[code] ?? (isFinal(code) ? FINAL : UNHEARD_OF)
  if (sentence.outcome === 'refused') return refusal(sentence, named)
  const { pauses, wholeChat, tries = Number.POSITIVE_INFINITY } = sentence
  const times = count(wholeChat ? 'chat' : 'message', code)
  if (times >= tries) return { outcome: 'refused', ...named }
  const retryAfter = pauses[Math.min(times, pauses.length) - 1] ?? minute
  const why = code === TOO_OFTEN && times >= SUSPICIOUS ? `${named.why} (${NEVER_SPOKEN_IN})` : named.why
  return { outcome: 'later', ...named, why, retryAfter, ...(wholeChat && { wholeChat }) }
}

const NEVER_SPOKEN_IN =
  'or nobody has spoken to the bot in this chat yet: somebody has to mention it there once'

function refusal(
  { gone, hint }: Extract<Sentence, { outcome: 'refused' }>,
  named: { why: string; code: string },
): Delivery {
  return {
    outcome: 'refused',
    ...named,
    why: hint ? `${named.why} (${hint})` : named.why,
    ...(gone && { gone }),
  }
}

/** Whether the facts of a card should be tried as a text. */
export const isCardFault = (reply: Reply) => reply.kind === 'answered' && CARD_FAULTS.includes(reply.code)

/** Whether less of the same should be tried. */
export const isOffence = (reply: Reply) => reply.kind === 'answered' && reply.code === OFFENCE

/**
 * What may be told of a text that came from outside: without the tail of real error texts (which names our public
 * address), addresses that are credentials (`response_url`), and the secret.
 */
export function redact(text: string, secret: string): string {
  const bare = text
    .replace(/,?\s*(?:hint:|from ip:|more info at)[^()]*/gi, '')
    .replace(/\bhttps?:\/\/\S+/gi, '<address>')
  return excerpt(bare, secret)
}
