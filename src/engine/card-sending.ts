import type { Content } from '../channels/channel.ts'
import { ALARM_CARD } from '../domain/alarm.ts'
import type { CardText } from '../domain/card-text.ts'
import { GROUP_CARD } from '../domain/run-card.ts'
import { STORM_CARD } from '../domain/storm.ts'
import type { Job, JobResult, Versioned, Write } from '../store/store.ts'
import { newCardIn } from './calling.ts'
import {
  type CardRecord,
  cardOwner,
  cardRecordKey,
  currentCardText,
  type MessageRecord,
  messageKey,
  recordWrite,
  type Way,
  wayFor,
} from './cards.ts'
import { digest } from './digest.ts'
import type { Outcome, Outgoing } from './outgoing.ts'
import type { Lookup, Parts } from './parts.ts'
import { isAlarm } from './queues.ts'
import type { SendWork } from './work.ts'

type CardWork = Extract<SendWork, { what: 'card' }>
type MendWork = Extract<SendWork, { what: 'mend' }>

/** What stands for a breaker in the key of a card that is about none. */
const OF_NO_BREAKER: Record<string, string> = {
  [GROUP_CARD]: 'group',
  [STORM_CARD]: 'storm',
  [ALARM_CARD]: 'alarm',
}

/** Brings cards to chats, and keeps which message shows which. */
export function createCardSender(parts: Parts, lookup: Lookup, outgoing: Outgoing) {
  const { store, now } = parts

  async function bring(job: Job, work: CardWork): Promise<JobResult> {
    const owner = cardOwner(lookup, work.breaker)
    if (!owner) return { dead: `breaker ${work.breaker} is not configured any more` }
    const shown = await currentCardText(parts, lookup, owner, work.id, work.chat)
    const record = await store.get<CardRecord>(cardRecordKey(work.chat, work.id))
    if (!shown || (record && !work.fresh && record.value.shown >= shown.version)) return 'done'
    const way = wayFor(parts.channels.get(work.chat.channel), record?.value, shown, work.fresh)
    const calls = isAlarm(job) && !work.fresh && !record
    const more = calls ? await newCardIn(parts, lookup, work.chat, owner, work.id) : {}
    const delivery = await deliver(way, job, work, shown, record?.value, more)
    if (delivery.outcome === 'delivered' && !record) tellFirst(work)
    if (delivery.outcome === 'delivered') return remember(way, job, work, shown, delivery.message)
    if (delivery.outcome === 'later' && delivery.told) await rememberTold(work, shown)
    const isLost = delivery.outcome === 'refused' && delivery.gone === 'message' && record?.value.message
    if (work.swept && delivery.outcome === 'refused' && !isLost && !delivery.movedTo) return 'done'
    return isLost ? forget(job, work, record!) : outgoing.failed(job, 'card', work.chat, delivery)
  }

  /** The first card of a fault that the chat has got. */
  function tellFirst({ breaker, chat, since }: CardWork): void {
    if (since === undefined || breaker in OF_NO_BREAKER) return
    parts.metrics.firstCard.observe({ channel: chat.channel }, Math.max(0, now() - since) / 1000)
  }

  async function deliver(
    way: Way,
    job: Job,
    work: CardWork,
    shown: CardText,
    record: CardRecord | undefined,
    more: Pick<Content, 'urgent' | 'mention'>,
  ): Promise<Outcome> {
    const key = keyFor(work, shown, record)
    switch (way) {
      case 'send':
        return outgoing.send(job, work.chat, { card: shown, ...more }, key)
      case 'tell':
        return outgoing.send(
          job,
          work.chat,
          { text: shown.summary, ...(record?.message !== undefined && { replyTo: record.message }) },
          key,
        )
      case 'update':
        return outgoing.update(job, work.chat, record!.message!, shown)
    }
  }

  /**
   * Of what may have arrived unnoticed before, a platform that knows the key makes no second message. Where that one
   * cannot be brought up to date, a newer version has to have a key of its own, or nobody would ever see it.
   */
  function keyFor(work: CardWork, shown: CardText, record?: CardRecord): string {
    const owner = OF_NO_BREAKER[work.breaker] ?? work.breaker
    const key = `${owner}-${work.id}-${digest(work.chat.chat, 8)}-${(record?.sent ?? 0) + 1}`
    const isChangeable = parts.channels.get(work.chat.channel)?.abilities.updateAnyTime
    return isChangeable ? key : `${key}-${shown.version}`
  }

  /**
   * Writes down what the chat has now, together with the end of the job. The answer to a press may be noted at the
   * same time: then once more, for the message is out and must not be sent again.
   */
  async function remember(
    way: Way,
    job: Job,
    work: CardWork,
    { subject, version }: Pick<CardText, 'subject' | 'version'>,
    message: string,
  ): Promise<JobResult> {
    const old = await store.get<CardRecord>(cardRecordKey(work.chat, work.id))
    const before = old?.value ?? { subject, shown: 0, sent: 0 }
    const isNew = way === 'send'
    const value: CardRecord = isNew
      ? { subject, shown: version, sent: before.sent + 1, message }
      : { ...before, shown: Math.max(version, before.shown) }
    const writes = [
      recordWrite(work.chat, work.id, old, value, now()),
      ...(isNew ? await reverse(work, message) : []),
    ]
    const committed = await store.commit({ writes, done: job.id })
    return committed === 'ok' ? 'committed' : remember(way, job, work, { subject, version }, message)
  }

  /** The facts are there, if not the card: nobody need tell them once more. */
  async function rememberTold(work: CardWork, { subject, version }: CardText): Promise<void> {
    const old = await store.get<CardRecord>(cardRecordKey(work.chat, work.id))
    const value = { ...(old?.value ?? { subject, shown: 0, sent: 0 }), told: version }
    await store.commit({ writes: [recordWrite(work.chat, work.id, old, value, now())] })
  }

  /** From the message back to its card, for answers to it. */
  async function reverse(work: CardWork, message: string): Promise<Write[]> {
    const key = messageKey(work.chat, message)
    if (await store.get(key)) return []
    const value: MessageRecord = { breaker: work.breaker, id: work.id }
    return [{ key, value, version: 0, index: { at: now(), open: false } }]
  }

  /** The platform has lost the message: a new one takes its place at once. */
  async function forget(job: Job, work: CardWork, old: Versioned<CardRecord>): Promise<JobResult> {
    const { message: _, ...rest } = old.value
    await store.commit({ writes: [recordWrite(work.chat, work.id, old, { ...rest, shown: 0 }, now())] })
    return { retryAt: now(), why: `the message of ${job.id} is gone; sending a new one` }
  }

  /** Tried once: the next press on it tries again. */
  async function mend(job: Job, work: MendWork): Promise<JobResult> {
    const owner = cardOwner(lookup, work.breaker)
    const shown = owner && (await currentCardText(parts, lookup, owner, work.id, work.chat))
    const outcome = shown && (await outgoing.update(job, work.chat, work.message, shown))
    return outcome?.outcome === 'no-room' ? outgoing.failed(job, 'card', work.chat, outcome) : 'done'
  }

  return { bring, mend }
}
