import type { Standing } from '../chaos/chats.ts'
import type { Violation } from '../chaos/verdict.ts'
import type { Incident } from '../src/domain/incident.ts'
import type { Befallen } from './befall.ts'

/** A message may have left a moment before its connection broke, or be written a moment after the fault was over, ms. */
const ON_ITS_WAY = { before: 1500, after: 1000 }

/** The fault by which the service may never have learned that a message had arrived. */
export function lostAnswerAt(
  befallen: readonly Befallen[],
  { platform, at }: Pick<Standing, 'platform' | 'at'>,
): Befallen | undefined {
  return befallen.find(
    (one) =>
      one.kind.losesAnswers &&
      one.side === platform &&
      at >= one.there.from - ON_ITS_WAY.before &&
      at <= one.there.to + ON_ITS_WAY.after,
  )
}

/** So long a message may have waited before it met a group that had thrown the bot out, ms. */
const WAITED = 90_000

/**
 * What is wrong with an incident in a chat is no fault of the service's where the plan did it: there is no card, for the
 * group had thrown the bot out between the trip and a while after its end, when nobody needed it any more; or a person
 * deleted it when nothing changed any more.
 */
export function isOfThePlan(befallen: readonly Befallen[], { evidence }: Violation): boolean {
  const { where, card, incident } = evidence as {
    where?: { platform: string; chat: string }
    card?: Standing
    incident?: Incident
  }
  const place = where ?? card
  if (!place) return false
  const since = incident?.openedAt ?? card?.at ?? 0
  const last = incident ? lastChange(incident) : since
  return befallen.some(
    ({ side, chat, kind, when }) =>
      side === place.platform &&
      chat === place.chat &&
      ((kind.shuts && where && when.to >= since && when.from <= last + WAITED) ||
        (kind.deletes && when.from >= last)),
  )
}

function lastChange({ openedAt, acknowledgedAt = 0, resolvedAt = 0, story }: Incident): number {
  return Math.max(openedAt, acknowledgedAt, resolvedAt, ...story.map((line) => line.at))
}
