import type { ControlOutcome } from '../domain/event.ts'
import { type Message, message } from '../domain/message.ts'
import type { Taken } from '../thingboot/client.ts'
import type { Outcome } from '../thingboot/outcome.ts'

/** What became of a switching command, as the cloud answered it. */
export function outcomeOf(outcome: Outcome<Taken>): ControlOutcome {
  if (outcome.ok) return { result: 'taken' }
  switch (outcome.kind) {
    case 'refused':
      // Without a code of the cloud's it has not even been asked.
      return {
        result: 'refused',
        why: outcome.code === undefined ? outcome.why : message('operation.refused', { why: outcome.why }),
      }
    case 'unreachable':
      return { result: 'refused', why: message('operation.unreachable', { why: outcome.why }) }
    case 'unknown':
      return unknown()
  }
}

export const unknown = (): ControlOutcome => ({ result: 'unknown', why: message('operation.unknown') })
const overtaken = (): ControlOutcome => ({ result: 'refused', why: message('operation.overtaken') })
/** What the gate has against it; nothing in particular where it was overtaken. */
export function barred(reasons: Message[]): ControlOutcome {
  const [only] = reasons
  if (!only || only.key === 'operation.overtaken') return overtaken()
  return { result: 'refused', why: message('operation.gate', { reasons }) }
}
export const tooLate = (): ControlOutcome => ({ result: 'refused', why: message('operation.too-late') })
