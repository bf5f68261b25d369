import type { SimClock } from '../../kit/clock.ts'

export interface TelegramSimOptions {
  clock?: SimClock
  /** Default 0: any free port. */
  port?: number
  /** How long a press can be answered, ms of the sim's clock. Default 15 000 (reported). */
  answerWindow?: number
  /** How late a repeated 409 is answered, ms of the sim's clock. Default 3000 (seen in the official server). */
  conflictDelay?: number
  /**
   * How long a repeated `getUpdates` with the same offset waits at least, ms of the sim's clock; within half a second it
   * gets a single update only. Default 3000 (seen in the official server); 0 turns both off.
   */
  sameOffsetDelay?: number
  /**
   * The Bot API version that it speaks, as a number. Default 10.3. Below 10.3 there are no disabled buttons and no
   * ephemeral messages, below 10.1 no rich messages, below 9.5 no `tg-time`, below 9.4 no button styles.
   */
  level?: number
  /** Real ms that the receiver of a webhook push has to answer. Default 60 000. */
  webhookTimeout?: number
  /**
   * A failed push is repeated at once, then after `first`, twice that, and so on up to `longest`, ms of the sim's clock.
   * Default 2000 and 60 000 (seen: 2, 4, 8 s … up to a random 60–120 s).
   */
  webhookBackoff?: { first: number; longest: number }
  /** Off by default. */
  limits?: RateLimits
}

/** Budgets for sends and edits alike; `answerCallbackQuery` is exempt. */
export interface RateLimits {
  /** Messages per minute in one group. Telegram: 20. */
  groupPerMinute?: number
  /** Messages per second in one chat, averaged after a burst. Telegram: 1. */
  chatPerSecond?: number
  /** How many messages may come at once before `chatPerSecond` holds. Default 3. */
  burst?: number
  /** Messages per second over all chats. Telegram: about 30. */
  overallPerSecond?: number
  /** A call before `retry_after` has passed makes the wait longer by this many seconds. Default 0. */
  earlyPenalty?: number
}
