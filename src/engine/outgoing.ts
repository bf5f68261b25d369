import type { Content, Delivery } from '../channels/channel.ts'
import type { CardText } from '../domain/card-text.ts'
import { message } from '../domain/message.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { Job, JobResult, NewJob } from '../store/store.ts'
import type { Aliases } from './aliases.ts'
import { adminJob } from './follow-up.ts'
import { chatKey, type Lookup, type Parts } from './parts.ts'

/**
 * Pauses, ms, by attempt; the last one repeats. What may have arrived is repeated more rarely, so that a platform whose
 * answers get lost does not fill the chat with the same card. No pause is long: newer states of the card wait with it.
 */
const PAUSES = {
  later: [1000, 2000, 5000, 15_000, 30_000, 60_000],
  unknown: [2000, 15_000, 60_000, 300_000],
}

/**
 * How long a message is tried. A card says how things stand when it leaves, however late; better twice than never. A
 * text whose outcome is unknown is repeated once only, and after a day it says nothing any more.
 */
const PATIENCE = {
  card: { unknown: Number.POSITIVE_INFINITY, age: 7 * 24 * 3_600_000 },
  text: { unknown: 2, age: 24 * 3_600_000 },
}
export type Kind = keyof typeof PATIENCE

/** The way out to the chats: finds the channel and the chat's newest id, counts, and says what follows from a failure. */
export interface Outgoing {
  send(chat: ChatRef, content: Content, key: string): Promise<Delivery>
  update(chat: ChatRef, message: string, card: CardText): Promise<Delivery>
  /** What becomes of the job whose message was not delivered. */
  failed(
    job: Job,
    kind: Kind,
    chat: ChatRef,
    delivery: Exclude<Delivery, { outcome: 'delivered' }>,
  ): Promise<JobResult>
}

export function createOutgoing(parts: Parts, lookup: Lookup, aliases: Aliases): Outgoing {
  const { log, metrics, now } = parts

  async function counted(chat: ChatRef, sending: Promise<Delivery> | undefined): Promise<Delivery> {
    const delivery = (await sending) ?? {
      outcome: 'refused',
      why: `channel ${chat.channel} is not configured any more`,
    }
    metrics.delivered(chat.channel, delivery)
    return delivery
  }

  function waits(
    job: Job,
    kind: Kind,
    chat: ChatRef,
    delivery: Extract<Delivery, { outcome: 'later' | 'unknown' }>,
  ): JobResult {
    const details = { chat, why: delivery.why, attempt: job.attempt }
    const isUnknown = delivery.outcome === 'unknown'
    const patience = PATIENCE[kind]
    if ((isUnknown && job.attempt >= patience.unknown) || now() - job.createdAt > patience.age) {
      log.error(details, 'a message was given up')
      return { dead: delivery.why }
    }
    log.warn(details, 'a message has to wait')
    const pauses = PAUSES[delivery.outcome]
    const pause = pauses[Math.min(job.attempt, pauses.length) - 1]!
    const told: { retryAfter?: number; wholeChat?: boolean } = delivery.outcome === 'later' ? delivery : {}
    return {
      retryAt: now() + (told.retryAfter ?? pause),
      why: delivery.why,
      ...(told.wholeChat && { pauseLane: true }),
    }
  }

  /** An alarm that reaches nobody must be known to somebody: once a day for each chat. */
  function undeliverable(chat: ChatRef, why: string): NewJob {
    const day = new Date(now()).toISOString().slice(0, 10)
    const room = lookup.roomOfChat(chat)?.name ?? chat.chat
    const channel = message(`channel.${chat.channel}`)
    return adminJob(
      `undeliverable:${chatKey(chat)}:${day}`,
      message('admin.undeliverable', { channel, room, why }),
    )
  }

  return {
    send: (chat, content, key) =>
      counted(chat, parts.channels.get(chat.channel)?.send(aliases.newest(chat).chat, content, key)),
    update: (chat, message, card) =>
      counted(chat, parts.channels.get(chat.channel)?.update(aliases.newest(chat).chat, message, card)),
    async failed(job, kind, chat, delivery) {
      if (delivery.outcome !== 'refused') return waits(job, kind, chat, delivery)
      if (delivery.movedTo && delivery.movedTo !== aliases.newest(chat).chat) {
        await aliases.moved(chat, delivery.movedTo)
        return { retryAt: now(), why: 'the chat has a new id' }
      }
      log.error({ chat, why: delivery.why }, 'a message was refused for good')
      await parts.store.enqueue([undeliverable(chat, delivery.why)])
      return { dead: delivery.why }
    },
  }
}
