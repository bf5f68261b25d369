import { callJson, type HttpOutcome } from '../kit/http.ts'
import { type Failure, failureOf, INVALID_TOKEN, IP_BAN } from './errors.ts'
import type { Notices } from './notices.ts'
import { createTokens } from './token.ts'

export type Reply = { ok: true; body: unknown } | { ok: false; failure: Failure }

/** DingTalk's HTTP side: one place for tokens, time-outs and the pause after a ban. */
export interface Api {
  /** A call of the new API, with token. Never rejects. */
  call(method: 'POST' | 'PUT', path: string, body: object): Promise<Reply>
  /** A reply to a session address, which needs no token. Never rejects. */
  reply(url: string, body: object): Promise<Reply>
}

export interface ApiOptions {
  clientId: string
  clientSecret: string
  apiBase: string
  notices: Notices
  /** ms for one request. */
  callWithin: number
  /** Ends calls under way. */
  signal: AbortSignal
  now(): number
}

export function createApi(options: ApiOptions): Api {
  const { clientId, clientSecret, apiBase, notices, now } = options
  let bannedUntil = 0
  const common = { timeout: options.callWithin, signal: options.signal }

  const tokens = createTokens(() => {
    const body = { appKey: clientId, appSecret: clientSecret }
    return callJson({ ...common, method: 'POST', url: `${apiBase}/v1.0/oauth2/accessToken`, body })
  }, now)

  async function withToken(method: 'POST' | 'PUT', path: string, body: object): Promise<Reply> {
    for (let attempt = 1; ; attempt++) {
      const got = await tokens.get()
      noteCredentials(got)
      if ('failure' in got) return { ok: false, failure: noteBan(got.failure) }
      const headers = { 'x-acs-dingtalk-access-token': got.token }
      const reply = understood(await callJson({ ...common, method, url: apiBase + path, body, headers }))
      if (reply.ok || !isTokenRefused(reply.failure)) return reply
      tokens.drop(got.token)
      if (attempt === 2) return reply
    }
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

  return {
    call: (method, path, body) => unlessBanned(() => withToken(method, path, body)),
    reply: (url, body) =>
      unlessBanned(async () => understood(await callJson({ ...common, method: 'POST', url, body }))),
  }
}

/** Documented as 400 with this code, reported as 401 by some. */
function isTokenRefused(failure: Failure): boolean {
  return failure.code === INVALID_TOKEN || failure.status === 401
}
