import type { Handed } from '../way.ts'

/** No receiver makes us wait longer than this, ms: an alarm is of use soon or not at all. */
const LONGEST_WAIT = 3_600_000

/**
 * What an answer's status means (the specification: any 2xx is success, 410 ends the sending, 429 and 503 slow it
 * down).
 * @param retryAfter the header: seconds, or a date
 */
export function handedOf(status: number, retryAfter: string | undefined, host: string, now: number): Handed {
  if (status >= 200 && status < 300) return { outcome: 'delivered' }
  const code = String(status)
  const why = `${host} answered ${status}${HINTS[status] ?? ''}`
  if (status === 408 || status === 429 || status >= 500) {
    const wait = waitOf(retryAfter, now)
    return { outcome: 'later', why, code, ...(wait !== undefined && { retryAfter: wait }) }
  }
  if (status >= 300 && status < 400) {
    const mend = 'a redirect is not followed, for it could lead anywhere: enter the address that it leads to'
    return { outcome: 'refused', why: `${why}: ${mend}`, code }
  }
  return { outcome: 'refused', why, code }
}

const HINTS: Record<number, string> = {
  400: ': it cannot read the message, or the signature is wrong; compare the secret',
  401: ': compare the secret on both sides',
  403: ': compare the secret on both sides',
  404: ': check the address',
  410: ': it wants no more messages; take the web-hook out, or enter its new address',
}

function waitOf(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT) : undefined
}
