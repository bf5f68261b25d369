import type { RateLimits, TelegramSimOptions } from './api.ts'

/** The options with every default filled in; times in ms. */
export interface Settings {
  answerWindow: number
  conflictDelay: number
  sameOffsetDelay: number
  webhookTimeout: number
  webhookBackoff: { first: number; longest: number }
  limits: RateLimits | undefined
  level: number
}

export function settingsOf(options: TelegramSimOptions): Settings {
  return {
    answerWindow: options.answerWindow ?? 15_000,
    conflictDelay: options.conflictDelay ?? 3000,
    sameOffsetDelay: options.sameOffsetDelay ?? 3000,
    webhookTimeout: options.webhookTimeout ?? 60_000,
    webhookBackoff: options.webhookBackoff ?? { first: 2000, longest: 60_000 },
    limits: options.limits,
    level: options.level ?? 10.3,
  }
}
