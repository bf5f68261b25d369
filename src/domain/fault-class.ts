import type { Cause } from './report.ts'

/** What a person's close asks for. `inspected`: locked out until an admin notes what was found on site. */
type ByPerson = 'confirm' | 'second-person' | 'inspected'
/** Whether a breaker's configuration may allow automatic reclosing: in the word «voltage», by name only, or never. */
type Automatic = 'voltage' | 'by-name' | 'never'

interface FaultClass {
  person: ByPerson
  automatic: Automatic
}

/**
 * What each cause of opening asks of a close from afar. Sources: GB/T 32902 (no reclosing after overload, short circuit
 * or manual opening), OSHA 1910.334(b)(2) (tolerates it after an overload only); where the cause is not known, or
 * somebody may be hurt, two persons. A cause outside that can be measured is the only one that closes by itself.
 */
const CLASSES: Record<Cause, FaultClass> = {
  'over-voltage': { person: 'confirm', automatic: 'voltage' },
  'under-voltage': { person: 'confirm', automatic: 'voltage' },
  'phase-loss': { person: 'confirm', automatic: 'voltage' },
  overload: { person: 'confirm', automatic: 'by-name' },
  unknown: { person: 'second-person', automatic: 'by-name' },
  'over-temperature': { person: 'second-person', automatic: 'never' },
  leakage: { person: 'second-person', automatic: 'never' },
  'short-circuit': { person: 'inspected', automatic: 'never' },
}

const STRICTNESS: Record<ByPerson, number> = { confirm: 0, 'second-person': 1, inspected: 2 }

export const faultClass = (cause: Cause): FaultClass => CLASSES[cause]

/** After these the supply must have been well for a while before the automat closes. */
export const isSteadyNeeded = (cause: Cause): boolean => CLASSES[cause].automatic === 'voltage'

/** The causes that the word «voltage» stands for. */
export const VOLTAGE_CAUSES = (Object.keys(CLASSES) as Cause[]).filter(
  (cause) => CLASSES[cause].automatic === 'voltage',
)

/** True when closing after `one` asks for more than closing after `other`. */
export function isStricter(one: Cause, other: Cause): boolean {
  return STRICTNESS[CLASSES[one].person] > STRICTNESS[CLASSES[other].person]
}
