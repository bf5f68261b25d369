import type { AuditLine } from './decision.ts'
import { countOf, type GroupRun, missed, nextSteps, type RunStep, reached, withStep } from './group-run.ts'
import { type Message, message } from './message.ts'
import type { Via } from './people.ts'
import type { RunEffect, RunEvent, RunGiven } from './run-event.ts'

/**
 * When a run that should have gone on stands still for so long, the service was away; what still waited is void, for
 * nobody may be surprised by a late command. ms.
 */
const LATE = 60_000
/** So long without any word of a step ends the run, ms: more than a second person's minute, and the way. */
export const LAPSES = 180_000

/** A decision being made. */
export interface RunDraft {
  run: GroupRun
  readonly given: RunGiven
  readonly effects: RunEffect[]
  readonly audit: AuditLine[]
  milestone: boolean
  /** By what it is asked for, where by no chat. */
  via?: Via | undefined
}

/** True when it should have gone on long ago. */
export const isLate = ({ run, given }: RunDraft): boolean =>
  given.now > Math.max(run.nextAt, run.movedAt) + LATE

/** Begins what may begin, and sees whether all is over. */
export function goOn(draft: RunDraft, late = isLate(draft)): void {
  const { given } = draft
  if (draft.run.stage !== 'running') return
  const isOff =
    !given.policy.actuation || (given.offAt !== undefined && given.offAt >= draft.run.confirmedAt!)
  if (isOff) halt(draft, message('gate.actuation-off'))
  else if (late) halt(draft, message('run.late'))
  for (const step of nextSteps(draft.run, given.now)) begin(draft, step)
  waitOn(draft)
}

function begin(draft: RunDraft, step: RunStep): void {
  const { breaker, circuit } = step
  draft.run = { ...withStep(draft.run, { ...step, standing: 'begun' }), movedAt: draft.given.now }
  draft.effects.push({ do: 'step', breaker, circuit })
}

/** The next close has its time; and where nothing is left to wait for, the run is over. */
function waitOn(draft: RunDraft): void {
  const { run, given } = draft
  const waiting = countOf(run, 'waiting')
  if (countOf(run, 'waiting', 'begun', 'sent', 'second-person') === 0) end(draft, 'ended', 'system')
  else if (waiting > 0 && run.nextAt > given.now && countOf(run, 'begun') === 0)
    timer(draft, `run-turn:${waiting}`, run.nextAt, { type: 'run-turn' })
}

/** No run stands for ever, whatever gets lost. */
export const watch = (draft: RunDraft, at: number) =>
  timer(draft, `run-lapsed:${at}`, at, { type: 'run-lapsed' })

function timer({ run, effects }: RunDraft, id: string, at: number, event: RunEvent): void {
  effects.push({ do: 'timer', id: `${id}:${run.id}`, at, event })
}

/** What still waits will not begin. */
export function halt(draft: RunDraft, why: Message): void {
  if (draft.run.stage !== 'running' || countOf(draft.run, 'waiting') === 0) return
  const steps = draft.run.steps.map((one) =>
    one.standing === 'waiting' ? ({ ...one, standing: 'void' } as const) : one,
  )
  draft.run = { ...draft.run, steps, stopped: why }
  draft.milestone = true
}

export function end(draft: RunDraft, stage: 'ended' | 'cancelled' | 'expired', who: string): void {
  draft.run = { ...draft.run, stage, endedAt: draft.given.now }
  draft.milestone = true
  const more = stage === 'ended' ? { reached: reached(draft.run), missed: missed(draft.run) } : {}
  draft.audit.push(line(draft, who, stage, more))
}

/** An entry of the audit: `full-off.confirmed`, `group-close.ended`. */
export function line(
  { run, via }: RunDraft,
  who: string,
  what: string,
  more: Record<string, unknown> = {},
): AuditLine {
  return {
    who,
    what: runWord(run, what),
    details: { run: run.id, place: run.place, ...more, ...(via && { via }) },
  }
}

export const runWord = ({ to }: Pick<GroupRun, 'to'>, what: string): string =>
  `${to === 'open' ? 'full-off' : 'group-close'}.${what}`
