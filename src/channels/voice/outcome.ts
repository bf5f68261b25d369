import { z } from 'zod'
import { isUnwritten, readNetworkError } from '../kit/network.ts'
import { plain } from '../kit/text.ts'
import type { Handed } from '../way.ts'

const answer = z.object({ Code: z.string(), CallId: z.string().optional() })

const refusal = z.object({
  code: z.string(),
  data: z.object({ Message: z.string().optional() }),
  entry: z.object({ response: z.object({ statusCode: z.number() }) }),
})

const minute = 60_000

/** Aliyun's codes and what to do about them (documented at «API 错误码» of its voice service and for all its APIs). */
const REFUSED: Record<string, string> = {
  'isp.RAM_PERMISSION_DENY': 'the key may not call: give its RAM user the right dyvms:SingleCallByTts',
  'isv.OUT_OF_SERVICE': 'the account is shut for lack of money: pay in the console',
  'isv.AMOUNT_NOT_ENOUGH': 'the account has not enough money: pay in the console',
  'isv.PRODUCT_UN_SUBSCRIPT': 'the voice service is not opened for this account: open it in the console',
  'isv.PRODUCT_UNSUBSCRIBE': 'the voice service is not opened for this account: open it in the console',
  'isv.ACCOUNT_NOT_EXISTS': 'there is no such account: check accessKeyId',
  'isv.ACCOUNT_ABNORMAL': 'something is wrong with the account: look into the console',
  'isv.TTS_TEMPLATE_ILLEGAL': 'there is no such template, or it is not approved: check ttsCode',
  'isv.TEMPLATE_ILLEGAL': 'there is no such template, or it is not approved: check ttsCode',
  'isv.TEMPLATE_MISSING_PARAMETERS': 'the template has variables that are not filled: check params',
  'isv.TEMPLATE_PARAMS_ILLEGAL': 'a variable holds words that are not allowed: rename the breaker or site',
  'isv.BLACK_KEY_CONTROL_LIMIT': 'a variable holds words that are not allowed: rename the breaker or site',
  'isv.INVALID_PARAMETERS': 'a parameter is wrong: check ttsCode, params and calledShowNumber',
  'isv.INVALID_JSON_PARAM': 'the variables are not taken: check params',
  'isv.PARAM_LENGTH_LIMIT': 'the variables are too long: make paramLength smaller',
  'isv.PARAM_NOT_SUPPORT_URL': 'a variable looks like an address: rename the breaker or site',
  'isv.DISPLAY_NUMBER_ILLEGAL': 'the caller’s number is not yours: check calledShowNumber',
  'isv.BILLID_NOT_EXIST': 'the caller’s number is not yours: check calledShowNumber',
  'isv.MOBILE_NUMBER_ILLEGAL': 'the called number is wrong: check people[].phone',
  'isv.COMPLAINT_REJECT':
    'the called number is kept from such calls by its network: lift that, or enter another',
  SignatureDoesNotMatch: 'accessKeySecret is wrong',
  InvalidAccessKeyId: 'accessKeyId is wrong, or not in use any more',
  Forbidden: 'the key may not call: give its RAM user the right dyvms:SingleCallByTts',
  'InvalidTimeStamp.Expired': 'the clock of this machine is wrong by more than 15 min: set it by NTP',
}

/** An answer that is no refusal. */
export function settled(body: unknown): Handed {
  const { data } = answer.safeParse(body)
  if (data?.Code !== 'OK') return { outcome: 'unknown', why: 'the answer does not say that the call is made' }
  return { outcome: 'delivered', ...(data.CallId !== undefined && { ref: data.CallId }) }
}

/**
 * What a failed request means.
 * @param wasOpen a connection stood, so that the request may have been read
 * @param over its time was over, or the way stops
 */
export function handedOf(error: unknown, wasOpen: boolean, over: boolean): Handed {
  const { data } = refusal.safeParse(error)
  if (data) return refused(plain(data.code), data.data.Message ?? '', data.entry.response.statusCode)
  if (over || isTimeout(error)) {
    const outcome = wasOpen ? 'unknown' : 'later'
    return { outcome, why: `Aliyun ${wasOpen ? 'did not answer' : 'could not be reached'} in time` }
  }
  const { code = '', text } = readNetworkError(error)
  if (error instanceof SyntaxError || isUnreadable(error))
    return { outcome: 'unknown', why: 'the answer cannot be read' }
  const why = `the connection to Aliyun failed: ${text}`
  return wasOpen && !isUnwritten(code) ? { outcome: 'unknown', why } : { outcome: 'later', why }
}

function refused(code: string, message: string, status: number): Handed {
  const said = plain(message)
  const why = `${code}: ${said}`
  // What to do comes first: the rest may be cut.
  const mend = (words: string) => `${code}: ${words} (${said})`
  if (code === 'isv.BUSINESS_LIMIT_CONTROL') {
    const rule = 'so many calls to one number are not allowed: 1 a minute, 5 an hour, 20 in 24 h'
    return { outcome: 'later', why: mend(rule), code, retryAfter: spanOf(message) }
  }
  if (code.startsWith('Throttling')) return { outcome: 'later', why, code, retryAfter: 10_000 }
  const known = [code, code.split('.')[0]!].find((one) => Object.hasOwn(REFUSED, one))
  if (known !== undefined) return { outcome: 'refused', why: mend(REFUSED[known]!), code }
  // Nobody was called, says Aliyun, and that it is not for good.
  if (status >= 500 || FOR_NOW.has(code)) return { outcome: 'later', why, code, retryAfter: minute }
  return { outcome: 'refused', why, code }
}

const FOR_NOW = new Set([
  'isp.SYSTEM_ERROR',
  'isv.VOICE_CALL_FAIL',
  'isv.VOICE_CALL_PERIOD_ERROR',
  'SignatureNonceUsed',
])

/** Which of the three limits it is stands in the text at most (inferred from the same code of Aliyun's SMS). */
function spanOf(message: string): number {
  if (/天级|day/i.test(message)) return 24 * 60 * minute
  return /小时级|hour/i.test(message) ? 60 * minute : minute
}

/** The names of the SDK's errors; one in front of `AbortError` may be another's. */
const isTimeout = (error: unknown) => error instanceof Error && /Timeout|AbortError/i.test(error.name)

/** The SDK's reader of JSON throws things that are no errors. */
const isUnreadable = (error: unknown) => !(error instanceof Error)
