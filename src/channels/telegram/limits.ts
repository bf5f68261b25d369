import type { Limit, SendLimits } from '../channel.ts'

/** A little longer than it must be: what leaves at even distances does not arrive at them. */
const BURST = { most: 3, within: 3500 }

/**
 * Documented in the FAQ as 20 a minute for a group, 1 a second for a chat with short bursts, and 30 a second for a bot;
 * edits count as sends do (said by the server's maintainer).
 */
export const LIMITS: SendLimits = {
  group: [{ most: 18, within: 60_000 }, BURST],
  person: [BURST],
  bot: [{ most: 25, within: 1000 }],
}

/** What a group takes beyond that. */
export const SPARE: Limit[] = [{ most: 2, within: 60_000 }]
