import type { ButtonAction } from '../domain/card-text.ts'
import { type Reply, refuse } from '../domain/decision.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { Job } from '../store/store.ts'
import type { Aliases } from './aliases.ts'
import type { Answers } from './answers.ts'
import { type CardOwner, currentCardText } from './cards.ts'
import type { LateWords } from './missed.ts'
import type { Lookup, Parts } from './parts.ts'
import type { PressWork } from './work.ts'

/**
 * Where a button was pressed. Where the platform does not tell, it was on the card in that one of its chats which is
 * there.
 */
export function pressedIn(
  lookup: Lookup,
  aliases: Aliases,
  pressed: ChatRef,
  chats: readonly ChatRef[] | undefined,
): ChatRef {
  if (pressed.chat !== '') return lookup.configured(aliases.original(pressed))
  return chats?.find((one) => one.channel === pressed.channel) ?? pressed
}

/** Shows whoever pressed what came of it, and of cards that are the same for all the one with this id, as it stands. */
export function createShow(parts: Parts, lookup: Lookup, answers: Answers, owner: CardOwner) {
  return async (
    job: Job,
    id: string | undefined,
    chat: ChatRef,
    late: LateWords | undefined,
    reply?: Reply,
  ): Promise<void> => {
    const card = id === undefined ? undefined : await currentCardText(parts, lookup, owner, id, chat)
    const toast = reply && lookup.translatorFor(chat)(reply.text)
    const answer = {
      ...(card && { card }),
      ...(toast && { toast }),
      ...(reply?.refused && { alert: true, privately: true }),
    }
    answers.give(job.id, answer, late !== undefined)
  }
}

/**
 * For cards of one room that have no more than these buttons: answers with the chat in which that was pressed. Undefined for a
 * press that asks for something else, or elsewhere; whoever pressed has been told.
 */
export function createPressedAck(
  { store }: Pick<Parts, 'store'>,
  lookup: Lookup,
  aliases: Aliases,
  show: ReturnType<typeof createShow>,
  actions: readonly ButtonAction[] = ['ack'],
) {
  return async (
    job: Job,
    { channel, input, pressed }: PressWork,
    late: LateWords | undefined,
    about: { id: string; room: string } | undefined,
  ): Promise<ChatRef | undefined> => {
    const here = { channel, chat: input.chat }
    const chat = about ? pressedIn(lookup, aliases, here, lookup.room(about.room)?.chats) : here
    const isHere = about !== undefined && lookup.roomOfChat(chat)?.name === about.room
    if (isHere && actions.includes(pressed.action)) return chat
    const reply = refuse(isHere ? 'ask.superseded-gone' : 'ask.other-chat')
    const said = isHere && pressed.action === 'noop' ? undefined : reply
    if (said && late) await store.enqueue(late(said.text))
    await show(job, isHere ? about.id : undefined, chat, late, said)
    return undefined
  }
}
