import type { Delivery } from '../channels/channel.ts'
import { type Message, type MessageKey, message } from '../domain/message.ts'
import type { ChatRef } from '../domain/policy.ts'
import { reasonOf } from '../domain/reason.ts'
import type { Job, NewJob } from '../store/store.ts'
import { type ChatState, changeChat, chatName, getChat, othersOf, type RefusedAlarm } from './chat-state.ts'
import { chatKey, type Lookup, type Parts } from './parts.ts'
import { isAlarm } from './queues.ts'
import { adminJob, sayJob } from './send-jobs.ts'
import { refusedWatch } from './watches.ts'
import type { SendWork } from './work.ts'

/** A chat that comes and goes is told of once in so long, ms. */
const TOLD_EVERY = 3_600_000
/** So many refused alarms are told of by name at most. */
const KEPT = 100

export type Refusal = Extract<Delivery, { outcome: 'refused' }>
export type BrokenChats = ReturnType<typeof createBrokenChats>

/**
 * Knows which chats take nothing, and tells the rooms: once that one is broken, and why, and once that it works again.
 * @param mended told of each chat that works again
 */
export function createBrokenChats(parts: Parts, lookup: Lookup, mended: () => void) {
  const { store, now, log } = parts

  /** It has taken something. */
  async function works(chat: ChatRef): Promise<void> {
    if (!(await getChat(store, chat)).broken) return
    const others = await othersOf(parts, lookup, chat)
    await changeChat(parts, chat, ({ broken, ...state }) => {
      if (!broken) return undefined
      log.info({ chat, since: broken.since }, 'a chat takes messages again')
      const say = (name: Message) => message('chat.works', { chat: name })
      return { state, jobs: broken.isTold ? telling('works', broken.since, chat, others, say) : [] }
    })
    mended()
  }

  /** It has refused a message for good; an alarm among them is told elsewhere. */
  async function refused(job: Job, chat: ChatRef, refusal: Refusal): Promise<void> {
    const others = await othersOf(parts, lookup, chat)
    const what = refusal.gone === 'chat' ? (`chat.mend.${chat.channel}` as const) : 'chat.mend.other'
    await changeChat(parts, chat, (known) => {
      const { state, jobs } = breakage(known, chat, others, refusal.why, what)
      const kept = isAlarm(job) && keeping(state, job, chat, { why: refusal.why })
      return kept ? { ...kept, jobs: [...jobs, ...kept.jobs] } : { state, jobs }
    })
  }

  /** An alarm is tried no more, though it may be there; it is told elsewhere. Nothing else is known of the chat. */
  async function givenUp(job: Job, chat: ChatRef, why: string): Promise<void> {
    const work = job.payload as SendWork
    // Two chats that both lose their messages would pass it to and fro.
    if (work.what === 'text' && work.passedOn)
      await store.enqueue(work.lines.slice(0, 1).map((words) => adminJob(job.id, words)))
    else await changeChat(parts, chat, (known) => keeping(known, job, chat, { why, isUnsure: true }))
  }

  /** Keeps an alarm to be told elsewhere; undefined: it has been told. */
  function keeping(
    state: ChatState,
    job: Job,
    chat: ChatRef,
    more: Pick<RefusedAlarm, 'why' | 'isUnsure'>,
  ): { state: ChatState; jobs: NewJob[] } | undefined {
    const { id, createdAt } = job
    if (createdAt <= (state.passedOn ?? 0)) return undefined
    const alarm = { id, createdAt, work: job.payload as SendWork, ...more }
    const alarms = [...(state.refused ?? []).filter((one) => one.id !== id), alarm]
    return {
      state: { ...state, refused: alarms.slice(-KEPT) },
      jobs: [refusedWatch(job, chat, now())],
    }
  }

  /**
   * The state of a chat that takes nothing, and the jobs that tell it.
   * @param what to do about it, in a whole sentence
   */
  function breakage(
    state: ChatState,
    chat: ChatRef,
    others: ChatRef[],
    why: string,
    what: MessageKey,
  ): { state: ChatState; jobs: NewJob[] } {
    const at = now()
    const { broken = { since: at, isTold: false }, toldAt } = state
    const isNews = !broken.isTold && (toldAt === undefined || at - toldAt >= TOLD_EVERY)
    const say = (name: Message) =>
      message('chat.broken', { chat: name, why: reasonOf(why), what: message(what) })
    return {
      state: {
        ...state,
        broken: { ...broken, why, isTold: broken.isTold || isNews },
        ...(isNews && { toldAt: at }),
      },
      jobs: isNews ? telling('broken', broken.since, chat, others, say) : [],
    }
  }

  /** To the other chats; where there are none, to an admin. */
  function telling(
    id: string,
    since: number,
    chat: ChatRef,
    others: ChatRef[],
    say: (name: Message) => Message,
  ): NewJob[] {
    const word = `chat-${id}:${chatKey(chat)}:${since}`
    if (others.length === 0) return [adminJob(word, say(chatName(lookup, chat, false)))]
    return others.map((other) => sayJob(word, other, [say(chatName(lookup, chat, true))]))
  }

  return { works, refused, givenUp, breakage }
}
