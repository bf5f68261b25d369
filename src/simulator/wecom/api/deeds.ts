import type { JsonObject } from '../../kit/json.ts'
import type { ChatRef } from './people.ts'

export interface Callback {
  /** False if it did not reach a bot: nobody connected, no mention, outside the visible range. */
  delivered: boolean
  msgid: string
  reqId: string
}

export interface Click extends Callback {
  outcome: Promise<ClickOutcome>
}

/**
 * What became of a click within the 5 s (at once where the callback was lost):
 * `updated`: an update was accepted and drawn; `unchanged`: accepted but not drawn (another task_id, a `source`);
 * `refused`: there were answers, all refused; `unanswered`: there was none.
 */
export type ClickOutcome = 'updated' | 'unchanged' | 'refused' | 'unanswered'

export interface SayOptions {
  /** Default true. Without it a group keeps the message to itself. */
  mention?: boolean
  /** The quoted message's text. */
  quote?: string
  /** Between the mention and the text; default one space. Clients also put U+2005. */
  gap?: string
  /** Default: the bot added first. */
  bot?: string
  /** Last changes to the callback's body, for pictures, voice, empty texts, and what may be missing. */
  edit?: (body: JsonObject) => void
}

export interface ClickOptions {
  /** Choices by question key, for votes, multiple choices, and drop-downs. */
  selected?: Record<string, string[]>
}

/** A click that nothing was checked for: unknown cards, absent buttons, strangers, any age. */
export interface ForgedClick extends ClickOptions {
  taskId: string
  userid: string
  key: string
  /** Default: the card's chat, if there is such a card. */
  chat?: ChatRef
  msgid?: string
  /** How many seconds ago `create_time` says it was. */
  ageS?: number
  bot?: string
  /** Last changes to the callback's body. */
  edit?: (body: JsonObject) => void
}
