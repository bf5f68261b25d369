import type { CardText } from '../../domain/card-text.ts'
import type { Content, Delivery, Log, Picture } from '../channel.ts'
import { hasPicture } from '../kit/pictures.ts'
import type { Client } from './client.ts'
import { readDelivery, sentOf } from './delivery.ts'
import type { ApiFault, ApiResult } from './faults.ts'
import { type Payload, type Place, photo } from './payload.ts'
import { createPictures } from './pictures.ts'
import {
  type MessageBody,
  renderCard,
  renderCardPlain,
  renderText,
  renderTextPlain,
  withoutTimes,
} from './render.ts'

export interface Sender {
  send(chat: string, content: Content, key: string): Promise<Delivery>
  update(chat: string, message: string, card: CardText): Promise<Delivery>
}

/** A way to say the same with less, for a server that refuses the whole. Each works at most once on a message. */
interface Concession {
  /** The refusal that it answers. */
  to: RegExp
  warning: string
  /** The payload without what was refused, or undefined when there was nothing of it in there. */
  make(payload: Payload): Payload | undefined
}

export interface SenderOptions {
  client: Client
  log: Log
  /** Hears of every fault: some concern more than the one message (a revoked token). */
  onFault(fault: ApiFault): void
}

export function createSender({ client, log, onFault }: SenderOptions): Sender {
  /** What this server has refused: it is left out from then on. */
  const lacks = { colours: false, times: false }

  const uncoloured: Concession = {
    to: /button.*\bstyle\b/i,
    warning: 'this Bot API server does not know coloured buttons: plain ones from now on',
    make(payload) {
      if (!hasColours(payload)) return undefined
      lacks.colours = true
      return withoutColours(payload)
    },
  }
  const untimed: Concession = {
    to: /can't parse entities/i,
    warning: "this Bot API server does not know local times: the site's own from now on",
    make(payload) {
      const text = withoutTimes(payload.text)
      if (payload.parse_mode === undefined || text === payload.text) return undefined
      lacks.times = true
      return { ...payload, text }
    },
  }
  const suited = <T extends MessageBody>(payload: T): T => {
    const inColour = lacks.colours ? withoutColours(payload) : payload
    return lacks.times && payload.parse_mode ? { ...inColour, text: withoutTimes(payload.text) } : inColour
  }

  async function deliver(
    method: string,
    payload: Payload,
    concessions: Concession[],
    picture?: Picture,
  ): Promise<ApiResult> {
    const answer = await client.call(method, picture ? photo(payload, picture) : payload)
    if (answer.ok) return answer
    const { fault } = answer
    onFault(fault)
    if (fault.kind !== 'refused') return answer
    for (const { to, make, warning } of concessions) {
      const smaller = to.test(fault.text) ? make(payload) : undefined
      if (!smaller) continue
      log.warn({ chat: payload.chat_id, why: fault.text }, warning)
      return deliver(method, smaller, concessions, picture)
    }
    return answer
  }

  async function post(place: Place, content: Content, picture?: Picture): Promise<ApiResult> {
    const { mention = [] } = content
    const [body, plain] =
      'card' in content
        ? [renderCard(content.card, mention), renderCardPlain(content.card, mention)]
        : [renderText(content.text, mention), renderTextPlain(content.text, mention)]
    const payload = suited({
      ...place,
      ...('text' in content && replyTo(content.replyTo)),
      ...('text' in content && content.silent && { disable_notification: true }),
      ...body,
    })
    const concessions = [untimed, unformatted(plain), outOfTopic, uncoloured]
    return deliver(picture ? 'sendPhoto' : 'sendMessage', payload, concessions, picture)
  }

  const pictures = createPictures({ post, log })

  return {
    async send(chat, content, key) {
      const place = readChat(chat)
      if (!place) return { outcome: 'refused', why: `«${chat}» is not a Telegram chat id`, gone: 'chat' }
      if (hasPicture(content)) return pictures.send(place, content, key)
      return sentOf(await post(place, content))
    },

    async update(chat, message, card) {
      const place = readChat(chat)
      if (!place || !/^\d+$/.test(message)) {
        return {
          outcome: 'refused',
          why: `«${chat}», «${message}» is not a Telegram message`,
          gone: 'message',
        }
      }
      const body = renderCard(card)
      const target = { chat_id: place.chat_id, message_id: Number(message) }
      const concessions = [untimed, unformatted(renderCardPlain(card)), uncoloured]
      const answer = await deliver('editMessageText', suited({ ...target, ...body }), concessions)
      return answer.ok ? { outcome: 'delivered', message } : readDelivery(answer.fault, { update: message })
    },
  }
}

/** The General topic (1) has to be left out of a send (seen in the official server). */
function readChat(chat: string): Place | undefined {
  const parts = /^(-?\d{1,16})(?:\/(\d{1,16}))?$/.exec(chat)
  if (!parts) return undefined
  const topic = Number(parts[2] ?? 1)
  return { chat_id: Number(parts[1]), ...(topic !== 1 && { message_thread_id: topic }) }
}

/** The text goes out all the same where that message is gone (documented). */
function replyTo(message: string | undefined): Pick<Payload, 'reply_parameters'> {
  if (message === undefined || !/^\d+$/.test(message)) return {}
  return { reply_parameters: { message_id: Number(message), allow_sending_without_reply: true } }
}

/** An alert is never lost to its formatting. */
function unformatted(plain: string): Concession {
  return {
    to: /can't parse entities/i,
    warning: 'Telegram could not read our formatting: sent as plain text',
    make({ parse_mode, ...payload }) {
      return parse_mode === undefined ? undefined : { ...payload, text: plain }
    },
  }
}

/** Better in General than nowhere. A closed topic refuses as a deleted one does (inferred). */
const outOfTopic: Concession = {
  to: /message thread not found|topic_closed|topic_deleted/i,
  warning: 'the topic is gone or closed: sent to the chat itself; mend the chat id in the configuration',
  make({ message_thread_id, ...payload }) {
    return message_thread_id === undefined ? undefined : payload
  },
}

function hasColours({ reply_markup }: MessageBody): boolean {
  return reply_markup?.inline_keyboard.some((row) => row.some(({ style }) => style !== undefined)) ?? false
}

function withoutColours<T extends MessageBody>(body: T): T {
  if (!body.reply_markup) return body
  const rows = body.reply_markup.inline_keyboard.map((row) => row.map(({ style: _, ...button }) => button))
  return { ...body, reply_markup: { inline_keyboard: rows } }
}
