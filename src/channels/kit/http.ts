import { isUnwritten, readNetworkError } from './network.ts'

/** What came of an HTTP call. `unsent`: certainly not taken; `lost`: it may have been. */
export type HttpOutcome =
  | { kind: 'answer'; status: number; body: unknown; html: boolean }
  | { kind: 'unsent' | 'lost'; why: string }

export interface HttpCall {
  method: 'POST' | 'PUT'
  url: string
  body: object | FormData
  headers?: Record<string, string>
  /** ms; also the limit for reading the body. */
  timeout: number
  /** Ends the call early. */
  signal?: AbortSignal
}

/**
 * Sends JSON, or a form, and reads JSON. Never rejects, and of the URL names no more than the host: the rest may
 * be a secret (a session address).
 * A 2xx whose body is neither JSON nor a page counts as lost: the work may be done.
 */
export async function callJson(call: HttpCall): Promise<HttpOutcome> {
  const timeout = AbortSignal.timeout(call.timeout)
  const kind = call.body instanceof FormData ? {} : { 'content-type': 'application/json' }
  try {
    const response = await fetch(call.url, {
      method: call.method,
      // Without `accept` DingTalk answers XML (documented for the gateway).
      headers: { ...kind, accept: 'application/json', ...call.headers },
      body: call.body instanceof FormData ? call.body : JSON.stringify(call.body),
      // A redirect would carry what is secret to a host that nobody chose.
      redirect: 'error',
      signal: call.signal ? AbortSignal.any([timeout, call.signal]) : timeout,
    })
    return understood(response.status, await response.text())
  } catch (error) {
    const { host } = new URL(call.url)
    if (timeout.aborted) return { kind: 'lost', why: `no answer from ${host} within ${call.timeout} ms` }
    const { code = '', text } = readNetworkError(error)
    return { kind: isUnwritten(code) ? 'unsent' : 'lost', why: `connection to ${host} failed: ${text}` }
  }
}

function understood(status: number, text: string): HttpOutcome {
  const html = /^\s*</.test(text)
  if (html) return { kind: 'answer', status, body: undefined, html }
  try {
    return { kind: 'answer', status, body: JSON.parse(text), html }
  } catch {
    if (status < 300) return { kind: 'lost', why: 'the answer cannot be read' }
    return { kind: 'answer', status, body: undefined, html }
  }
}
