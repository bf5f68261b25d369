import { callJson, type HttpOutcome } from '../kit/http.ts'
import { CALLS_USED_UP, type Failure, failureOf, INVALID_TOKEN, IP_BAN, isThrottled } from './errors.ts'
import type { Notices } from './notices.ts'
import { createTokens } from './token.ts'

export type Reply = { ok: true; body: unknown } | { ok: false; failure: Failure }

/** DingTalk's HTTP side: one place for tokens, time-outs and the pause after a ban. */
export interface Api {
  /** A call of the new API, with token. Never rejects. */
  call(method: 'POST' | 'PUT', path: string, body: object): Promise<Reply>
  /** A call of the old API with a form: the token stands in its address. Never rejects. */
  upload(path: string, form: FormData): Promise<Reply>
  /** A reply to a session address, which needs no token. Never rejects. */
  reply(url: string, body: object): Promise<Reply>
}

/**
 * Told of each call and each push that counts toward the organisation's monthly quota (documented: cards and robot
 * messages do, tokens and throttled calls do not; of replies it is not known).
 * @param usedUp DingTalk says that there are none left; it may know of others' use
 */
export type OnUse = (kind: 'call' | 'push', usedUp?: boolean) => void

/** While the month's calls are used up, one in so many ms is tried all the same: more may have been bought. */
const TRY_QUOTA = 60_000

export interface ApiOptions {
  clientId: string
  clientSecret: string
  apiBase: string
  /** Needed for uploads only. */
  oapiBase?: string
  notices: Notices
  /** ms for one request. */
  callWithin: number
  /** The same for an upload. */
  uploadWithin?: number
  /** Ends calls under way. */
  signal: AbortSignal
  onUse: OnUse
  /** Sent with every call. */
  headers?: Record<string, string>
  now(): number
}

export function createApi(options: ApiOptions): Api {
  const { clientId, clientSecret, apiBase, oapiBase, callWithin, notices, onUse, now } = options
  const always = options.headers ?? {}
  let bannedUntil = 0
  let usedUp: { failure: Failure; until: number } | undefined
  const common = { timeout: callWithin, signal: options.signal, headers: always }

  const tokens = createTokens(() => {
    const body = { appKey: clientId, appSecret: clientSecret }
    return callJson({ ...common, method: 'POST', url: `${apiBase}/v1.0/oauth2/accessToken`, body })
  }, now)

  async function withToken(ask: (token: string) => Promise<Reply>): Promise<Reply> {
    for (let attempt = 1; ; attempt++) {
      const got = await tokens.get()
      noteCredentials(got)
      if ('failure' in got) return { ok: false, failure: noteBan(got.failure) }
      const reply = await ask(got.token)
      if (reply.ok || !isTokenRefused(reply.failure)) return reply
      tokens.drop(got.token)
      if (attempt === 2) return reply
    }
  }

  async function call(method: 'POST' | 'PUT', path: string, body: object, token: string): Promise<Reply> {
    const headers = { ...always, 'x-acs-dingtalk-access-token': token }
    const reply = understood(await callJson({ ...common, method, url: apiBase + path, body, headers }))
    noteUse(reply)
    return reply
  }

  /** That the token of the new API is good here has been seen in others' sources; that it counts is inferred. */
  async function upload(path: string, form: FormData, token: string): Promise<Reply> {
    const url = new URL(path, oapiBase)
    url.searchParams.set('access_token', token)
    const timeout = options.uploadWithin ?? callWithin
    const reply = understood(
      await callJson({ ...common, method: 'POST', url: url.href, body: form, timeout }),
    )
    if (reply.ok || (reply.failure.how === 'answered' && !isTokenRefused(reply.failure))) onUse('call')
    return reply
  }

  function noteCredentials(got: { token: string } | { failure: Failure }): void {
    if ('token' in got) notices.clear('credentials')
    else if (got.failure.how === 'answered') {
      notices.set(
        'credentials',
        `DingTalk gives no access token (${got.failure.code}): check channels.dingtalk.clientId and channels.dingtalk.clientSecret.`,
      )
    }
  }

  function understood(outcome: HttpOutcome): Reply {
    const failure = failureOf(outcome)
    if (failure) return { ok: false, failure: noteBan(failure) }
    return { ok: true, body: outcome.kind === 'answer' ? outcome.body : undefined }
  }

  function noteUse(reply: Reply): void {
    if (reply.ok) {
      usedUp = undefined
      notices.clear('quota')
    }
    if (!reply.ok && reply.failure.code === CALLS_USED_UP) {
      usedUp = { failure: reply.failure, until: now() + TRY_QUOTA }
      notices.set(
        'quota',
        "The organisation's monthly API calls are used up: only answers where somebody wrote a short while ago get out. Buy more (open-dev.dingtalk.com) or wait for next month.",
      )
      onUse('call', true)
    } else if (reply.ok || !isThrottled(reply.failure)) onUse('call')
  }

  function noteBan(failure: Failure): Failure {
    if (failure.how === 'banned') bannedUntil = now() + IP_BAN
    return failure
  }

  /** A ban holds for the address, so nothing is sent from it, or it would begin anew. */
  async function unlessBanned(work: () => Promise<Reply>): Promise<Reply> {
    const wait = bannedUntil - now()
    if (wait <= 0) return work()
    return { ok: false, failure: { how: 'banned', text: 'waiting for the end of an IP ban', wait } }
  }

  async function unlessUsedUp(work: () => Promise<Reply>): Promise<Reply> {
    return usedUp && now() < usedUp.until ? { ok: false, failure: usedUp.failure } : work()
  }

  return {
    call: (method, path, body) =>
      unlessBanned(() => unlessUsedUp(() => withToken((token) => call(method, path, body, token)))),
    upload: (path, form) =>
      unlessBanned(() => unlessUsedUp(() => withToken((token) => upload(path, form, token)))),
    reply: (url, body) =>
      unlessBanned(async () => understood(await callJson({ ...common, method: 'POST', url, body }))),
  }
}

/** Documented as 400 with this code, reported as 401 by some; the last two are the old API's (documented). */
function isTokenRefused(failure: Failure): boolean {
  return failure.status === 401 || [INVALID_TOKEN, '40014', '42001'].includes(failure.code ?? '')
}
