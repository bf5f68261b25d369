import type { Actor } from './people.ts'

/** Whose an alarm is. */
export interface Ownership {
  status: 'open' | 'acknowledged' | 'resolved'
  owner?: Actor
  /** ms. */
  acknowledgedAt?: number
  /** Somebody has handed it over to the owner, who has still to say that they take it. */
  handedOverBy?: string
}
