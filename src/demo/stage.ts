import type { Locale } from '../domain/card-text.ts'
import type { Sims } from './sims.ts'
import type { Trace } from './trace.ts'
import { createTroubles, type Troubles } from './troubles.ts'

/** All that the playground works with. */
export interface Stage {
  sims: Sims
  trace: Pick<Trace, 'ways' | 'audit'>
  troubles: Troubles
  /** The breakers that trip again soon after each close. */
  retripping: Set<string>
  /** The sites without mains. */
  dark: Set<string>
  /** The language that the service speaks in the chats. */
  locale: Locale
  speak(locale: Locale): void
}

/** @param adopt has the service speak another language from now on */
export function createStage(sims: Sims, trace: Stage['trace'], adopt: (locale: Locale) => void): Stage {
  const stage: Stage = {
    sims,
    trace,
    troubles: createTroubles(sims),
    retripping: new Set(),
    dark: new Set(),
    locale: 'zh-CN',
    speak(locale) {
      adopt(locale)
      stage.locale = locale
    },
  }
  return stage
}
