import { createHash } from 'node:crypto'

/**
 * The signature of an API call: `md5(md5(appSecret) + ts)`, lower-case hex (documented; the case is seen in callers).
 * It covers neither path nor body, so whoever sees a URL can replay it: query strings belong in no log.
 *
 * @param tsSeconds whole seconds since 1970, the same number as in the call's `ts`
 */
export function sign(appSecret: string, tsSeconds: number): string {
  return md5(md5(appSecret) + tsSeconds)
}

function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex')
}
