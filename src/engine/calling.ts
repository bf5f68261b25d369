import type { Content, Mention } from '../channels/channel.ts'
import { onDuty } from '../domain/duty.ts'
import type { ChatRef } from '../domain/policy.ts'
import { arrangedPolicy } from './arrangements.ts'
import type { Lookup, Parts } from './parts.ts'

/** What makes a message to a chat an alarm: that it is urgent, and calls on those on duty in its room where it can. */
export async function alarmIn(
  parts: Parts,
  lookup: Lookup,
  chat: ChatRef,
): Promise<Pick<Content, 'urgent' | 'mention'>> {
  const { channels, now } = parts
  const room = lookup.roomOfChat(chat)
  const canCall = channels.get(chat.channel)?.abilities.mention
  const policy = await arrangedPolicy(parts)
  const names = room && canCall ? onDuty(policy, room.name, now()) : []
  const mention = names.flatMap((name): Mention[] => {
    const id = policy.people.find((one) => one.name === name)?.ids[chat.channel]
    return id === undefined ? [] : [{ id, name }]
  })
  return { urgent: true, ...(mention.length > 0 && { mention }) }
}
