import type en from '../../locales/en.json'

/** The key of a text in `locales/`. */
export type MessageKey = keyof typeof en

/** A moment, shown in the local time of the site. */
export interface Moment {
  /** ms since 1970. */
  at: number
  form: 'time' | 'date-time'
}

/** A span of time in which something happened, shown like a moment. */
export interface Span {
  /** ms since 1970. */
  from: number
  to: number
  form: Moment['form']
}

/**
 * A value inside a text: plain text, a number, a moment, a span, another text, or a list of texts, each a sentence
 * or clause.
 */
export type MessageValue = string | number | Moment | Span | Message | Message[]

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
export const span = (from: number, to: number, form: Moment['form'] = 'time'): Span => ({ from, to, form })

/** Whole minutes; 0 for less than one. */
export const minutesOf = (ms: number): number => (ms < 60_000 ? 0 : Math.round(ms / 60_000))

const [HOUR, DAY] = [3_600_000, 86_400_000]

/** The same for what may last longer: «2 h», «7 days», and «90 min» where it is no whole number of them. */
export function longLasting(ms: number): Message {
  if (ms >= DAY && ms % DAY === 0) return message('duration.days', { days: ms / DAY })
  return ms >= HOUR && ms % HOUR === 0 ? message('duration.hours', { hours: ms / HOUR }) : lasting(ms)
}

/** «30 s», «5 min». */
export const lasting = (ms: number): Message =>
  ms < 120_000
    ? message('duration.seconds', { seconds: Math.round(ms / 1000) })
    : message('duration.minutes', { minutes: minutesOf(ms) })
