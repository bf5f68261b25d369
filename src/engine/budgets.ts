import type { Limit, SendLimits } from '../channels/channel.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { Budget } from '../store/store.ts'
import { chatKey, type Parts } from './parts.ts'

const MINUTE = 60_000
/**
 * Of what a chat or bot takes, so much is for whatever is no alarm: the rest stays free for one. Not of short spans,
 * which are over by themselves before anybody misses anything.
 */
const FOR_REST = { share: 2 / 3, from: MINUTE }

/** With what a group takes each minute as it is configured, in place of the adapter's own for up to a minute. */
export function limitsWith(limits: SendLimits, perMinute: number | undefined): SendLimits {
  if (perMinute === undefined) return limits
  const others = limits.group.filter(({ within }) => within > MINUTE)
  return { ...limits, group: [{ most: perMinute, within: MINUTE }, ...others] }
}

/**
 * Takes room for one message to a chat: of the chat itself and of the bot. What is taken counts for all instances and
 * over restarts. Answers 0, or how long to wait at least, ms.
 */
export async function takeRoom(
  { channels, store, metrics }: Pick<Parts, 'channels' | 'store'> & Partial<Pick<Parts, 'metrics'>>,
  chat: ChatRef,
  isAlarm: boolean,
): Promise<number> {
  const limits = channels.get(chat.channel)?.limits
  if (!limits) return 0
  const own = isPerson(chat) ? limits.person : limits.group
  const ofChat = budgetsFor(`send:${chatKey(wholeGroup(chat))}`, own, isAlarm)
  const ofBot = budgetsFor(`send:${chat.channel}`, limits.bot, isAlarm)
  if (ofChat.length + ofBot.length === 0) return 0
  const wait = await store.spend([...ofChat, ...ofBot])
  if (wait === 0) {
    metrics?.budgets.took(chat.channel, 'chat', ofChat)
    metrics?.budgets.took(chat.channel, 'bot', ofBot)
  }
  return wait
}

function budgetsFor(name: string, limits: readonly Limit[], isAlarm: boolean): Budget[] {
  return limits.flatMap(({ most, within }) => {
    const whole = { name: `${name}:${within}`, most, within }
    if (isAlarm || within < FOR_REST.from) return [whole]
    return [
      whole,
      { name: `${whole.name}:rest`, most: Math.max(1, Math.floor(most * FOR_REST.share)), within },
    ]
  })
}

/** Telegram's ids of groups are negative, or a channel's name. */
function isPerson({ channel, chat }: ChatRef): boolean {
  return channel === 'telegram' ? /^\d+$/.test(chat) : chat.startsWith('user:')
}

/** The topics of a Telegram group share what the group takes. */
function wholeGroup(chat: ChatRef): ChatRef {
  return chat.channel === 'telegram' ? { ...chat, chat: chat.chat.split('/')[0]! } : chat
}
