import { message, span } from '../domain/message.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { Job, JobResult, NewJob } from '../store/store.ts'
import { changeChat, getChat } from './chat-state.ts'
import type { Outgoing } from './outgoing.ts'
import { chatKey, type Lookup, type Parts } from './parts.ts'
import { chatLane, PRIORITY, SEND_QUEUE } from './queues.ts'
import type { SendWork } from './work.ts'

/** A text that could not be sent for so long says nothing any more, unless it is an alarm, ms. */
export const TOO_LATE = 3_600_000

/** So long is waited for more of them before their number is told, ms. */
const GATHER = 5000

/** In place of texts that are of yesterday when the chat can be reached again, one that says how many there were. */
export function createLateTexts(parts: Parts, lookup: Lookup, outgoing: Outgoing) {
  const { store, now } = parts

  /** Counts a text instead of sending it. */
  async function count(job: Job, chat: ChatRef): Promise<JobResult> {
    await changeChat(parts, chat, (state) => {
      const { count, since } = state.late ?? { count: 0, since: job.createdAt }
      const late = { count: count + 1, since: Math.min(since, job.createdAt) }
      return { state: { ...state, late }, jobs: [summary(job, chat)], done: job.id }
    })
    return 'committed'
  }

  function summary({ id }: Job, chat: ChatRef): NewJob {
    return {
      id: `late:${id}`,
      queue: SEND_QUEUE[chat.channel],
      lane: chatLane(chat),
      priority: PRIORITY.rest,
      payload: { what: 'late', chat } satisfies SendWork,
      dueAt: now() + GATHER,
      collapse: `late:${chatKey(chat)}`,
    }
  }

  /** @param key the platform's idempotency key */
  async function tell(job: Job, chat: ChatRef, key: string): Promise<JobResult> {
    const { late } = await getChat(store, chat)
    if (!late) return 'done'
    const { count, since } = late
    const words = message('chat.late', { count, span: span(since, now(), 'date-time') })
    const outcome = await outgoing.send(job, chat, { text: lookup.translatorFor(chat)(words) }, key)
    if (outcome.outcome !== 'delivered') return outgoing.failed(job, 'card', chat, outcome)
    await changeChat(parts, chat, ({ late: now, ...state }) => {
      const more = (now?.count ?? 0) - count
      return { state: { ...state, ...(more > 0 && now && { late: { ...now, count: more } }) }, done: job.id }
    })
    return 'committed'
  }

  return { count, tell }
}
