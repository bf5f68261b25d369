import { ALARM_CARD } from '../domain/alarm.ts'
import { type Message, type MessageKey, message } from '../domain/message.ts'
import type { ChatRef } from '../domain/policy.ts'
import { reasonOf } from '../domain/reason.ts'
import type { AuditEntry, JobResult, NewJob, Store } from '../store/store.ts'
import { alarmJob } from './alarm-jobs.ts'
import type { BrokenChats } from './broken-chats.ts'
import { type CardRecord, cardOwner, cardRecordKey, currentCardText, isOfNoBreaker } from './cards.ts'
import { type ChatState, changeChat, chatName, getChat, othersOf } from './chat-state.ts'
import { insideJob } from './follow-up.ts'
import { NO_ROOM } from './outgoing.ts'
import { chatKey, type Lookup, type Parts } from './parts.ts'
import { chatLane, PRIORITY, SEND_QUEUE } from './queues.ts'
import { adminJob, sayJob } from './send-jobs.ts'
import { TAKEN_WITHIN } from './watches.ts'
import type { SendWork, WatchWork } from './work.ts'

/** So many alarms of one chat are looked for at first. */
const MOST = 1000
/** So many of them are told one by one. */
const TOLD = 10

/** An alarm that a chat does not have. */
interface Missing {
  id: string
  createdAt: number
  work: SendWork
  why?: string
}

/**
 * Alarms that a chat refused for good, has not taken in time, or may not have got, are told in the room's other chats;
 * where none works, to an admin. One text for all of a moment, and each alarm once.
 */
