import type { ChannelName } from '../domain/people.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { Budget } from '../store/store.ts'
import { chatKey } from './parts.ts'

/**
 * So many codes may be tried in a chat, and by one sender, right ones included. This is what bounds guessing: 720 tries
 * a day for each account in a chat of its own. With a hundred names one guess in 260,000 million is right
 * (bind-codes.ts), which takes a million accounts a year; with two letters less a thousand would do.
 */
const TRIES = { most: 5, within: 600_000 }
/**
 * So many wrong codes of all who are not listed are answered and audited, for each platform; one account cannot use
 * that up. Right ones neither count nor are refused for it: else a few accounts could keep everybody from binding.
 */
const STRANGERS_WRONG = { most: 2000, within: 24 * 3_600_000 }

/** What each try of a code takes from. */
export const triesOf = (chat: ChatRef, sender: string): Budget[] => [
  { name: `bind:chat:${chatKey(chat)}`, ...TRIES },
  { name: `bind:sender:${chat.channel}:${sender}`, ...TRIES },
]

/** What a wrong code by somebody who is not listed takes from as well. */
export const wrongByStrangers = (channel: ChannelName): Budget => ({
  name: `bind:strangers:${channel}`,
  ...STRANGERS_WRONG,
})

/** How often a chat is told that too many were tried. */
export const toldOf = (chat: ChatRef): Budget => ({
  name: `bind:told:${chatKey(chat)}`,
  most: 1,
  within: TRIES.within,
})
