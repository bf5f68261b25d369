import type { GroupRun } from '../domain/group-run.ts'
import type { ChatRef } from '../domain/policy.ts'
import { GROUP_CARD, runCard } from '../domain/run-card.ts'
import type { RunDecision, RunEffect } from '../domain/run-event.ts'
import type { NewJob } from '../store/store.ts'
import { runJob } from './follow-up.ts'
import { chatKey, type Lookup, type Parts } from './parts.ts'
import { breakerLane, PRIORITY, QUEUE } from './queues.ts'
import { cardJob, type Origin, sayJob } from './send-jobs.ts'
import type { EventWork } from './work.ts'

/**
 * Progress is shown at most once in so many ms: 10 times a minute, of the 12 that a Telegram group has for what is no
 * alarm.
 */
const PROGRESS_EVERY = 6000
/** A card that cannot be changed holds about so many names; of more, a message tells. */
const NAMES_ON_CARD = 4

/** The jobs, and the ids of timers to cancel, that a decision on a group run means. */
export function runJobs(
  parts: Parts,
  lookup: Lookup,
  job: string,
  { run, effects }: RunDecision,
  now: number,
  answeredIn?: ChatRef,
): { jobs: NewJob[]; cancel: string[] } {
  const isTold = ({ channel }: ChatRef) => parts.channels.get(channel)?.abilities.updateAnyTime === false
  const origin: Origin = { job, now, askedAt: now, isTold, ...(answeredIn && { answeredIn }) }
  const jobs = effects.flatMap((effect): NewJob[] => {
    if (effect.do === 'card') return run.chats.flatMap((chat) => showIn(chat, run, effect, origin))
    if (effect.do === 'step') return [stepJob(lookup, run, effect)]
    return effect.do === 'timer' ? [runJob(`timer:${effect.id}`, run.id, effect.event, effect.at)] : []
  })
  const cancel = effects.flatMap((one) => (one.do === 'cancel-timer' ? [`timer:${one.id}`] : []))
  return { jobs, cancel }
}

function showIn(
  chat: ChatRef,
  run: GroupRun,
  { milestone, freshIn }: Extract<RunEffect, { do: 'card' }>,
  origin: Origin,
): NewJob[] {
  const isFresh = freshIn !== undefined && chatKey(freshIn) === chatKey(chat)
  const card = cardJob(
    GROUP_CARD,
    { do: 'card', subject: run.id, urgent: isFresh, ...(isFresh && { freshIn: chat }) },
    chat,
    origin,
  )
  if (!origin.isTold(chat)) {
    // Under a key of its own, so that a milestone does not wait with it.
    const progress = { collapse: `${card.collapse}:progress`, dueAt: origin.now + PROGRESS_EVERY }
    return [milestone || card.dueAt !== undefined ? card : { ...card, ...progress }]
  }
  const { notes, summary } = runCard(run)
  const say = (lines: typeof notes) => sayJob(`run:${origin.job}`, chat, lines, PRIORITY.answer)
  if (run.stage === 'asked')
    return isFresh || milestone ? [card, ...(run.steps.length > NAMES_ON_CARD ? [say(notes)] : [])] : []
  const isAnswered = origin.answeredIn && chatKey(origin.answeredIn) === chatKey(chat)
  return milestone && !isAnswered ? [say([summary, ...notes])] : []
}

/** Asks the breaker's lane, once ever; one that is not configured any more is told of at once. */
function stepJob(
  lookup: Lookup,
  run: GroupRun,
  { breaker, circuit }: Extract<RunEffect, { do: 'step' }>,
): NewJob {
  const id = `step:${run.id}:${breaker}:${circuit}`
  if (!lookup.breaker(breaker)) {
    const told = { stage: 'refused', version: 0 } as const
    return runJob(id, run.id, { type: 'run-told', breaker, circuit, told })
  }
  const ask = {
    type: 'ask',
    action: run.to === 'open' ? 'open' : 'reclose',
    channel: run.askedBy.channel,
    ...(run.askedBy.via && { via: run.askedBy.via }),
    sender: run.sender,
    anonymous: false,
    chat: run.chat,
    circuit,
    typed: false,
  } as const
  const event = { type: 'group-step', run: run.id, ask } as const
  const payload: EventWork = { from: 'inside', breaker, event }
  return { id, queue: QUEUE.events, lane: breakerLane(breaker), priority: PRIORITY.answer, payload }
}
