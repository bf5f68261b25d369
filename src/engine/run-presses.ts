import type { Reply } from '../domain/decision.ts'
import type { GroupRun } from '../domain/group-run.ts'
import { message } from '../domain/message.ts'
import type { ChatRef } from '../domain/policy.ts'
import { GROUP_CARD } from '../domain/run-card.ts'
import type { RunEvent } from '../domain/run-event.ts'
import type { Job, JobResult, NewJob, Write } from '../store/store.ts'
import type { Aliases } from './aliases.ts'
import type { Answers } from './answers.ts'
import type { LateWords } from './missed.ts'
import { chatKey, getRun, type Lookup, type Parts } from './parts.ts'
import { createShow, pressedIn } from './pressed.ts'
import { actedAt, type PressWork } from './work.ts'

/** What more goes into the commit of a decision, and where its card is shown already. */
export interface RunAnswered {
  answeredIn?: ChatRef
  extra?: (reply: Reply) => NewJob[]
  writes?: (reply: Reply, run: GroupRun) => Write[]
}

type Decide = (job: Job, id: string, event: RunEvent, more: RunAnswered) => Promise<JobResult | Reply>

/** The buttons of a run's card; they belong to the chats that the card was brought to. */
export function createRunPresses(
  parts: Parts,
  lookup: Lookup,
  aliases: Aliases,
  answers: Answers,
  decide: Decide,
) {
  const show = createShow(parts, lookup, answers, GROUP_CARD)

  return async function press(
    job: Job,
    { channel, input, pressed }: PressWork,
    late: LateWords | undefined,
  ): Promise<JobResult> {
    const found = (await getRun(parts.store, pressed.id))?.value
    const chat = pressedIn(lookup, aliases, { channel, chat: input.chat }, found?.chats)
    const { action } = pressed
    const isThere = found?.chats.some((one) => chatKey(one) === chatKey(chat))
    if (!isThere || (action !== 'confirm' && action !== 'cancel')) {
      const text = message(isThere ? 'ask.superseded-gone' : 'ask.other-chat')
      if (action === 'noop' && isThere) await show(job, pressed.id, chat, late)
      else {
        if (late) await parts.store.enqueue(late(text))
        await show(job, undefined, chat, late, { text, refused: true })
      }
      return 'done'
    }
    const { id: sender, anonymous = false } = input.sender
    const { nonce } = pressed
    const givenAt = actedAt(job, input)
    const event = { type: 'run-ask', action, channel, sender, anonymous, typed: false, givenAt } as const
    const cardInAnswer = parts.channels.get(channel)?.abilities.cardInAnswer
    const result = await decide(
      job,
      pressed.id,
      { ...event, ...(nonce !== undefined && { nonce }) },
      {
        ...(cardInAnswer && !late && { answeredIn: chat }),
        extra: ({ text }) => late?.(text) ?? [],
      },
    )
    if (!isReply(result)) return result
    show(job, pressed.id, chat, late, result).catch(() => answers.give(job.id, {}, late !== undefined))
    return 'committed'
  }
}

export const isReply = (result: JobResult | Reply): result is Reply =>
  typeof result === 'object' && 'text' in result
