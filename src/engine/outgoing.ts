import type { Content, Delivery } from '../channels/channel.ts'
import type { CardText } from '../domain/card-text.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { Job, JobResult } from '../store/store.ts'
import { clock, noteSpan } from '../tracing/trace.ts'
import type { Aliases } from './aliases.ts'
import type { BrokenChats } from './broken-chats.ts'
import { takeRoom } from './budgets.ts'
import type { Channel, Parts } from './parts.ts'
import { isAlarm } from './queues.ts'
import type { SendWork } from './work.ts'

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
 * text whose outcome is unknown is repeated once only, and after a day it says nothing any more; a report does.
 */
const PATIENCE = {
  card: { isRepeated: true, age: 7 * 24 * 3_600_000 },
  text: { isRepeated: false, age: 24 * 3_600_000 },
  report: { isRepeated: false, age: 7 * 24 * 3_600_000 },
}
export type Kind = keyof typeof PATIENCE

/** Why a job waits that was not tried for want of room. */
export const NO_ROOM = 'the chat, or the bot, has had as much as the platform takes'

/** The way out to the chats: finds the channel and the chat's newest id, counts, and says what follows from a failure. */
export interface Outgoing {
  /** `job`: whose message it is. */
  send(job: Job, chat: ChatRef, content: Content, key: string): Promise<Outcome>
  update(job: Job, chat: ChatRef, message: string, card: CardText): Promise<Outcome>
  /** What becomes of the job whose message was not delivered. */
  failed(job: Job, kind: Kind, chat: ChatRef, outcome: Failure): Promise<JobResult>
}

/** What became of a message; `no-room`: it was not tried, for chat or bot have had as much as they take for now. */
export type Outcome = Delivery | { outcome: 'no-room'; until: number }
type Failure = Exclude<Outcome, { outcome: 'delivered' }>

export function createOutgoing(parts: Parts, aliases: Aliases, brokenChats: BrokenChats): Outgoing {
  const { store, log, metrics, now } = parts

  /** Gives a message to its channel, once there is room for it. */
  async function bring(
    job: Job,
    chat: ChatRef,
    give: (channel: Channel, chat: string) => Promise<Delivery>,
    isChange = false,
  ): Promise<Outcome> {
    const channel = parts.channels.get(chat.channel)
    const wait = await takeRoom(parts, chat, isAlarm(job))
    if (wait > 0) {
      metrics.waits.inc({ channel: chat.channel })
      return { outcome: 'no-room', until: now() + wait }
    }
    const start = clock()
    const delivery: Delivery = channel
      ? await give(channel, aliases.newest(chat).chat)
      : { outcome: 'refused', why: `channel ${chat.channel} is not configured any more` }
    metrics.delivered(chat.channel, delivery)
    tell(job, chat, delivery, start, isChange)
    await learn(job, chat, delivery, isChange)
    return delivery
  }

  function tell({ id: job }: Job, chat: ChatRef, delivery: Delivery, start: number, isChange: boolean): void {
    const way = isChange ? 'change' : 'send'
    const why = 'why' in delivery ? delivery.why : undefined
    noteSpan(`${chat.channel} ${way}`, start, { outcome: delivery.outcome }, why)
    const ms = Math.round(clock() - start)
    // What failed is told with what follows from it.
    if (delivery.outcome === 'delivered')
      log.info({ chat, way, message: delivery.message, job, ms }, 'delivered')
  }

  /**
   * What the outcome says of the chat as a whole.
   * @throws when a refusal cannot be kept: the job is to be run again, for an alarm among them must be told elsewhere
   */
  async function learn(job: Job, chat: ChatRef, delivery: Delivery, isChange: boolean): Promise<void> {
    if (delivery.outcome === 'delivered') await brokenChats.works(chat).catch((error) => unkept(chat, error))
    if (delivery.outcome !== 'refused' || delivery.movedTo || delivery.gone === 'message') return
    // Whoever looks for an admin goes on to the next, a link is asked for again; and a change may be refused for what it
    // says.
    const { what } = job.payload as SendWork
    if (what === 'admin' || what === 'link' || (isChange && delivery.gone !== 'chat')) return
    await brokenChats.refused(job, chat, delivery)
  }

  /** A message that is there must not come twice for it. */
  function unkept(chat: ChatRef, error: unknown): void {
    log.error({ chat, error: String(error) }, 'what a chat takes could not be kept')
  }

  async function waits(
    job: Job,
    kind: Kind,
    chat: ChatRef,
    delivery: Extract<Delivery, { outcome: 'later' | 'unknown' }>,
  ): Promise<JobResult> {
    const details = { chat, why: delivery.why, attempt: job.attempt }
    const isUnknown = delivery.outcome === 'unknown'
    const { isRepeated, age } = PATIENCE[kind]
    if ((isUnknown && job.begun && !isRepeated) || now() - job.createdAt > age) {
      log.error(details, 'a message was given up')
      if (isAlarm(job)) await brokenChats.givenUp(job, chat, delivery.why)
      return { dead: delivery.why }
    }
    log.warn(details, 'a message has to wait')
    // Whatever else comes of further tries: from now on it may be there.
    const isFirst = isUnknown && !job.begun
    if (isFirst) await store.begin(job.id, job.attempt)
    const pauses = PAUSES[delivery.outcome]
    const pause = pauses[Math.min(isFirst ? 1 : job.attempt, pauses.length) - 1]!
    const told: { retryAfter?: number; wholeChat?: boolean } = delivery.outcome === 'later' ? delivery : {}
    return {
      retryAt: now() + (told.retryAfter ?? pause),
      why: delivery.why,
      ...(told.wholeChat && { pauseLane: true }),
    }
  }

  return {
    send: (job, chat, content, key) => bring(job, chat, (channel, to) => channel.send(to, content, key)),
    update: (job, chat, message, card) =>
      bring(job, chat, (channel, to) => channel.update(to, message, card), true),
    async failed(job, kind, chat, delivery) {
      if (delivery.outcome === 'no-room') return { waitUntil: delivery.until, why: NO_ROOM }
      if (delivery.outcome !== 'refused') return waits(job, kind, chat, delivery)
      if (delivery.movedTo && delivery.movedTo !== aliases.newest(chat).chat) {
        await aliases.moved(chat, delivery.movedTo)
        return { retryAt: now(), why: 'the chat has a new id' }
      }
      log.error({ chat, why: delivery.why }, 'a message was refused for good')
      return { dead: delivery.why }
    },
  }
}
