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

/** Somebody has it; whoever it was handed over to has said that they take it. */
export const isTaken = ({ owner, handedOverBy }: Ownership): boolean =>
  owner !== undefined && handedOverBy === undefined
