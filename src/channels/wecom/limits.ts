import type { Limit, SendLimits } from '../channel.ts'

/** Documented: 30 a minute and 1,000 an hour for each conversation, answers included. */
const CONVERSATION: Limit[] = [
  { most: 25, within: 60_000 },
  { most: 900, within: 3_600_000 },
]

/** What a conversation takes beyond that. */
export const SPARE: Limit[] = [
  { most: 4, within: 60_000 },
  { most: 90, within: 3_600_000 },
]

/** Documented: 30 a minute and 1,000 an hour for each bot. */
export const UPLOADS: Limit[] = [
  { most: 28, within: 60_000 },
  { most: 950, within: 3_600_000 },
]

/** No limit for a bot as a whole is published. */
export const LIMITS: SendLimits = { group: CONVERSATION, person: CONVERSATION, bot: [] }
