import type { ChatAnswer, Log, Receive } from '../channel.ts'
import { orAfter } from '../kit/waiting.ts'
import { type PressResponse, pressResponse } from './answer.ts'
import type { OnUse } from './api.ts'
import type { Cards, Shown } from './cards.ts'
import type { Notices } from './notices.ts'
import { type Frame, parseFrame, parsePress, parseRobotMessage } from './parse.ts'
import { createPressIds } from './press-ids.ts'
import type { Sessions } from './sessions.ts'
import { type StreamConnection, TOPIC_CARD } from './stream-client.ts'

/** What is heard over Stream. */
export interface Inbox {
  /** Takes a CALLBACK frame and answers it on the connection that brought it. */
  take(raw: unknown, connection: StreamConnection): void
  /** Takes nothing more; resolves when what was taken has been answered. */
  close(): Promise<void>
}

export interface InboxOptions {
  receive: Receive
  cards: Cards
  sessions: Sessions
  notices: Notices
  onUse: OnUse
  now(): number
  log: Log
}

/** DingTalk waits 2 s for the answer to a press (documented); the rest is for the way. */
const ANSWER_WITHIN = 1_500
/** An ACK that left later than this (ms after its frame) may not have been taken. */
const CERTAIN_WITHIN = 1_800

export function createInbox({ receive, cards, sessions, notices, onUse, now, log }: InboxOptions): Inbox {
  const pressIds = createPressIds(now)
  const underWay = new Set<Promise<void>>()
  let closed = false

  async function message(frame: Frame, connection: StreamConnection): Promise<void> {
    const parsed = parseRobotMessage(frame.data, now())
    onUse('push', parsed.kind === 'quota')
    if (parsed.kind === 'quota') {
      notices.set(
        'stream quota',
        'The monthly Stream quota of the organisation is used up: commands are not heard.',
      )
    } else if (parsed.kind === 'other') {
      log.debug({ what: parsed.what }, 'passed over what means nothing here')
    } else {
      notices.clear('stream quota')
      if (parsed.session) sessions.remember(parsed.input.chat, parsed.session.url, parsed.session.until)
      await receive(parsed.input).taken
    }
    acknowledge(frame, connection, {})
  }

  async function press(frame: Frame, connection: StreamConnection): Promise<void> {
    const arrived = performance.now()
    onUse('push')
    const parsed = parsePress(frame.data, frame.headers.time ?? now())
    const outTrackId = parsed?.message
    if (!parsed || outTrackId === undefined) {
      log.warn({}, 'passed over a press that cannot be read')
      acknowledge(frame, connection, {})
      return
    }
    const pressed = { message: outTrackId, sender: parsed.sender.id, data: parsed.data }
    const receipt = receive({ ...parsed, id: pressIds.idOf(pressed, frame.headers.messageId) })
    let told = false
    const answered = Promise.all([inTime(receipt.answer), receipt.taken]).then(([answer]): Shown => {
      const response = pressResponse(answer)
      const sent = acknowledge(frame, connection, response)
      if (sent) pressIds.acknowledged(pressed)
      const certain = sent && performance.now() - arrived < CERTAIN_WITHIN
      told = certain && answer.toast !== undefined
      return {
        own: ownView(response),
        certain,
        ...(answer.card && (!answer.privately || answer.own) && { card: answer.card }),
        ...(!parsed.sender.anonymous && { presser: parsed.sender.id }),
      }
    })
    const isShown = await cards.pressed(outTrackId, answered)
    receipt.shown(isShown, isShown, told)
  }

  function acknowledge(frame: Frame, connection: StreamConnection, response: PressResponse): boolean {
    const sent = connection.ack(frame.headers.messageId, response)
    if (!sent) log.info({}, 'the connection ended before its frame was answered')
    return sent
  }

  async function handle(raw: unknown, connection: StreamConnection): Promise<void> {
    const frame = parseFrame(raw)
    if (!frame) return log.warn({}, 'passed over a frame that cannot be read')
    try {
      await (frame.headers.topic === TOPIC_CARD ? press(frame, connection) : message(frame, connection))
    } catch (error) {
      // Without ACK it comes again.
      log.error({ why: String(error) }, 'an input was not taken')
    }
  }

  return {
    take(raw, connection) {
      if (closed) return
      const work = handle(raw, connection).finally(() => underWay.delete(work))
      underWay.add(work)
    },
    async close() {
      closed = true
      await Promise.all(underWay)
    },
  }
}

const inTime = (answer: Promise<ChatAnswer>) => orAfter(ANSWER_WITHIN, answer, {})

function ownView({ userPrivateData }: PressResponse): Shown['own'] {
  if (!userPrivateData) return 'same'
  return Object.keys(userPrivateData.cardParamMap).length > 0 ? 'something' : 'nothing'
}
