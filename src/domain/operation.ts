import { type Message, message } from './message.ts'
import type { Actor } from './people.ts'
import type { ChatRef, Policy } from './policy.ts'
import type { Position } from './report.ts'

/**
 * Where an operation stands. A close goes asked → confirmed → sent → done; an open starts at confirmed.
 * `done` only when the breaker itself has reported the position. `unconfirmed`: sent, but nothing came back.
 */
export type Stage =
  | 'asked'
  | 'confirmed'
  | 'sent'
  | 'done'
  | 'unconfirmed'
  | 'failed'
  | 'cancelled'
  | 'expired'

/** One attempt to move the contacts of one circuit: select before operate. */
export interface Operation {
  id: string
  /** Goes with the command as `extra` and comes back in its order push. Letters and digits, at most 32. */
  ref: string
  to: Position
  stage: Stage
  /** Grows with each change, for the card. */
  version: number
  askedBy: Actor
  askedAt: number
  /** Where it was asked; absent for an automatic close. */
  chat?: ChatRef
  /** Only a press or word that names it confirms; new with each asking. */
  nonce: string
  expiresAt: number
  /** A second, different person must confirm. */
  secondPerson: boolean
  /** The incident that it serves, if any. */
  incident?: string
  /** The group run that it is a step of, if any. */
  run?: string
  confirmedBy?: Actor
  confirmedAt?: number
  sentAt?: number
  endedAt?: number
  /** It ended after this and not later than `endedAt`, ms: no push told when. */
  endedAfter?: number
  /** Why it ended without success, or what to do now. */
  why?: Message
}

/** A new one, begun at `confirmed`; `ref` and `nonce` are random ids. */
export function newOperation(given: {
  id: string
  ref: string
  nonce: string
  to: Position
  actor: Actor
  now: number
  policy: Policy
}): Operation {
  const { id, ref, nonce, to, actor, now, policy } = given
  return {
    id,
    ref: ref.toUpperCase(),
    to,
    stage: 'confirmed',
    version: 1,
    askedBy: actor,
    askedAt: now,
    nonce: nonce.slice(0, 6),
    expiresAt: now + policy.confirmWithin,
    secondPerson: false,
  }
}

/** True while a command is on its way or its report is awaited. */
export function isUnderWay(
  operation: Operation | undefined,
): operation is Operation & { stage: 'confirmed' | 'sent' } {
  return operation?.stage === 'confirmed' || operation?.stage === 'sent'
}

/** After this a command whose outcome got lost no longer keeps others from the circuit, ms. */
const BUSY_LAPSES = 60_000

/** True while nobody may begin another operation on the circuit. */
export function isBusy(
  operation: Operation | undefined,
  now: number,
): operation is Operation & { stage: 'confirmed' | 'sent' } {
  if (!isUnderWay(operation)) return false
  return now < (operation.sentAt ?? operation.confirmedAt ?? operation.askedAt) + BUSY_LAPSES
}

/** True if the confirming step that was taken is this one's; a typed word may leave open which it means. */
export const isNamed = (
  { typed, nonce }: { typed: boolean; nonce?: string },
  standing: { nonce: string },
): boolean => (typed && nonce === undefined) || nonce === standing.nonce

export function isAsked(
  operation: Operation | undefined,
  now: number,
): operation is Operation & { stage: 'asked' } {
  return operation?.stage === 'asked' && now < operation.expiresAt
}

/** True while the breaker's report may still complete it. */
export function awaitsReport(
  operation: Operation | undefined,
): operation is Operation & { stage: 'confirmed' | 'sent' | 'unconfirmed' } {
  return operation?.stage === 'confirmed' || operation?.stage === 'sent' || operation?.stage === 'unconfirmed'
}

/** For so long after a command may a report that names nobody be its effect, ms; our choice. */
const EFFECT_WITHIN = 120_000

/** True when a report of this position that names nobody is most likely the effect of the operation. */
export function mayBeEffect(operation: Operation | undefined, position: Position, at: number): boolean {
  if (!awaitsReport(operation) || operation.to !== position) return false
  return at <= (operation.sentAt ?? operation.confirmedAt ?? operation.askedAt) + EFFECT_WITHIN
}

/** The operation one step on. */
export function advance(operation: Operation, change: Partial<Operation> & { stage: Stage }): Operation {
  return { ...operation, ...change, version: operation.version + 1 }
}

/** True when nothing more is to come of it, but for a late report. */
export function hasEnded({ stage }: Operation): boolean {
  return stage !== 'asked' && stage !== 'confirmed' && stage !== 'sent'
}

/** What is to be said of an operation whose place another takes. */
export function overtaken(operation: Operation): Operation {
  return advance(operation, { stage: 'failed', why: message('operation.superseded') })
}
