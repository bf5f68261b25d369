import type { Facts, Violation } from '../chaos/verdict.ts'
import type { Befallen } from './befall.ts'
import type { ProcessFacts } from './check-process.ts'
import type { Traffic } from './throttled.ts'

/** All that the verdict on a soak is formed from. */
export interface SoakFacts extends Facts {
  befallen: readonly Befallen[]
  traffic: Traffic
  process: ProcessFacts
  log: string
  secrets: readonly string[]
}

export interface SoakVerdict {
  /** What is counted, in words. */
  counts: Record<string, number | string>
  violations: Violation[]
}
