import { translator } from '../../src/text/translate.ts'
import type { Outcome } from '../../src/thingboot/outcome.ts'

const english = translator('en', 'UTC')

/** An outcome with its sentence as a person reads it. */
export function inWords(outcome: Outcome<unknown>): object {
  return outcome.ok ? outcome : { ...outcome, why: english(outcome.why) }
}
