import { createHmac, timingSafeEqual } from 'node:crypto'
import type { SimClock } from '../kit/clock.ts'
import { Refusal } from './refusal.ts'

/** Documented: a time stamp is good for 15 min, and a nonce is used once. */
const GOOD_FOR = 15 * 60_000

/** Documented for RPC-style APIs: RFC 3986, so `*` is quoted, and a blank is `%20`. */
const quote = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

/** Checks who asks, in the order of Aliyun's gateway as far as its codes tell. Codes as documented. */
export function createGate(keys: Readonly<Record<string, string>>, clock: SimClock) {
  const nonces = new Set<string>()

  return (method: string, params: Readonly<Record<string, string>>): void => {
    const { AccessKeyId, Signature, SignatureNonce, Timestamp } = params
    for (const name of ['AccessKeyId', 'Signature', 'SignatureNonce', 'Timestamp', 'Version', 'Action']) {
      if (!params[name]) throw new Refusal(400, `Missing${name}`, `${name} is mandatory for this action.`)
    }
    if (params.SignatureMethod !== 'HMAC-SHA1' || params.SignatureVersion !== '1.0') {
      throw new Refusal(400, 'InvalidParameter', 'only HMAC-SHA1, version 1.0, is known here')
    }
    const secret = Object.hasOwn(keys, AccessKeyId!) ? keys[AccessKeyId!] : undefined
    if (secret === undefined) {
      throw new Refusal(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.')
    }
    const isStamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(Timestamp!)
    if (!isStamp)
      throw new Refusal(400, 'InvalidTimeStamp.Format', 'Specified time stamp is not well formatted.')
    if (Math.abs(Date.parse(Timestamp!) - clock.now()) > GOOD_FOR) {
      throw new Refusal(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.')
    }
    if (!isSigned(method, params, secret, Signature!)) {
      throw new Refusal(
        400,
        'SignatureDoesNotMatch',
        'Specified signature is not matched with our calculation.',
      )
    }
    if (nonces.has(SignatureNonce!)) {
      throw new Refusal(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.')
    }
    nonces.add(SignatureNonce!)
  }
}

function isSigned(
  method: string,
  params: Readonly<Record<string, string>>,
  secret: string,
  signature: string,
): boolean {
  const signed = Object.keys(params)
    .filter((name) => name !== 'Signature')
    .sort()
    .map((name) => `${quote(name)}=${quote(params[name]!)}`)
    .join('&')
  const text = [method, quote('/'), quote(signed)].join('&')
  const expected = createHmac('sha1', `${secret}&`).update(text).digest()
  const given = Buffer.from(signature, 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
