import { profileFor } from '../thingboot/profiles.ts'
import type { Finding, Path } from './faults.ts'
import type { Config } from './schema.ts'

/** What was named although custom forbids it, and what will never come to anything. */
export function reclosing({ closing }: Config, breaker: Config['breakers'][number], path: Path): Finding[] {
  const { autoReclose, model } = breaker
  if (!autoReclose?.enabled) return []
  const risky = autoReclose.causes.filter((cause) => cause === 'overload' || cause === 'unknown')
  return [
    ...risky.map((cause) => ({
      path: [...path, 'causes'],
      problem: `lets «${breaker.name}» close by itself after «${cause}»: GB/T 32902 forbids it after an overload, and a cause that is not known may be any. Protection stays in the breaker, but be sure that nobody can be hurt`,
    })),
    ...(profileFor(model).remoteClose
      ? []
      : [{ path, problem: `has no effect: the model of «${breaker.name}» cannot be closed from afar` }]),
    ...(closing.voltageStable === 0
      ? [
          {
            path: ['closing', 'voltageStable'],
            problem: 'is 0: it closes by itself without waiting for a steady voltage',
          },
        ]
      : []),
  ]
}

/** A re-trip within less than this is hardly seen. */
const SHORT_RECLAIM = 30_000

export function limits({ closing }: Config): Finding[] {
  if (closing.reclaim >= SHORT_RECLAIM) return []
  const problem = 'is short: a circuit that trips again after a close is locked out within this time only'
  return [{ path: ['closing', 'reclaim'], problem }]
}
