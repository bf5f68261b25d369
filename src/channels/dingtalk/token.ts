import { z } from 'zod'
import type { HttpOutcome } from '../kit/http.ts'
import { filled } from '../kit/shapes.ts'
import { type Failure, failureOf } from './errors.ts'

export interface Tokens {
  get(): Promise<{ token: string } | { failure: Failure }>
  /** The server would not have it: the next {@link get} fetches another. */
  drop(token: string): void
}

const answer = z.object({ accessToken: filled, expireIn: z.number().positive().catch(7_200) })

/**
 * Keeps the app's access token, and fetches it once for all who ask at the same time.
 * Documented: valid for 7200 s; renewed some minutes before.
 */
export function createTokens(fetchToken: () => Promise<HttpOutcome>, now: () => number): Tokens {
  let kept: { token: string; until: number } | undefined
  let fetching: ReturnType<Tokens['get']> | undefined

  async function renew(): ReturnType<Tokens['get']> {
    const outcome = await fetchToken()
    const failure = failureOf(outcome)
    if (failure) return { failure: notDone(failure) }
    const parsed = answer.safeParse(outcome.kind === 'answer' ? outcome.body : undefined)
    if (!parsed.success) return { failure: { how: 'unsent', text: 'the answer holds no access token' } }
    const { accessToken: token, expireIn } = parsed.data
    kept = { token, until: now() + Math.min(expireIn * 0.97, 7_000) * 1_000 }
    return { token }
  }

  return {
    get() {
      if (kept && now() < kept.until) return Promise.resolve({ token: kept.token })
      fetching ??= renew().finally(() => {
        fetching = undefined
      })
      return fetching
    },
    drop(token) {
      if (kept?.token === token) kept = undefined
    },
  }
}

/** Without a token the message has certainly not left, whatever became of the request for the token. */
function notDone(failure: Failure): Failure {
  const unsettled = failure.how === 'lost' || (failure.status ?? 0) >= 500
  return unsettled ? { how: 'unsent', text: `no access token: ${failure.text}` } : failure
}
