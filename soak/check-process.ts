import type { Violation } from '../chaos/verdict.ts'
import { type Growth, growthOf, leftOver } from './growth.ts'
import type { Ending, Sample } from './probe.ts'

/** What was seen of the service's process. */
export interface ProcessFacts {
  /** While work flowed. */
  samples: readonly Sample[]
  /** At rest, before the work and after it. */
  before: Sample
  after: Sample
  /** Of its end by SIGTERM; `ending` is absent where it could not even say how. */
  code: number | null
  seconds: number
  ending?: Ending
}

/** What a process may grow by for ever, MB an hour; and what one may that has just begun, MB. */
const MAY_GROW = { perHour: 30, atAll: 6 }
/** Connections that are kept open for the next request, and what waits for them to be closed. */
const LEEWAY = { TCPSocketWrap: 8, Timeout: 3 }
/** What an ended process may still hold: the pipes that it was started with, and what is no timer and no socket. */
const HARMLESS = ['PipeWrap', 'TTYWrap']
/** s. */
const ENDS_WITHIN = 10

export function checkProcess(facts: ProcessFacts): {
  counts: Record<string, string | number>
  violations: Violation[]
} {
  const { samples, before, after, code, seconds, ending } = facts
  const growth = growthOf(samples)
  const left = leftAtRest(before, after)
  const held = ending && Object.keys(ending.left).filter((kind) => !HARMLESS.includes(kind))
  const wrong = [
    ...(hasGrown(growth) ? [`memory grows by ${mb(growth.slope)} an hour`] : []),
    ...left.map((what) => `resources are left over at rest: ${what}`),
    ...(code === 0 ? [] : [`SIGTERM: it ended with exit code ${code}`]),
    ...(seconds <= ENDS_WITHIN ? [] : [`SIGTERM: it took ${seconds.toFixed(1)} s to end`]),
    ...(ending ? [] : ['SIGTERM: it did not end as a process does that ends by itself']),
    ...(ending?.byItself === false ? ['SIGTERM: it had to be ended, for something kept it'] : []),
    ...(held && held.length > 0 ? [`SIGTERM: it ended with something left over: ${held.join(', ')}`] : []),
  ]
  return {
    counts: {
      'memory held at the start, middle, end': [growth.start, growth.middle, growth.end].map(mb).join(', '),
      'memory held at rest afterwards': mb(after.heap + after.external),
      'growth in the second half, an hour': `${mb(growth.slope)} (${mb(growth.grown)} in all)`,
      'of the process as a whole at rest, before and after': `${mb(before.resident)}, ${mb(after.resident)}`,
      'resources at rest before': listed(before.resources),
      'resources at rest after': listed(after.resources),
      'seconds to the end': seconds.toFixed(1),
      'left when it ended': ending ? listed(ending.left) || 'nothing' : 'unknown',
    },
    violations: wrong.map((what) => ({ rule: 'process', what, evidence: facts })),
  }
}

/** What is left over at rest against an earlier rest. */
export const leftAtRest = (before: Sample, after: Sample): string[] =>
  leftOver(before.resources, after.resources, LEEWAY)

/** Both bounds: what a short run grows by says little of an hour. */
const hasGrown = ({ slope, grown }: Growth) => slope > MAY_GROW.perHour && grown > MAY_GROW.atAll

const mb = (size: number): string => `${size.toFixed(1)} MB`

const listed = (resources: Record<string, number>): string =>
  Object.entries(resources)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ')
