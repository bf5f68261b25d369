import type {
  ChannelName,
  ChatAnswer,
  ChatInput,
  PressInput,
  Receipt,
  TextInput,
} from '../channels/channel.ts'
import { message } from '../domain/message.ts'
import type { ChatRef } from '../domain/policy.ts'
import { STORM_CARD } from '../domain/storm.ts'
import type { Pressed } from '../text/tokens.ts'
import type { Aliases } from './aliases.ts'
import type { Answers } from './answers.ts'
import { cardOwner, currentCardText, type MessageRecord, messageKey } from './cards.ts'
import type { Lookup, Parts } from './parts.ts'
import type { Presses } from './presses.ts'
import { noteTurnedAway } from './turned-away.ts'
import { breakerLane, type EventWork, PRIORITY, type PressWork, QUEUE, talkLane } from './work.ts'

/** The data of a button that asks for nothing. */
const NOTHING = 'noop'

/** Takes what people do in chats: on disk first, then decided; the presser waits a moment for the outcome. */
export interface Inbox {
  receive(channel: ChannelName, input: ChatInput): Receipt
}

export function createInbox(
  parts: Parts,
  lookup: Lookup,
  aliases: Aliases,
  answers: Answers,
  presses: Presses,
): Inbox {
  function receive(channel: ChannelName, input: ChatInput): Receipt {
    parts.metrics.inputs.inc({ channel, kind: input.kind })
    switch (input.kind) {
      case 'moved':
        return unanswered(aliases.moved({ channel, chat: input.chat }, input.to))
      case 'text':
        return receiveText(channel, input)
      case 'press':
        return receivePress(channel, input)
    }
  }

  function receiveText(channel: ChannelName, input: TextInput): Receipt {
    const lane = talkLane(aliases.original({ channel, chat: input.chat }))
    const work = { from: 'text', channel, input } as const
    return unanswered(keep(`text:${channel}:${input.id}`, lane, work, isListed(channel, input)))
  }

  function receivePress(channel: ChannelName, input: PressInput): Receipt {
    let given: { work: PressWork; answer: ChatAnswer } | undefined
    const kept = keepPress(channel, input)
    const answer = kept.then(async ({ work, waiting }) => {
      const answer = await waiting
      if (work) given = { work, answer }
      return answer
    })
    return {
      taken: kept.then(() => {}),
      answer: answer.catch(() => ({})),
      shown: (toAll, toPresser = toAll) => {
        if (given) presses.shown(given.work, given.answer, toAll, toPresser)
      },
    }
  }

  /** Resolves when the press is on disk, with the answer to wait for. */
  async function keepPress(
    channel: ChannelName,
    input: PressInput,
  ): Promise<{ work?: PressWork; waiting: Promise<ChatAnswer> }> {
    const pressed = await meant(channel, input)
    if (!pressed) return { waiting: input.data === NOTHING ? Promise.resolve({}) : outOfDate(channel, input) }
    const job = `press:${channel}:${input.id}`
    const work: PressWork = { from: 'press', channel, input, pressed }
    // Before it is kept: the decision may follow at once.
    const waiting = answers.wait(job)
    await keep(job, breakerLane(pressed.breaker), work, isListed(channel, input))
    return { work, waiting }
  }

  /** The button of ours that a press means; undefined for what is forged, or of a card that is gone. */
  async function meant(channel: ChannelName, input: PressInput): Promise<Pressed | undefined> {
    const pressed = input.data === NOTHING ? await cardUnder(channel, input) : parts.tokens.open(input.data)
    return pressed && (await presses.isOurs(pressed)) ? pressed : undefined
  }

  /** A button that asks for nothing stands on cards of platforms that insist on one: pressing it shows the card anew. */
  async function cardUnder(channel: ChannelName, input: PressInput): Promise<Pressed | undefined> {
    if (input.message === undefined) return undefined
    const record = await parts.store.get<MessageRecord>(messageKey(chatOf(channel, input), input.message))
    return record && { action: 'noop', version: 0, ...record.value }
  }

  /**
   * For what no button of ours says: nothing follows from it, so there is nothing to keep. If it came from a card of
   * ours (sealed before the store was made anew, perhaps), that is mended by the way.
   */
  async function outOfDate(channel: ChannelName, input: PressInput): Promise<ChatAnswer> {
    const chat = chatOf(channel, input)
    const key = 'ask.superseded-gone'
    const toast = lookup.translatorFor(chat)(message(key))
    const what = parts.tokens.open(input.data) ? 'press.refused' : 'press.forged'
    void noteTurnedAway(parts, channel, input, what, key)
    const card = isListed(channel, input) ? await cardUnder(channel, input) : undefined
    const owner = card && cardOwner(lookup, card.breaker)
    const shown = owner && (await currentCardText(parts, lookup, owner, card.id, chat))
    return { toast, alert: true, ...(shown ? { card: shown } : { privately: true }) }
  }

  function chatOf(channel: ChannelName, { chat }: PressInput): ChatRef {
    return lookup.configured(aliases.original({ channel, chat }))
  }

  function isListed(channel: ChannelName, { sender }: PressInput | TextInput): boolean {
    return !sender.anonymous && lookup.person(channel, sender.id) !== undefined
  }

  /** What listed people do goes first: strangers could otherwise make them wait. */
  async function keep(id: string, lane: string, payload: EventWork, isListed: boolean): Promise<void> {
    const priority = isListed ? PRIORITY.answer : PRIORITY.rest
    const isStorm = payload.from === 'press' && payload.pressed.breaker === STORM_CARD
    const queue = isStorm ? QUEUE.storms : QUEUE.events
    await parts.store.enqueue([{ id, queue, lane, payload, priority }])
  }

  return { receive }
}

function unanswered(taken: Promise<unknown>): Receipt {
  return { taken: taken.then(() => {}), answer: Promise.resolve({}), shown() {} }
}
