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
    return {
      ok: false,
      kind: 'unknown',
      message: `the cloud answered HTTP ${status} without a readable result`,
    }
  }
  if (code === 200 && status < 300) return { ok: true, data: envelope.data }
  const message = sentenceFor(code, textOf(envelope.msg, 200))
  return isRefusal(code)
    ? { ok: false, kind: 'refused', code, message }
    : { ok: false, kind: 'unknown', message }
}

/**
 * 501–504 and 5001–5007 are documented refusals, and the families 4xx and 5xxx are taken for such (inferred). Any
 * other code, 500 above all, does not say that nothing was done.
 */
function isRefusal(code: number): boolean {
  return (code >= 400 && code < 500) || (code > 500 && code < 600) || (code >= 5000 && code < 6000)
}

/** What to do about the documented codes; 5003 is told with the measured clock by the caller. */
const SENTENCES: Readonly<Record<number, string>> = {
  502: 'the cloud knows no such device in this account, or the device cannot do this (502)',
  504: 'the device has no such command (504)',
  5001: 'the cloud saw no AppID: check thingboot.appId and thingboot.baseUrl (5001)',
  5002: 'the cloud saw no ts: something on the way drops the query (5002)',
  5003: "the cloud does not accept this machine's clock: set it by NTP (5003)",
  5004: 'the cloud saw no signature: something on the way drops the query (5004)',
  5005: 'no AppSecret is set in the console: set one under development settings (5005)',
  5006: 'thingboot.appSecret is not the one in the console (5006)',
}

function sentenceFor(code: number, msg: string | undefined): string {
  return SENTENCES[code] ?? `the cloud answered code ${code}${msg ? `: ${msg}` : ''}`
}

/** The sentence for 5003 once the clocks were compared; `skew` is how far this machine is ahead, ms. */
export function clockSentence(skew: number): string {
  const seconds = Math.round(Math.abs(skew) / 1000)
  return `the clock of this machine is ${seconds} s ${skew < 0 ? 'behind' : 'ahead of'} the cloud's: set it by NTP (5003)`
}

/** What a failed `fetch` says about whether the call can have reached the cloud. */
export function failureOf(error: unknown, timedOut: boolean, seconds: number): Failure {
  if (timedOut) return { ok: false, kind: 'unknown', message: `the cloud did not answer within ${seconds} s` }
  const cause = error instanceof Error && isFields(error.cause) ? error.cause : {}
  const code = textOf(cause.code, 60) ?? (error instanceof Error ? error.name : 'error')
  // A host with several addresses fails with an error for each, in an AggregateError: all come from connecting.
  const isUnsent =
    cause.syscall === 'connect' ||
    cause.syscall === 'getaddrinfo' ||
    NO_CONNECTION.test(code) ||
    cause instanceof AggregateError
  return isUnsent
    ? {
        ok: false,
        kind: 'unreachable',
        message: `the cloud cannot be reached (${code}): check the network, DNS and thingboot.baseUrl`,
      }
    : { ok: false, kind: 'unknown', message: `the connection to the cloud broke (${code})` }
}

/** No connection, or none that is trusted: both come before anything is sent. */
const NO_CONNECTION = /^UND_ERR_CONNECT_TIMEOUT$|CERT|^ERR_TLS|^UNABLE_TO_/
