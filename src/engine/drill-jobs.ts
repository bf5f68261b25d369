import type { Handed } from '../channels/way.ts'
import type { DrillTry } from '../domain/drill.ts'
import type { Job, NewJob } from '../store/store.ts'
import { alarmJob } from './alarm-jobs.ts'
import type { Outcome } from './outgoing.ts'
import type { PostWork, SendWork } from './work.ts'

/** Tells a drill what became of one try. */
export function triedJob({ id, attempt }: Job, drill: string, tried: DrillTry): NewJob {
  return alarmJob(`tried:${id}:${attempt}`, drill, { type: 'tried', tried })
}

/** The same of a reminder in a chat. */
export function remindedJob(
  job: Job,
  { alarm, step, chat }: Extract<SendWork, { what: 'remind-drill' }>,
  delivery: Outcome,
): NewJob {
  const isTold = delivery.outcome === 'later' && 'told' in delivery && delivery.told === true
  const outcome = isTold ? 'delivered' : delivery.outcome === 'no-room' ? 'later' : delivery.outcome
  const why = !isTold && 'why' in delivery ? { why: delivery.why } : {}
  return triedJob(job, alarm, { way: 'remind', to: chat.channel, step, outcome, ...why })
}

/** The same of a mail or web-hook. */
export function postedJob(job: Job, { way, to, ref }: PostWork, step: number, handed: Handed): NewJob {
  const why = 'why' in handed ? { why: handed.why } : {}
  return triedJob(job, ref.id, { way, to, step, outcome: handed.outcome, ...why })
}
