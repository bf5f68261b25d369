import {
  type Escalating,
  type Escalation,
  type EscalationPolicy,
  type Look,
  type Progress,
  type Resolve,
  type Step,
  TOLD_NOBODY,
} from './escalation.ts'
import { isAtLeast } from './severity.ts'
import { deedsOf, isIn, tellAgain, unique, withTold } from './step-deeds.ts'

/** The steps that are for such an alarm, in the order of their times. */
export function stepsFor(
  { steps }: EscalationPolicy,
  { severity, cause }: Pick<Escalating, 'severity' | 'cause'>,
): Step[] {
  return steps
    .filter((step) => step.severity === undefined || isAtLeast(severity ?? 'critical', step.severity))
    .filter((step) => !step.causes || (cause !== undefined && step.causes.includes(cause)))
    .toSorted((a, b) => a.after - b.after)
}

/** Begins it for a new alarm, or anew for one that nobody owns any more. */
export function begin(policy: EscalationPolicy, alarm: Escalating, now: number, resolve: Resolve): Progress {
  const before = alarm.escalation
  const again = before ? tellAgain(before, 'reopened') : []
  const first = take(policy, alarm, anew(alarm, now), 0, resolve)
  return { ...first, deeds: [...again, ...first.deeds.filter((deed) => !isIn(again, deed))] }
}

/** The same while nobody is to be called: its time begins when somebody may be. */
export function hold(policy: EscalationPolicy, alarm: Escalating, now: number): Progress {
  const escalation = anew(alarm, now)
  const look = lookAfter(policy, stepsFor(policy, alarm), escalation)
  return { escalation, deeds: [], ...(look && { look }) }
}

/** What was open in a store that was put back: its steps of before are void, and begin anew when it is not held any more. */
export const held = <T extends Escalating>(alarm: T, now: number, heldUntil: number): T => ({
  ...alarm,
  heldUntil,
  ...(alarm.escalation?.stage === 'running' && { escalation: anew(alarm, now) }),
})

const anew = ({ escalation: before }: Escalating, now: number): Escalation => ({
  stage: 'running',
  run: (before?.run ?? 0) + 1,
  round: 0,
  since: now,
  reached: NONE,
  told: before?.told ?? TOLD_NOBODY,
})

/** No step of the round has been taken, not even the first. */
const NONE = -1

/** A timer of it fell due. Undefined where that timer is void. */
export function advance(
  policy: EscalationPolicy,
  alarm: Escalating,
  look: Look,
  now: number,
  resolve: Resolve,
): Progress | undefined {
  const { escalation } = alarm
  if (escalation?.stage !== 'running' || escalation.run !== look.run) return undefined
  if (look.round === escalation.round + 1)
    return take(
      policy,
      alarm,
      { ...escalation, round: look.round, since: now - look.after, reached: NONE },
      look.after,
      resolve,
    )
  if (look.round !== escalation.round || look.after <= escalation.reached) return undefined
  if (escalation.reached === NONE)
    return take(policy, alarm, { ...escalation, since: now - look.after }, look.after, resolve)
  return take(policy, alarm, escalation, look.after, resolve)
}

/**
 * No chat has got the alarm: the first step that leads elsewhere is taken at once, with those before it. Undefined where
 * there is none, or it has been taken.
 */
export function hurry(policy: EscalationPolicy, alarm: Escalating, resolve: Resolve): Progress | undefined {
  const { escalation } = alarm
  if (escalation?.stage !== 'running') return undefined
  const { call, mail, hooks } = escalation.told
  if (call.length + mail.length + hooks.length > 0) return undefined
  const away = stepsFor(policy, alarm).find((step) => step.call ?? step.mail ?? step.webhook)
  if (!away || away.after <= escalation.reached) return undefined
  return take(policy, alarm, escalation, away.after, resolve)
}

/** The next look by the policy as it is now, from where it stands. */
export function resume(policy: EscalationPolicy, alarm: Escalating): Look | undefined {
  const { escalation } = alarm
  return escalation && lookAfter(policy, stepsFor(policy, alarm), escalation)
}

/** It is graver by now, or its cause is known: steps that are for such alarms only, and would have been taken, are taken now. */
export function revise(
  policy: EscalationPolicy,
  before: Escalating,
  alarm: Escalating,
  escalation: Escalation,
  resolve: Resolve,
): Progress {
  const [were, are] = [stepsFor(policy, before), stepsFor(policy, alarm)]
  const missed = are.filter((step) => step.after <= escalation.reached && !were.includes(step))
  const deeds = unique(missed.flatMap((step) => deedsOf(step, escalation, resolve)))
  const look = lookAfter(policy, are, escalation)
  return {
    escalation: { ...escalation, told: withTold(escalation.told, deeds) },
    deeds,
    ...(look && { look }),
  }
}

/** Somebody owns it, or it is resolved: nobody more is called, and whoever was told by mail or web-hook learns it. */
export function stop(escalation: Escalation, what: 'acknowledged' | 'resolved'): Progress {
  const stage = what === 'resolved' ? 'over' : 'stopped'
  return { escalation: { ...escalation, stage }, deeds: tellAgain(escalation, what) }
}

/** The timer's id, which is one for each look. */
export const lookId = (alarm: string, { run, round, after }: Omit<Look, 'at'>): string =>
  `escalate:${alarm}:${run}:${round}:${after}`

/** Takes all steps of the round up to `after`, and says when to look for the next. */
function take(
  policy: EscalationPolicy,
  alarm: Escalating,
  escalation: Escalation,
  after: number,
  resolve: Resolve,
): Progress {
  const steps = stepsFor(policy, alarm)
  const due = steps.filter((step) => step.after > escalation.reached && step.after <= after)
  const deeds = due.flatMap((step) => deedsOf(step, escalation, resolve))
  const next = { ...escalation, reached: after, told: withTold(escalation.told, deeds) }
  const look = lookAfter(policy, steps, next)
  return { escalation: next, deeds: unique(deeds), ...(look && { look }) }
}

function lookAfter(
  { repeat, repeatAfter }: EscalationPolicy,
  steps: Step[],
  { run, round, since, reached }: Escalation,
): Look | undefined {
  const next = steps.find((step) => step.after > reached)
  if (next) return { at: since + next.after, run, round, after: next.after }
  const last = steps.at(-1)
  if (!last || round >= repeat) return undefined
  return { at: since + last.after + repeatAfter, run, round: round + 1, after: steps[0]!.after }
}
