import { type Message, type MessageKey, message } from '../domain/message.ts'
import type { Failure, Outcome } from './outcome.ts'
import { decoded, isFields, numberOf, textOf } from './values.ts'

/** An HTTP answer, read to its end. */
export interface HttpAnswer {
  status: number
  text: string
}

/** Reads the envelope `{code, msg, data}`; `code` is a number or text (documented), 200 is success. */
export function outcomeOf({ status, text }: HttpAnswer): Outcome<unknown> {
  const envelope = decoded(text)
  const code = isFields(envelope) ? numberOf(envelope.code) : undefined
  if (status >= 500 || !isFields(envelope) || code === undefined) {
    return { ok: false, kind: 'unknown', why: message('cloud.unreadable', { status: String(status) }) }
  }
  if (code === 200 && status < 300) return { ok: true, data: envelope.data }
  const why = sentenceFor(code, textOf(envelope.msg, 200))
  return isRefusal(code) ? { ok: false, kind: 'refused', code, why } : { ok: false, kind: 'unknown', why }
}

/**
 * 501–504 and 5001–5007 are documented refusals, and the families 4xx and 5xxx are taken for such (inferred). Any
 * other code, 500 above all, does not say that nothing was done.
 */
function isRefusal(code: number): boolean {
  return (code >= 400 && code < 500) || (code > 500 && code < 600) || (code >= 5000 && code < 6000)
}

/** What to do about the documented codes; 5003 is told with the measured clock by the caller. */
const SENTENCES: Readonly<Record<number, MessageKey>> = {
  502: 'cloud.no-device',
  504: 'cloud.no-command',
  5001: 'cloud.no-app-id',
  5002: 'cloud.no-query',
  5003: 'cloud.clock',
  5004: 'cloud.no-query',
  5005: 'cloud.no-secret',
  5006: 'cloud.wrong-secret',
}

function sentenceFor(number: number, text: string | undefined): Message {
  const code = String(number)
  const key = SENTENCES[number]
  if (key) return message(key, { code })
  return text ? message('cloud.code-says', { code, text }) : message('cloud.code', { code })
}

/** The sentence for 5003 once the clocks were compared; `skew` is how far this machine is ahead, ms. */
export function clockSentence(skew: number): Message {
  const seconds = Math.round(Math.abs(skew) / 1000)
  return message(skew < 0 ? 'cloud.clock-behind' : 'cloud.clock-ahead', { seconds })
}

/** What a failed `fetch` says about whether the call can have reached the cloud. */
export function failureOf(error: unknown, timedOut: boolean, seconds: number): Failure {
  if (timedOut)
    return { ok: false, kind: 'unknown', why: message('cloud.no-answer', { seconds: String(seconds) }) }
  const cause = error instanceof Error && isFields(error.cause) ? error.cause : {}
  const code = textOf(cause.code, 60) ?? (error instanceof Error ? error.name : 'error')
  // A host with several addresses fails with an error for each, in an AggregateError: all come from connecting.
  const isUnsent =
    cause.syscall === 'connect' ||
    cause.syscall === 'getaddrinfo' ||
    NO_CONNECTION.test(code) ||
    cause instanceof AggregateError
  return isUnsent
    ? { ok: false, kind: 'unreachable', why: message('cloud.unreachable', { code }) }
    : { ok: false, kind: 'unknown', why: message('cloud.broken', { code }) }
}

/** No connection, or none that is trusted: both come before anything is sent. */
const NO_CONNECTION = /^UND_ERR_CONNECT_TIMEOUT$|CERT|^ERR_TLS|^UNABLE_TO_/
