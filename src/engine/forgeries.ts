import type { ChannelName, PressInput } from '../channels/channel.ts'
import type { Parts } from './parts.ts'

/** One line for each sender in so many ms, so that nobody can fill the audit. */
const NOTED = { most: 1, within: 60_000 }

/** Writes into the audit that somebody sent what no button of ours says. */
export async function noteForgery(
  { store, policy, now }: Pick<Parts, 'store' | 'policy' | 'now'>,
  channel: ChannelName,
  { sender, chat, data }: PressInput,
): Promise<void> {
  const id = `${channel}:${sender.id}`
  if ((await store.spend([{ name: `forged:${id}`, ...NOTED }])) > 0) return
  const person = sender.anonymous ? undefined : policy.people.find((one) => one.ids[channel] === sender.id)
  const details = { sender: id, data: data.slice(0, 64) }
  const line = {
    at: now(),
    who: person?.name ?? id,
    what: 'press.forged',
    subject: `${channel}:${chat}`,
    details,
  }
  await store.commit({ audit: [line] })
}
