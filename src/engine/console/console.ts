import type { Locale } from '../../domain/card-text.ts'
import { type Message, type MessageKey, message } from '../../domain/message.ts'
import { translator } from '../../text/translate.ts'
import type { Lookup, Parts } from '../parts.ts'
import { createCallers } from './caller.ts'
import { hearChanges } from './changes.ts'
import type { Deeds } from './deeds.ts'
import { createEnergyReading } from './energy.ts'
import { createHistoryReading } from './history.ts'
import { createLoadReading } from './load.ts'
import { createReading } from './reading.ts'
import { createRunReading } from './runs.ts'
import type { Sessions } from './sessions.ts'

export interface ConsoleOptions {
  /** The address of the service for browsers; absent: nobody signs in. */
  publicUrl?: string | undefined
  /** How long a session lasts, ms. */
  lasts: number
}

/** The texts of one language. */
export interface Words {
  locale: Locale
  say(key: MessageKey, values?: Message['values']): string
}

export type Console = ReturnType<typeof createConsole>

/** All that the API works with, whoever speaks by it. */
export function createConsole(
  parts: Parts,
  lookup: Lookup,
  given: { sessions: Sessions; deeds: Pick<Deeds, 'take' | 'outcomeOf'>; isReady: () => boolean },
) {
  const callers = createCallers(parts, lookup)
  return {
    ...given,
    callers,
    reading: createReading(parts, lookup, callers),
    energy: createEnergyReading(parts),
    load: createLoadReading(parts),
    history: createHistoryReading(parts, callers),
    runs: createRunReading(parts, callers),
    hear: (listener: Parameters<typeof hearChanges>[1]) => hearChanges(parts.store, listener),
    locale: () => parts.policy.locale,
    words: (locale: Locale): Words => {
      const t = translator(locale, parts.policy.timezone)
      return { locale, say: (key, values) => t(message(key, values)) }
    },
    now: parts.now,
    metrics: parts.metrics,
  }
}
