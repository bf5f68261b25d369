import type { Delivery } from '../channel.ts'
import type { HttpOutcome } from '../kit/http.ts'
import { excerpt, inText } from '../kit/text.ts'

/** Why a call did not succeed. `text` is for the person who runs the service and holds no secret. */
export interface Failure {
  /**
   * `answered`: DingTalk said no; `unsent`: certainly not done; `lost`: may be done; `banned`: the address is
   * blocked for minutes.
   */
  how: 'answered' | 'unsent' | 'lost' | 'banned'
  text: string
  status?: number
  /** `code` of the new API, `errcode` of the old one. */
  code?: string
  /** The scopes that are missing, where the answer names them. */
  scopes?: string[]
  /** ms until a ban ends. */
  wait?: number
}

type Sentence =
  | { outcome: 'later'; retryAfter: number; wholeChat?: true }
  | { outcome: 'refused'; gone?: 'message' | 'chat'; hint?: string }

const minute = 60_000
/** Documented length of an IP ban, ms. */
export const IP_BAN = 5 * minute
const DENIED = 'Forbidden.AccessDenied.'
export const SCOPE_MISSING = `${DENIED}AccessTokenPermissionDenied`
/** Where a permission is applied for (documented). */
export const scopePage = (clientId: string, scope: string): string =>
  `https://open-dev.dingtalk.com/appscope/apply?content=${encodeURIComponent(`${clientId}#${scope}`)}`
export const CARD_EXISTS = 'param.cardAlreadyExist'
/** The organisation's monthly calls are used up. */
export const CALLS_USED_UP = `${DENIED}ApiCountLimitForOrg`
export const INVALID_TOKEN = 'InvalidAuthentication'

const gone: Sentence = { outcome: 'refused', gone: 'chat' }
const tooFast: Sentence = { outcome: 'later', retryAfter: minute, wholeChat: true }
const credentials: Sentence = { outcome: 'later', retryAfter: minute }

/** Documented codes; what is not listed is refused for good below 500 and unsettled from there on. */
const SENTENCES: Record<string, Sentence> = {
  [`${DENIED}QpsLimitForAppkeyAndApi`]: { outcome: 'later', retryAfter: 1_000 },
  // The whole platform is busy, mostly on the full hour: longer (our choice).
  [`${DENIED}QpsLimitForApi`]: { outcome: 'later', retryAfter: 10_000 },
  [CALLS_USED_UP]: {
    outcome: 'refused',
    hint: "the organisation's monthly API quota is used up; buy more or wait for next month",
  },
  [SCOPE_MISSING]: { outcome: 'refused', hint: 'the app lacks a permission' },
  [`${DENIED}IpNotInWhiteList`]: {
    outcome: 'refused',
    hint: "add this machine to the app's list of allowed IP addresses",
  },
  // Credentials are mended by people: nothing is given up meanwhile.
  [INVALID_TOKEN]: credentials,
  invalidClientIdOrSecret: credentials,
  'send.too.fast': { outcome: 'later', retryAfter: 10_000, wholeChat: true },
  'send.byToken.tooFast': { outcome: 'later', retryAfter: 10_000 },
  'too.many.group': tooFast,
  'too.many.people': tooFast,
  'param.cardNotExist': { outcome: 'refused', gone: 'message' },
  'param.openSpaceIdInvalid': gone,
  'param.userIdNotExist': gone,
  'invalid.openConversationId': gone,
  'resource.not.found': gone,
  // The old API.
  400013: gone,
  400106: gone,
  130101: tooFast,
  410100: tooFast,
  660026: tooFast,
}

/** A code is a word of theirs: one like `constructor` is not to find what every object has. */
const sentenceFor = (code: string): Sentence | undefined =>
  Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : undefined

/** The failure that an outcome stands for; undefined where the call succeeded. */
export function failureOf(outcome: HttpOutcome): Failure | undefined {
  if (outcome.kind !== 'answer') return { how: outcome.kind, text: outcome.why }
  const { status, html } = outcome
  const body = fields(outcome.body)
  // An address that called too often gets this body, or a page, instead of an answer (documented).
  const banned = inText(body.status) === '1111' || (html && status < 500)
  if (banned) return { how: 'banned', text: 'DingTalk has blocked this IP address for some minutes' }
  const code = codeOf(body)
  if (status < 300 && code === undefined) return undefined
  const said = excerpt(inText(body.message ?? body.errmsg ?? ''))
  const scopes = fields(body.accessdenieddetail).requiredScopes
  return {
    how: 'answered',
    status,
    text: said || `HTTP ${status}`,
    ...(code === undefined ? {} : { code }),
    ...(Array.isArray(scopes) ? { scopes: scopes.map(inText) } : {}),
  }
}

/** `errcode` has been seen as a string; 0 is success. */
function codeOf(body: Record<string, unknown>): string | undefined {
  if (body.errcode !== undefined) {
    const code = inText(body.errcode ?? 0)
    return Number(code) === 0 ? undefined : excerpt(code)
  }
  return typeof body.code === 'string' ? excerpt(body.code) : undefined
}

/**
 * What a failure means for the message.
 * @param repeatable the platform takes the same message only once, so that what may be done may be tried again.
 */
export function deliveryOf(failure: Failure, repeatable: boolean): Delivery {
  const { code, text } = failure
  const named = code === undefined ? { why: text } : { why: `${code}: ${text}`, code }
  if (failure.how === 'banned') {
    return { outcome: 'later', retryAfter: failure.wait ?? IP_BAN, wholeChat: true, ...named }
  }
  if (failure.how === 'unsent') return { outcome: 'later', ...named }
  const sentence = failure.status === 401 ? credentials : sentenceFor(code ?? '')
  if (sentence?.outcome === 'refused') {
    const { hint, ...rest } = sentence
    return { ...rest, ...named, why: hint ? `${named.why} (${hint})` : named.why }
  }
  if (sentence) return { ...sentence, ...named }
  const settled = failure.how === 'answered' && (failure.status ?? 0) < 500
  if (!settled) return repeatable ? { outcome: 'later', ...named } : { outcome: 'unknown', why: named.why }
  if (failure.status === 429) return { outcome: 'later', retryAfter: 1_000, ...named }
  return { outcome: 'refused', ...named, ...(speaksOfLostChat(text) ? { gone: 'chat' as const } : {}) }
}

/** True for a call that certainly did no work, and does not count toward the quota (documented for throttled ones). */
export const isThrottled = ({ how, code = '' }: Failure): boolean =>
  how === 'unsent' || how === 'banned' || code === CALLS_USED_UP || code.startsWith(`${DENIED}Qps`)

/** True for a refusal that has nothing to do with the message: quota, permission, allowed addresses. */
export const isForAll = (code = ''): boolean => code.startsWith(DENIED)

/** For refusals whose only hint is their text (`deliverResults[].errorMsg`): a guess, never used to repeat anything. */
export function speaksOfLostChat(text: string): boolean {
  return /不在群|不在该群|已解散|群不存在|not in (the )?(group|conversation|chat)|dissolved|dismissed/i.test(
    text,
  )
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}
