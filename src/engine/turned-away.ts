import type { ChannelName, PressInput } from '../channels/channel.ts'
import type { Parts } from './parts.ts'

/** One line for each sender in so many ms, so that nobody can fill the audit. */
const NOTED = { most: 1, within: 60_000 }

/**
 * Writes into the audit that a press came to nothing before anything was decided: what no button of ours says
 * (`press.forged`), or one in the wrong place or of a card that is gone (`press.refused`). Never rejects.
 */
export async function noteTurnedAway(
  { store, policy, now, log }: Pick<Parts, 'store' | 'policy' | 'now' | 'log'>,
  channel: ChannelName,
  { sender, chat, data }: PressInput,
  what: 'press.forged' | 'press.refused',
  why: string,
): Promise<void> {
  const id = `${channel}:${sender.id}`
  const person = sender.anonymous ? undefined : policy.people.find((one) => one.ids[channel] === sender.id)
  const details = { sender: id, why, ...(what === 'press.forged' && { data: data.slice(0, 64) }) }
  const line = { at: now(), who: person?.name ?? id, what, subject: `${channel}:${chat}`, details }
  try {
    if ((await store.spend([{ name: `${what}:${id}`, ...NOTED }])) === 0)
      await store.commit({ audit: [line] })
  } catch (error) {
    log.warn({ error: String(error), who: line.who, what }, 'a press could not be written down')
  }
}
