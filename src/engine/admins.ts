import type { Delivery } from '../channels/channel.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { Job, JobResult } from '../store/store.ts'
import type { Outgoing } from './outgoing.ts'
import type { Parts } from './parts.ts'
import type { SendWork } from './work.ts'

type Waiting = Exclude<Delivery, { outcome: 'delivered' | 'refused' }>

/**
 * Tells one admin one-to-one: the first who can be reached. A platform that cannot do it now is passed over for the
 * next; if no admin can be reached at all, the rooms are told.
 */
export async function tellAdmin(
  parts: Parts,
  outgoing: Outgoing,
  job: Job,
  work: Extract<SendWork, { what: 'admin' }>,
  contentFor: (chat: ChatRef) => { text: string },
  key: string,
): Promise<JobResult> {
  let waiting: { chat: ChatRef; delivery: Waiting } | undefined
  for (const chat of candidates(parts)) {
    const delivery = await outgoing.send(chat, contentFor(chat), key)
    if (delivery.outcome === 'delivered') return 'done'
    if (delivery.outcome === 'unknown') return outgoing.failed(job, 'text', chat, delivery)
    if (delivery.outcome === 'later') waiting ??= { chat, delivery }
  }
  if (waiting) return outgoing.failed(job, 'text', waiting.chat, waiting.delivery)
  parts.log.error({ text: work.text.key }, 'nobody could be told what an admin should know')
  return { dead: 'no admin could be reached' }
}

function candidates({ policy, channels }: Parts): ChatRef[] {
  const own = policy.people
    .filter((person) => person.role === 'admin')
    .flatMap(({ ids }): ChatRef[] => [
      ...(ids.wecom === undefined ? [] : [{ channel: 'wecom' as const, chat: `user:${ids.wecom}` }]),
      ...(ids.dingtalk === undefined ? [] : [{ channel: 'dingtalk' as const, chat: `user:${ids.dingtalk}` }]),
      ...(ids.telegram === undefined ? [] : [{ channel: 'telegram' as const, chat: ids.telegram }]),
    ])
  return [...own, ...policy.rooms.flatMap((room) => room.chats)].filter((chat) => channels.has(chat.channel))
}