export function createUndelivered(parts: Parts, lookup: Lookup, brokenChats: BrokenChats) {
  const { store, now, metrics, log } = parts

  async function run({ payload }: { payload: unknown }): Promise<JobResult> {
    const { chat, afterRefusal } = payload as WatchWork
    const waiting = await alarmsFor(chat)
    const due = now() - TAKEN_WITHIN
    const late = waiting.filter(({ createdAt }) => createdAt <= due)
    await passOn(chat, late, due)
    // Another one waits for what is not due yet.
    if (afterRefusal) return 'done'
    const next = Math.min(...waiting.map(({ createdAt }) => createdAt).filter((at) => at > due))
    return Number.isFinite(next) ? { retryAt: next + TAKEN_WITHIN, why: 'a later alarm' } : 'done'
  }

  /**
   * Those that wait for the chat or are on their way, oldest first; without what it, or the room, was told in another
   * way.
   */
  async function alarmsFor(chat: ChatRef): Promise<Missing[]> {
    const { passedOn: after = 0 } = await getChat(store, chat)
    const found = (await unfinished(chat, after)).map(({ job, why }) => ({
      id: job.id,
      createdAt: job.createdAt,
      work: job.payload as SendWork,
      ...(why !== undefined && { why }),
    }))
    const had = await Promise.all(found.map(({ work }) => hasIt(work)))
    return found.filter((_, index) => !had[index])
  }

  /** All of them: what is not found now counts as told once these are. */
  async function unfinished(chat: ChatRef, after: number, limit = MOST): ReturnType<Store['unfinished']> {
    const where = { queue: SEND_QUEUE[chat.channel], lane: chatLane(chat), priority: PRIORITY.alarm }
    const found = await store.unfinished({ ...where, after, limit })
    return found.length < limit ? found : unfinished(chat, after, limit * 10)
  }

  async function hasIt(work: SendWork): Promise<boolean> {
    if (work.what === 'text') return work.passedOn === true
    if (work.what !== 'card') return true
    const record = await store.get<CardRecord>(cardRecordKey(work.chat, work.id))
    return record?.value.told !== undefined
  }

  /** @param until all of `late` was made up to then */
  async function passOn(chat: ChatRef, late: Missing[], until: number): Promise<void> {
    const others = await othersOf(parts, lookup, chat)
    await changeChat(parts, chat, async (known) => {
      const { refused = [], ...rest } = known
      const overdue = late.filter(({ createdAt }) => createdAt > (known.passedOn ?? 0))
      if (refused.length + overdue.length === 0) return undefined
      const sure = refused.filter(({ isUnsure }) => !isUnsure)
      const unsure = refused.filter(({ isUnsure }) => isUnsure)
      const state = { ...rest, passedOn: Math.max(until, known.passedOn ?? 0) }
      const changes = [
        await telling(chat, others, sure, 'alarm.refused'),
        await telling(chat, others, unsure, 'alarm.unsure'),
        await telling(chat, others, overdue, 'alarm.late'),
      ]
      const broken = overdue.length > 0 ? silence(state, chat, others, overdue) : { state, jobs: [] }
      metrics.undelivered.inc({ channel: chat.channel }, refused.length + overdue.length)
      log.error({ chat, refused: refused.length, late: overdue.length }, 'a chat did not get alarms')
      return {
        state: broken.state,
        jobs: [...changes.flatMap(({ jobs }) => jobs), ...broken.jobs],
        audit: changes.flatMap(({ audit }) => audit),
      }
    })
  }

  /** A chat that has as much as it takes is busy, not broken. */
  function silence(state: ChatState, chat: ChatRef, others: ChatRef[], late: Missing[]) {
    const why = whyOf(late)
    if (why === NO_ROOM) return { state, jobs: [] }
    return brokenChats.breakage(state, chat, others, why ?? NOT_TRIED, 'chat.mend.waits')
  }

  async function telling(
    chat: ChatRef,
    others: ChatRef[],
    missing: Missing[],
    key: Extract<MessageKey, 'alarm.refused' | 'alarm.unsure' | 'alarm.late'>,
  ): Promise<{ jobs: NewJob[]; audit: AuditEntry[] }> {
    const [first] = missing
    if (!first) return { jobs: [], audit: [] }
    const why = whyOf(missing)
    const said = await Promise.all(missing.slice(0, TOLD).map((one) => factsOf(one.work)))
    const alarms = listed(
      said.filter((one) => one !== undefined),
      missing.length,
    )
    const say = (name: Message) =>
      message(key, { chat: name, count: missing.length, alarms, why: inWords(why) })
    const id = `${key}:${first.id}`
    const jobs = others.map((other) =>
      passedOn(sayJob(id, other, [say(chatName(lookup, chat, true))], PRIORITY.alarm)),
    )
    const admin = () => [
      adminJob(id, say(chatName(lookup, chat, false))),
      ...missing.flatMap(({ work }) => unheardJob(id, work)),
    ]
    return { jobs: jobs.length > 0 ? jobs : admin(), audit: missing.map((one) => noted(chat, one, why)) }
  }

  /** What the alarm says, in the language of its room. */
  async function factsOf(work: SendWork): Promise<string | undefined> {
    if (work.what === 'text') return work.lines.map(lookup.translatorFor(work.chat)).join(' ')
    if (work.what !== 'card') return undefined
    const owner = cardOwner(lookup, work.breaker)
    return owner && (await currentCardText(parts, lookup, owner, work.id, work.chat))?.summary
  }

  function noted(chat: ChatRef, { work }: Missing, why = NOT_TRIED): AuditEntry {
    const about = work.what === 'card' ? { subject: work.breaker, incident: work.id } : undefined
    return {
      at: now(),
      who: 'system',
      what: 'alarm.undelivered',
      subject: about?.subject ?? chatKey(chat),
      details: { chat: chatKey(chat), why, ...(about && { incident: about.incident }) },
    }
  }

  return { run }
}

const NOT_TRIED = 'nothing was taken'

/** Why the first of them that was tried is not there. One that failed says more than one that waits for room. */
function whyOf(missing: Missing[]): string | undefined {
  const whys = missing.flatMap(({ why }) => why ?? [])
  return whys.find((why) => why !== NO_ROOM) ?? whys[0]
}

function inWords(why: string | undefined): string | Message {
  if (why === undefined) return message('alarm.not-tried')
  return reasonOf(why)
}

function listed(alarms: string[], count: number): Message | string {
  if (count === 1) return alarms.join('')
  const lines = alarms.reduce<Message | string>((above, alarm) => message('alarm.line', { above, alarm }), '')
  return count > alarms.length ? message('alarm.more', { alarms: lines, more: count - alarms.length }) : lines
}

/** It is about another chat, and is itself not passed on. */
function passedOn(job: NewJob): NewJob {
  return { ...job, payload: { ...(job.payload as Extract<SendWork, { what: 'text' }>), passedOn: true } }
}

/** No chat has the alarm: whoever is called in other ways is called now. */
function unheardJob(id: string, work: SendWork): NewJob[] {
  if (work.what !== 'card') return []
  const event = { type: 'unheard', alarm: work.id } as const
  const name = `unheard:${id}:${work.id}`
  if (work.breaker === ALARM_CARD) return [alarmJob(name, work.id, event)]
  return isOfNoBreaker(work.breaker) ? [] : [insideJob(name, work.breaker, event)]
}
