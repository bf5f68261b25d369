import type { RetryTiming } from './supervise.ts'

/** All in ms. */
export interface TelegramTiming extends RetryTiming {
  /** How long a call may take; a poll that much longer than it is held. */
  callWithin: number
  /** How long Telegram holds a poll open, whole seconds; it allows 50 s (seen in the official server), proxies often less. */
  hold: number
}

/** As in production (our choice). */
export const TIMING: TelegramTiming = {
  callWithin: 15_000,
  hold: 30_000,
  firstPause: 1000,
  longestPause: 60_000,
  conflictPause: 5000,
  refusedPause: 180_000,
}
