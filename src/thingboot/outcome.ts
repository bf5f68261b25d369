import { type Message, message } from '../domain/message.ts'

/**
 * What became of a call.
 * - `refused`: surely not done. `code` is the cloud's; absent when this program itself refused and nothing was sent.
 * - `unreachable`: surely not done, the call never reached the cloud.
 * - `unknown`: it may or may not have been done (time-out, connection broken, 5xx, an answer that cannot be read).
 *
 * `why` is a sentence that a person can act on, on a card too; it never holds the secret, a signature or a query string.
 */
export type Outcome<T> = { ok: true; data: T } | Failure

export type Failure =
  | { ok: false; kind: 'refused'; code?: number; why: Message }
  | { ok: false; kind: 'unreachable' | 'unknown'; why: Message }

/** Nothing was sent: its time was over, or it was not wanted any more. */
export const givenUp = (): Failure => ({ ok: false, kind: 'refused', why: message('cloud.given-up') })

/** Nothing was sent: a fault of this program, told in English. */
export function forbidden(fault: string): Failure {
  return { ok: false, kind: 'refused', why: message('cloud.forbidden', { fault }) }
}
