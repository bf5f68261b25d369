import { createHash } from 'node:crypto'
import type { ChatChannel, Content, Delivery } from '../channels/channel.ts'
import type { CardText } from '../domain/card-text.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { Commit, Job, JobResult, Versioned } from '../store/store.ts'
import { translator } from '../text/translate.ts'
import type { Aliases } from './aliases.ts'
import { type CardRecord, cardRecordKey, currentCardText, messageKey, recordWrite, wayFor } from './cards.ts'
import type { Lookup, Parts } from './parts.ts'
import type { SendWork } from './work.ts'

/** Pauses after a refusal for now or an unknown outcome, ms, by attempt; the last one repeats. */
const PAUSES = [1000, 2000, 5000, 15_000, 30_000, 60_000]
/** A message whose outcome stays unknown is sent so often at most: better twice than never, but not for ever. */
const MAX_UNKNOWN = 3
/** A message refused for now is given up after this long: by then it says nothing any more. */
const TOO_OLD = 24 * 3_600_000

export interface Sender {
  run(job: Job): Promise<JobResult>
}

/** Brings cards and texts to chats. What a card says is looked up when its turn comes, not when it was asked for. */
export function createSender(parts: Parts, lookup: Lookup, aliases: Aliases): Sender {
  const { store, log, metrics, now } = parts

  async function run(job: Job): Promise<JobResult> {
    const work = job.payload as SendWork
    if (work.what === 'admin') return toAdmin(job, work)
    const channel = parts.channels.get(work.chat.channel)
    if (!channel) return { dead: `channel ${work.chat.channel} is not configured any more` }
    return work.what === 'card' ? card(job, work, channel) : text(job, work, channel)
  }

  async function text(
    job: Job,
    work: Extract<SendWork, { what: 'text' }>,
    channel: ChatChannel,
  ): Promise<JobResult> {
    const delivery = await send(
      channel,
      work.chat,
      { text: translated(work.chat, work.lines) },
      keyOf(job.id),
    )
    return delivery.outcome === 'delivered' ? 'done' : failed(job, work.chat, delivery)
  }

  function translated(chat: ChatRef, lines: Extract<SendWork, { what: 'text' }>['lines']): string {
    const locale = lookup.roomOfChat(chat)?.locale ?? parts.policy.locale
    return lines.map(translator(locale, parts.policy.timezone)).join('\n')
  }

  async function card(
    job: Job,
    work: Extract<SendWork, { what: 'card' }>,
    channel: ChatChannel,
  ): Promise<JobResult> {
    const config = lookup.breaker(work.breaker)
    if (!config) return { dead: `breaker ${work.breaker} is not configured any more` }
    const shown = await currentCardText(parts, lookup, config, work.id, work.chat)
    if (!shown) return 'done'
    const record = await store.get<CardRecord>(cardRecordKey(work.chat, work.id))
    if (record && !work.fresh && record.value.shown >= shown.version) return 'done'
    const delivery = await deliver(channel, work, shown, record?.value)
    if (delivery.outcome === 'refused' && delivery.gone === 'message' && record?.value.message) {
      return forget(job, work, record)
    }
    if (delivery.outcome !== 'delivered') return failed(job, work.chat, delivery)
    return remember(job, work, shown, record, delivery.message)
  }

  function deliver(
    channel: ChatChannel,
    work: Extract<SendWork, { what: 'card' }>,
    shown: CardText,
    record: CardRecord | undefined,
  ): Promise<Delivery> {
    const key = `${work.breaker}-${work.id}-${digest(`${work.chat.chat}`)}-${(record?.sent ?? 0) + 1}`
    switch (wayFor(channel, record, work.fresh)) {
      case 'send':
        return send(channel, work.chat, { card: shown }, key)
      case 'tell':
        return send(channel, work.chat, { text: shown.summary }, `${key}-${shown.version}`)
      case 'update':
        return counted(work.chat, channel.update(aliases.newest(work.chat).chat, record!.message!, shown))
    }
  }

  /** Writes down what the chat has now, together with the end of the job. */
  async function remember(
    job: Job,
    work: Extract<SendWork, { what: 'card' }>,
    shown: CardText,
    old: Versioned<CardRecord> | undefined,
    message: string,
  ): Promise<JobResult> {
    const channel = parts.channels.get(work.chat.channel)!
    const way = wayFor(channel, old?.value, work.fresh)
    const isNew = way === 'send'
    const value: CardRecord = {
      subject: shown.subject,
      shown: shown.version,
      sent: (old?.value.sent ?? 0) + (isNew ? 1 : 0),
      message: isNew ? message : old!.value.message!,
    }
    const key = messageKey(work.chat, message)
    const index =
      isNew && !(await store.get(key))
        ? [{ key, value: { breaker: work.breaker, id: work.id }, version: 0 }]
        : []
    return finish(job, { writes: [recordWrite(work.chat, work.id, old, value), ...index] })
  }

  /** The platform has lost the message: a new one takes its place at once. */
  async function forget(
    job: Job,
    work: Extract<SendWork, { what: 'card' }>,
    old: Versioned<CardRecord>,
  ): Promise<JobResult> {
    const { message: _, ...rest } = old.value
    await store.commit({ writes: [recordWrite(work.chat, work.id, old, { ...rest, shown: 0 })] })
    return { retryAt: now(), why: `the message of ${job.id} is gone; sending a new one` }
  }

  async function finish(job: Job, commit: Commit): Promise<JobResult> {
    if ((await store.commit({ ...commit, done: job.id })) === 'ok') return 'committed'
    return { retryAt: now() + 20, why: 'another update of the same card came between' }
  }

  function send(channel: ChatChannel, chat: ChatRef, content: Content, key: string): Promise<Delivery> {
    return counted(chat, channel.send(aliases.newest(chat).chat, content, key))
  }

  async function counted(chat: ChatRef, sending: Promise<Delivery>): Promise<Delivery> {
    const delivery = await sending
    metrics.deliveries.inc({ channel: chat.channel, outcome: delivery.outcome })
    return delivery
  }

  async function failed(
    job: Job,
    chat: ChatRef,
    delivery: Exclude<Delivery, { outcome: 'delivered' }>,
  ): Promise<JobResult> {
    const details = { chat, why: delivery.why, attempt: job.attempt }
    if (delivery.outcome === 'refused') {
      if (delivery.movedTo) {
        await aliases.moved(chat, delivery.movedTo)
        return { retryAt: now(), why: 'the chat has a new id' }
      }
      log.error(details, 'a message was refused for good')
      return { dead: delivery.why }
    }
    const unknown = delivery.outcome === 'unknown'
    if ((unknown && job.attempt >= MAX_UNKNOWN) || now() - job.createdAt > TOO_OLD) {
      log.error(details, 'a message was given up')
      return { dead: delivery.why }
    }
    log.warn(details, 'a message has to wait')
    const pause = PAUSES[Math.min(job.attempt, PAUSES.length) - 1]!
    const retryAt = now() + (delivery.outcome === 'later' ? (delivery.retryAfter ?? pause) : pause)
    const pauseLane = delivery.outcome === 'later' && delivery.wholeChat === true
    return { retryAt, why: delivery.why, ...(pauseLane && { pauseLane }) }
  }

  /** The first admin who can be reached one-to-one gets it; if none can, the rooms do. */
  async function toAdmin(job: Job, work: Extract<SendWork, { what: 'admin' }>): Promise<JobResult> {
    for (const chat of adminChats(parts)) {
      const channel = parts.channels.get(chat.channel)
      if (!channel) continue
      const delivery = await send(channel, chat, { text: translated(chat, [work.text]) }, keyOf(job.id))
      if (delivery.outcome === 'delivered') return 'done'
      if (delivery.outcome !== 'refused') return failed(job, chat, delivery)
    }
    log.error({ text: translator('en', parts.policy.timezone)(work.text) }, 'no admin could be told')
    return { dead: 'no admin could be reached' }
  }

  return { run }
}

function adminChats({ policy }: Parts): ChatRef[] {
  const admins = policy.people.filter((person) => person.role === 'admin')
  const own = admins.flatMap((person) => [
    ...(person.ids.wecom === undefined
      ? []
      : [{ channel: 'wecom', chat: `user:${person.ids.wecom}` } as const]),
    ...(person.ids.dingtalk === undefined
      ? []
      : [{ channel: 'dingtalk', chat: `user:${person.ids.dingtalk}` } as const]),
    ...(person.ids.telegram === undefined
      ? []
      : [{ channel: 'telegram', chat: person.ids.telegram } as const]),
  ])
  return [...own, ...policy.rooms.flatMap((room) => room.chats)]
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

function keyOf(jobId: string): string {
  return createHash('sha256').update(jobId).digest('hex').slice(0, 32)
}
