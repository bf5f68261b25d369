import { createHash } from 'node:crypto'
import { type Answer, refuse } from './answer.ts'
import type { CallRecord } from './records.ts'
import type { AppSpec } from './types.ts'

const md5 = (text: string) => createHash('md5').update(text, 'utf8').digest('hex')

/** `md5(md5(AppSecret) + ts)` in lower-case hex (documented formula; the case is seen in public code). */
export const sign = (appSecret: string, ts: string): string => md5(md5(appSecret) + ts)

export interface Verdict {
  signature: CallRecord['signature']
  /** The app the call may act for, or why it may not. */
  app?: AppSpec
  refusal?: Answer
}

/**
 * Checks a call the way the global codes are numbered: 5001 to 5006 in this order, `debug` bypassing the rest
 * (codes documented, order our choice). An AppID that was never issued counts as none.
 */
export function checkSignature(
  claim: { app: AppSpec | undefined; query: Record<string, string> },
  nowMs: number,
  tsWindow: number,
): Verdict {
  const { app, query } = claim
  const refused = (signature: Verdict['signature'], code: number, msg: string) => ({
    signature,
    refusal: refuse(code, msg),
  })
  if (!app) return refused('missing', 5001, 'miss app id')
  if (query.debug !== undefined) {
    const known = app.debugKey !== undefined && app.debugKey === query.debug
    return known ? { signature: 'debug', app } : refused('invalid', 5007, 'bad debug key')
  }
  if (!query.ts) return refused('missing', 5002, 'miss param ts')
  const skew = Math.abs(Number(query.ts) - nowMs / 1000)
  if (!/^\d{10}$/.test(query.ts) || skew > tsWindow) return refused('stale', 5003, 'bad ts')
  if (!query.sign) return refused('missing', 5004, 'miss param sign')
  if (!app.appSecret) return refused('invalid', 5005, 'please set app secret')
  if (query.sign !== sign(app.appSecret, query.ts)) return refused('invalid', 5006, 'bad sign')
  return { signature: 'valid', app }
}
