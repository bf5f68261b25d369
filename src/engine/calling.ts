import type { Content, Mention } from '../channels/channel.ts'
import { ALARM_CARD } from '../domain/alarm.ts'
import { whereOf } from '../domain/alarm-next.ts'
import { onDuty } from '../domain/duty.ts'
import { type Escalating, policyFor } from '../domain/escalation.ts'
import type { ChatRef } from '../domain/policy.ts'
import { stepsFor } from '../domain/steps.ts'
import { arrangedPolicy } from './arrangements.ts'
import type { CardOwner } from './cards.ts'
import { getAlarm, getIncident, type Lookup, type Parts } from './parts.ts'

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

/** The same for a new card. Where a step of its policy will call on somebody, the card itself calls on nobody. */
export async function newCardIn(
  parts: Parts,
  lookup: Lookup,
  chat: ChatRef,
  owner: CardOwner,
  id: string,
): Promise<Pick<Content, 'urgent' | 'mention'>> {
  const room = lookup.roomOfChat(chat)?.name ?? ''
  const { where, alarm } = await subjectOf(parts, owner, id, room)
  const policy = policyFor(parts.policy.escalations, where)
  const calls = policy && stepsFor(policy, alarm).some(({ mention, call }) => mention ?? call)
  return calls ? { urgent: true } : alarmIn(parts, lookup, chat)
}

/** What a card is about, as far as policies go by it. */
async function subjectOf(
  { store }: Parts,
  owner: CardOwner,
  id: string,
  room: string,
): Promise<{ where: Parameters<typeof policyFor>[1]; alarm: Pick<Escalating, 'severity' | 'cause'> }> {
  if (owner === ALARM_CARD) {
    const alarm = (await getAlarm(store, id))?.value
    return alarm ? { where: whereOf(alarm), alarm } : { where: { room }, alarm: {} }
  }
  if (typeof owner === 'string') return { where: { room }, alarm: {} }
  return { where: owner, alarm: (await getIncident(store, id))?.value ?? {} }
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
