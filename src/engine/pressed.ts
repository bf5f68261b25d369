import type { Reply } from '../domain/decision.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { Job } from '../store/store.ts'
import type { Aliases } from './aliases.ts'
import type { Answers } from './answers.ts'
import { type CardOwner, currentCardText } from './cards.ts'
import type { LateWords } from './missed.ts'
import type { Lookup, Parts } from './parts.ts'

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
