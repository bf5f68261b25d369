import {
  type Deed,
  type Escalating,
  type EscalationPolicy,
  type Progress,
  policyFor,
  type Target,
} from './escalation.ts'
import { linesOf, missingWays, type Reach } from './lines.ts'
import type { CallWay } from './people.ts'
import type { BreakerConfig, Policy } from './policy.ts'
import { CAUSES, type Cause } from './report.ts'
import { isAtLeast, SEVERITIES, type Severity, USUAL_SEVERITY } from './severity.ts'
import { advance, begin, stepsFor } from './steps.ts'
import { resolveIn } from './targets.ts'

/** A person who would be told, and by which ways, in their order. */
export interface ForeseenPerson {
  name: string
  ways: CallWay[]
  /** Ways for which they have an address, and that are not configured. */
  missing: CallWay[]
}

/** One thing that would be done. */
export type Foreseen = { after: number; round: number } & (
  | { what: 'remind' | 'call'; people: ForeseenPerson[] }
  | { what: 'mail'; to: string; missing: boolean }
  | { what: 'webhook'; to: string; missing: boolean }
  /** There is nobody whom the step means. */
  | { what: 'nobody'; wanted: Target; instead: string[] }
)

/** What would follow from an alarm that nobody acknowledges. Times in ms from its beginning. */
export interface Forecast {
  cause: Cause
  severity: Severity
  /** Absent: there is only the card. */
  policy?: string
  /** So long an acknowledgement would hold; 0: for good. */
  ackTimeout: number
  steps: Foreseen[]
}

/** What an alarm is taken for. */
export interface Sample {
  cause: Cause
  severity: Severity
}

/**
 * Who would be told when, and how, if a breaker tripped at this moment and nobody acknowledged, to the end of the last
 * round. By the functions that the real thing goes by.
 */
export function foresee(
  policy: Policy,
  breaker: BreakerConfig,
  reach: Reach,
  now: number,
  sample: Sample = gravest(policy, breaker),
): Forecast {
  const chosen = policyFor(policy.escalations, breaker)
  if (!chosen) return { ...sample, ackTimeout: 0, steps: [] }
  const steps = [...progressOf(policy, breaker, chosen, sample, now)].flatMap(({ at, progress }) =>
    progress.deeds.map((deed) => ({
      after: at - now,
      round: progress.escalation.round,
      ...ofDeed(policy, deed, reach),
    })),
  )
  return { ...sample, policy: chosen.name, ackTimeout: chosen.ackTimeout, steps }
}

function* progressOf(
  policy: Policy,
  breaker: BreakerConfig,
  chosen: EscalationPolicy,
  sample: Sample,
  now: number,
): Generator<{ at: number; progress: Progress }> {
  const resolve = (at: number) => resolveIn(policy, breaker.room, breaker, at)
  const alarm: Escalating = { status: 'open', ...sample }
  let at = now
  let progress: Progress | undefined = begin(chosen, alarm, at, resolve(at))
  while (progress) {
    yield { at, progress }
    const { look, escalation }: Progress = progress
    if (!look) return
    at = look.at
    progress = advance(chosen, { ...alarm, escalation }, look, at, resolve(at))
  }
}

type Did = Foreseen extends infer One ? (One extends Foreseen ? Omit<One, 'after' | 'round'> : never) : never

function ofDeed({ people }: Policy, deed: Deed, reach: Reach): Did {
  const person = (name: string): ForeseenPerson => {
    const one = people.find((each) => each.name === name)
    return { name, ways: linesOf(one, reach).map(({ way }) => way), missing: missingWays(one, reach) }
  }
  switch (deed.do) {
    case 'remind':
      return { what: 'remind', people: deed.people.map(person) }
    case 'summon':
      return { what: 'call', people: [person(deed.person)] }
    case 'mail': {
      const isReached = deed.to.includes('@') || people.some((one) => one.name === deed.to && one.mail)
      return { what: 'mail', to: deed.to, missing: !reach.ways.has('mail') || !isReached }
    }
    case 'hook':
      return { what: 'webhook', to: deed.hook, missing: !reach.ways.has('webhook') }
    case 'nobody':
      return { what: 'nobody', wanted: deed.wanted, instead: deed.instead }
  }
}

/** The worst that a breaker can report: of the gravest causes the one that takes the most steps. */
export function gravest(policy: Policy, breaker: BreakerConfig): Sample {
  const rules = policy.severity ?? USUAL_SEVERITY
  const samples = [...CAUSES, 'unknown' as const].map((cause) => ({
    cause,
    severity: breaker.severity ?? rules.causes[cause],
  }))
  const worst = SEVERITIES.findLast((one) => samples.some(({ severity }) => isAtLeast(severity, one)))
  const chosen = policyFor(policy.escalations, breaker)
  const stepsOf = (sample: Sample) => (chosen ? stepsFor(chosen, sample).length : 0)
  return samples
    .filter(({ severity }) => severity === worst)
    .reduce((best, one) => (stepsOf(one) > stepsOf(best) ? one : best))
}
