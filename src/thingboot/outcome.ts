/**
 * What became of a call.
 * - `refused`: surely not done. `code` is the cloud's; absent when this program itself refused and nothing was sent.
 * - `unreachable`: surely not done, the call never reached the cloud.
 * - `unknown`: it may or may not have been done (time-out, connection broken, 5xx, an answer that cannot be read).
 *
 * `message` is one sentence that a person can act on; it never holds the secret, a signature or a query string.
 */
export type Outcome<T> = { ok: true; data: T } | Failure

export type Failure =
  | { ok: false; kind: 'refused'; code?: number; message: string }
  | { ok: false; kind: 'unreachable' | 'unknown'; message: string }

export function refusedHere(message: string): Failure {
  return { ok: false, kind: 'refused', message }
}
