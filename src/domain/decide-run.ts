import { answer, type Reply, refuse } from './decision.ts'
import { type GroupRun, isStoppable, stepAfter, withStep } from './group-run.ts'
import { isTooLate } from './late.ts'
import { message } from './message.ts'
import { isNamed } from './operation.ts'
import { may, personOf } from './people.ts'
import type { RunAsk, RunDecision, RunEvent, RunGiven } from './run-event.ts'
import { end, goOn, halt, isLate, LAPSES, line, type RunDraft, watch } from './run-steps.ts'

/** What follows from one event of a group run. Pure, like a breaker's `decide`. */
export function decideRun(run: GroupRun, event: RunEvent, given: RunGiven): RunDecision {
  const draft: RunDraft = { run, given, effects: [], audit: [], milestone: false }
  const reply = event.type === 'run-ask' ? onAsk(draft, event) : onEvent(draft, event)
  const isChanged = draft.run !== run
  return {
    run: isChanged ? { ...draft.run, version: run.version + 1 } : run,
    effects: [...(isChanged ? [{ do: 'card', milestone: draft.milestone } as const] : []), ...draft.effects],
    audit: draft.audit,
    ...(reply && { reply }),
  }
}

function onEvent(draft: RunDraft, event: Exclude<RunEvent, RunAsk>): undefined {
  switch (event.type) {
    case 'run-expired':
      if (draft.run.stage === 'asked') end(draft, 'expired', 'system')
      break
    case 'run-turn':
      goOn(draft)
      break
    case 'run-told':
      onTold(draft, event)
      break
    case 'run-halted':
      if (draft.run.stage === 'asked') end(draft, 'cancelled', 'system')
      halt(draft, event.why)
      goOn(draft)
      break
    case 'run-lapsed':
      onLapsed(draft)
      break
  }
}

function onAsk(draft: RunDraft, ask: RunAsk): Reply {
  const { run, given } = draft
  draft.via = ask.via
  const person = ask.anonymous ? undefined : personOf(given.policy.people, ask.channel, ask.sender)
  const right = ask.action === 'confirm' && run.to === 'closed' ? 'close' : 'open'
  if (!person || !may(person, right)) {
    const why = person ? 'role' : 'not listed'
    draft.audit.push(
      line(draft, person?.name ?? `${ask.channel}:${ask.sender}`, `${ask.action}-refused`, { why }),
    )
    if (ask.anonymous) return refuse('ask.anonymous')
    return person ? refuse('gate.role', { person: person.name }) : refuse('ask.stranger', { id: ask.sender })
  }
  if (!isNamed(ask, run)) return refuse('ask.superseded-gone')
  if (ask.action === 'cancel') return cancel(draft, person.name)
  const isLate = run.stage === 'asked' && isTooLate(ask.givenAt, given.now)
  return isLate ? late(draft, ask) : confirm(draft, person.name)
}

function late({ run }: RunDraft, { typed }: RunAsk): Reply {
  if (typed) return refuse('ask.late')
  const word = message(run.to === 'open' ? 'button.confirm-run-open' : 'button.confirm-run-closed')
  return refuse('press.late', { word, breaker: run.place })
}

function confirm(draft: RunDraft, person: string): Reply {
  const { run, given } = draft
  const { place } = run
  if (run.stage === 'running') return answer(`run.already-${run.to}`, { place })
  if (run.stage !== 'asked' || given.now >= run.expiresAt) return refuse('run.nothing', { place })
  if (person !== run.askedBy.person) return refuse('run.only-asker', { place, person: run.askedBy.person })
  if (!given.policy.actuation) return refuse('gate.actuation-off')
  draft.run = { ...run, stage: 'running', confirmedAt: given.now, nextAt: given.now, movedAt: given.now }
  draft.milestone = true
  draft.audit.push(line(draft, person, 'confirmed'))
  draft.effects.push({ do: 'cancel-timer', id: `run-expired:${run.id}` })
  if (run.to === 'open') draft.effects.push({ do: 'halt-closing' })
  watch(draft, given.now + LAPSES)
  goOn(draft)
  return answer(`run.begun-${run.to}`, { place })
}

function cancel(draft: RunDraft, person: string): Reply {
  const { run } = draft
  const { place } = run
  if (!isStoppable(run)) return refuse('run.nothing', { place })
  if (run.stage === 'asked') {
    draft.effects.push({ do: 'cancel-timer', id: `run-expired:${run.id}` })
    end(draft, 'cancelled', person)
    return answer('run.cancelled', { place })
  }
  draft.audit.push(line(draft, person, 'stopped'))
  halt(draft, message('run.stopped-by', { person }))
  goOn(draft)
  return answer('run.stopped', { place })
}

function onTold(draft: RunDraft, event: Extract<RunEvent, { type: 'run-told' }>): void {
  const { given } = draft
  const step = draft.run.steps.find((one) => one.breaker === event.breaker && one.circuit === event.circuit)
  const next = step && stepAfter(step, event.told)
  if (!next) return
  draft.run = withStep(draft.run, next)
  // A close that has left draws its inrush now.
  const hasLeft = event.told.stage === 'sent' || (event.told.stage === 'done' && step.standing === 'begun')
  const late = isLate(draft)
  if (hasLeft && draft.run.to === 'closed')
    draft.run = { ...draft.run, nextAt: given.now + given.policy.groupCloseEvery }
  goOn(draft, late)
  if (draft.run.stage === 'running') draft.run = { ...draft.run, movedAt: given.now }
}

/** No word has come of what was begun: it may or may not have happened. */
function onLapsed(draft: RunDraft): void {
  const { run, given } = draft
  if (run.stage !== 'running') return
  const at = Math.max(run.nextAt, run.movedAt) + LAPSES
  if (given.now < at) {
    watch(draft, at)
    return
  }
  halt(draft, message('run.late'))
  const steps = draft.run.steps.map((one) =>
    ['begun', 'sent', 'second-person'].includes(one.standing)
      ? { ...one, standing: 'unconfirmed' as const, why: [message('run.no-word')] }
      : one,
  )
  draft.run = { ...draft.run, steps }
  end(draft, 'ended', 'system')
}
