import type { Limit, SendLimits } from '../channel.ts'

/**
 * Documented: 20 calls a second for each API of an app, of which half is used. What one group takes is not published,
 * only that there is a code for too much: as much as the other robots may send (our choice).
 */
export const LIMITS: SendLimits = {
  group: [{ most: 20, within: 60_000 }],
  person: [{ most: 20, within: 60_000 }],
  bot: [{ most: 10, within: 1000 }],
}

/** Pictures, which are messages of their own (our choice). */
export const SPARE: Limit[] = [{ most: 10, within: 60_000 }]
