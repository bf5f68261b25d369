import type { Content, Mention } from '../channels/channel.ts'
import { onDuty } from '../domain/duty.ts'
import { policyFor } from '../domain/escalation.ts'
import type { ChatRef, Policy } from '../domain/policy.ts'
import { arrangedPolicy } from './arrangements.ts'
import type { CardOwner } from './cards.ts'
import type { Lookup, Parts } from './parts.ts'

/** What makes a message to a chat an alarm: that it is urgent, and calls on those on duty in its room where it can. */
export async function alarmIn(
  parts: Parts,
  lookup: Lookup,
  chat: ChatRef,
): Promise<Pick<Content, 'urgent' | 'mention'>> {
  const room = lookup.roomOfChat(chat)
  const policy = await arrangedPolicy(parts)
  const mention = mentionsIn(parts, chat, room ? onDuty(policy, room.name, parts.now()) : [])
  return { urgent: true, ...(mention.length > 0 && { mention }) }
}

/** The same for a new card. Where a policy says when to call on somebody, the card itself calls on nobody. */
export async function newCardIn(
  parts: Parts,
  lookup: Lookup,
  chat: ChatRef,
  owner: CardOwner,
): Promise<Pick<Content, 'urgent' | 'mention'>> {
  const room = lookup.roomOfChat(chat)
  const where = typeof owner === 'string' ? { room: room?.name ?? '' } : owner
  return callsLater(parts.policy, where) ? { urgent: true } : alarmIn(parts, lookup, chat)
}

function callsLater({ escalations }: Policy, where: Parameters<typeof policyFor>[1]): boolean {
  const steps = policyFor(escalations, where)?.steps ?? []
  return steps.some(({ mention, call }) => mention !== undefined || call !== undefined)
}

/** Those of them whom this platform knows and can call on. */
export function mentionsIn(
  { policy, channels }: Parts,
  { channel }: ChatRef,
  names: readonly string[],
): Mention[] {
  if (!channels.get(channel)?.abilities.mention) return []
  return names.flatMap((name): Mention[] => {
    const id = policy.people.find((one) => one.name === name)?.ids[channel]
    return id === undefined ? [] : [{ id, name }]
  })
}
