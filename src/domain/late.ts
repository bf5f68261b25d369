import type { Asked } from './asked.ts'
import { type Reply, refuse } from './decision.ts'
import type { Draft } from './draft.ts'
import { message } from './message.ts'
import { isAsked, isBusy } from './operation.ts'

/** For so long after a person gave it a command may move contacts, ms: nobody may be surprised by a late one. */
export const COMMAND_HOLDS = 10_000

/** True for what has lain somewhere (with the platform, or with us) for longer than a command holds. */
export const isTooLate = (givenAt: number | undefined, now: number): boolean =>
  givenAt !== undefined && now - givenAt > COMMAND_HOLDS

/**
 * The answer to what would move contacts and comes too late for that, with what can be typed instead; undefined where
 * it is in time, or a command is under way that can be told of.
 */
export function tooLate(draft: Draft, { ask, circuit, breaker }: Asked): Reply | undefined {
  const { now } = draft.given
  const { operation } = draft.circuit(circuit)
  if (!isTooLate(ask.givenAt, now) || isBusy(operation, now)) return undefined
  if (ask.typed) return refuse('ask.late')
  const isStillAsked = ask.action === 'confirm' && isAsked(operation, now) && ask.nonce === operation.nonce
  const word = message(isStillAsked ? 'button.confirm' : 'button.reclose')
  return refuse('press.late', { word, breaker })
}
