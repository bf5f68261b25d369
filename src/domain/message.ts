import type en from '../../locales/en.json'

/** The key of a text in `locales/`. */
export type MessageKey = keyof typeof en

/** A moment, shown in the local time of the site. */
export interface Moment {
  /** ms since 1970. */
  at: number
  form: 'time' | 'date-time'
}

/**
 * A value inside a text: plain text, a number, a moment, another text, or a list of texts, each a sentence or
 * clause.
 */
export type MessageValue = string | number | Moment | Message | Message[]

/** A text that is still in no language. */
export interface Message {
  key: MessageKey
  values?: Record<string, MessageValue>
}

export function message(key: MessageKey, values?: Record<string, MessageValue>): Message {
  return values ? { key, values } : { key }
}

export const time = (at: number): Moment => ({ at, form: 'time' })
export const dateTime = (at: number): Moment => ({ at, form: 'date-time' })
