import type { ChatRef } from '../domain/policy.ts'
import type { Job, JobResult } from '../store/store.ts'
import { decideAndCommit } from './deciding.ts'
import type { Lookup, Parts } from './parts.ts'
import type { Typed } from './place.ts'
import { sayJob } from './send-jobs.ts'
import { actedAt, type TextWork } from './work.ts'

/** A line that answers a card is answered about it. */
export const aboutSame = ({ input: { replyTo } }: TextWork) => (replyTo === undefined ? {} : { replyTo })

interface TypedAsk {
  job: Job
  work: TextWork
  chat: ChatRef
  typed: Extract<Typed, { kind: 'ask' }>
}

/** Decides on what a typed line asks of one breaker, and answers it in its chat. */
export function askTyped(
  parts: Parts,
  lookup: Lookup,
  { job, work, chat, typed }: TypedAsk,
): Promise<JobResult> {
  const { sender } = work.input
  const room = lookup.configured(chat)
  const event = {
    type: 'ask',
    action: typed.action,
    channel: work.channel,
    sender: sender.id,
    anonymous: sender.anonymous === true,
    chat: room,
    typed: true,
    givenAt: actedAt(job, work.input),
    ...(typed.circuit !== undefined && { circuit: typed.circuit }),
    ...(typed.subject !== undefined && { subject: typed.subject }),
    ...(typed.reason !== undefined && { reason: typed.reason }),
    ...(typed.to !== undefined && { to: typed.to }),
  } as const
  return decideAndCommit(parts, lookup, job, typed.breaker, event, {
    extra: (decision) => {
      // A fresh card in this chat says it all; a text beside it would only be noise.
      const hasCard =
        lookup.roomOfChat(room) && decision.effects.some((effect) => effect.do === 'card' && effect.freshIn)
      return decision.reply && (decision.reply.refused || !hasCard)
        ? [sayJob(job.id, chat, [decision.reply.text], undefined, aboutSame(work))]
        : []
    },
  })
}
