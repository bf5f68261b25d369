import type { ChannelName, ChatInput, PressInput, Receipt, TextInput } from '../channels/channel.ts'
import { STORM_CARD } from '../domain/storm.ts'
import { accepted } from './accepting.ts'
import type { Aliases } from './aliases.ts'
import type { Lookup, Parts } from './parts.ts'
import { createPressIntake, type PressIntakeParts } from './press-intake.ts'
import { PRIORITY, QUEUE, talkLane } from './queues.ts'
import type { EventWork } from './work.ts'

/** Takes what people do in chats: on disk first, then decided; the presser waits a moment for the outcome. */
export interface Inbox {
  receive(channel: ChannelName, input: ChatInput): Receipt
}

export function createInbox(
  parts: Parts,
  lookup: Lookup,
  aliases: Aliases,
  pressed: Pick<PressIntakeParts, 'answers' | 'presses' | 'missed'>,
): Inbox {
  const pressIntake = createPressIntake(parts, lookup, { ...pressed, isListed, keep })

  function receive(channel: ChannelName, input: ChatInput): Receipt {
    parts.metrics.inputs.inc({ channel, kind: input.kind })
    switch (input.kind) {
      case 'moved':
        return unanswered(aliases.moved({ channel, chat: input.chat }, input.to))
      case 'text':
        return receiveText(channel, input)
      case 'press':
        return pressIntake.receive(channel, input)
    }
  }

  function receiveText(channel: ChannelName, input: TextInput): Receipt {
    const lane = talkLane(aliases.original({ channel, chat: input.chat }))
    const work = { from: 'text', channel, input } as const
    return unanswered(keep(`text:${channel}:${input.id}`, lane, work, isListed(channel, input)))
  }

  function isListed(channel: ChannelName, { sender }: PressInput | TextInput): boolean {
    return !sender.anonymous && lookup.person(channel, sender.id) !== undefined
  }

  /** What listed people do goes first: strangers could otherwise make them wait. */
  async function keep(id: string, lane: string, payload: EventWork, isListed: boolean): Promise<void> {
    const priority = isListed ? PRIORITY.answer : PRIORITY.rest
    const isStorm = payload.from === 'press' && payload.pressed.breaker === STORM_CARD
    const queue = isStorm ? QUEUE.storms : QUEUE.events
    await accepted(parts, 'chat', () => parts.store.enqueue([{ id, queue, lane, payload, priority }]))
  }

  return { receive }
}

function unanswered(taken: Promise<unknown>): Receipt {
  return { taken: taken.then(() => {}), answer: Promise.resolve({}), shown() {} }
}
