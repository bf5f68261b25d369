import { type Entry, wordsOf } from './history-words.ts'
import { DAY, localTime, startOfDay } from './local-time.ts'
import { dateTime, type Message, message, time } from './message.ts'

/** What the words after `历史` ask for. */
export interface HistoryAsked {
  /** Names a breaker, a group, or nothing. */
  name: string
  /** One day of the site's calendar, as it was written, from and to, ms; absent: the last {@link USUAL}. */
  day?: { text: string; from: number; to: number }
}

/** How far back history goes where no day is named, ms. */
export const USUAL = 7 * DAY
/** Lines to a page. */
export const PAGE = 15

const DAYS_BACK: Record<string, number> = { 今天: 0, today: 0, 昨天: 1, yesterday: 1, 前天: 2 }

/** Reads the words: the last of them may be a day: `2026-01-31`, `01-31`, `昨天`, `yesterday`. */
export function readHistory(rest: string, now: number, timezone: string): HistoryAsked {
  const words = rest.split(' ').filter(Boolean)
  const day = dayOf(words.at(-1)?.toLowerCase() ?? '', now, timezone)
  return day ? { name: words.slice(0, -1).join(' '), day } : { name: words.join(' ') }
}

function dayOf(word: string, now: number, timezone: string): HistoryAsked['day'] {
  const today = localTime(now, timezone)
  const from = (year: number, month: number, day: number) => startOfDay(year, month, day, timezone)
  const whole = (year: number, month: number, day: number) => ({
    text: word,
    from: from(year, month, day),
    to: from(year, month, day + 1),
  })
  const back = Object.hasOwn(DAYS_BACK, word) ? DAYS_BACK[word] : undefined
  if (back !== undefined) return whole(today.year, today.month, today.day - back)
  const [, year, month, day] = /^(?:(\d{4})-)?(\d{1,2})-(\d{1,2})$/.exec(word) ?? []
  if (month === undefined || day === undefined) return undefined
  const named = whole(Number(year ?? today.year), Number(month), Number(day))
  // A day without a year is the last one that there was.
  return year === undefined && named.from > now ? whole(today.year - 1, Number(month), Number(day)) : named
}

/** Takes a page's number off the end of the words: `3号增氧机 昨天 2`. */
export function splitPage(rest: string): { rest: string; page: number } {
  const [, before = '', page] = /^(.*?) ?\b(\d{1,3})$/.exec(rest) ?? []
  return page === undefined ? { rest, page: 1 } : { rest: before.trim(), page: Math.max(1, Number(page)) }
}

/** One page of entries, newest last; page 1 is the newest. `breakerOf`: the name to put before a line, if any. */
export function historyLines(
  entries: readonly Entry[],
  page: number,
  title: Message,
  none: Message,
  form: 'time' | 'date-time',
  breakerOf: (subject: string) => string | undefined,
  more: (page: number) => string,
): Message[] {
  const end = entries.length - (page - 1) * PAGE
  const shown = entries.slice(Math.max(0, end - PAGE), Math.max(0, end))
  if (shown.length === 0) return [none]
  const lines = shown.map((entry) => {
    const at = form === 'time' ? time(entry.at) : dateTime(entry.at)
    const breaker = breakerOf(entry.subject)
    const what = wordsOf(entry)
    return breaker === undefined
      ? message('history.line', { at, what })
      : message('history.line-of', { at, breaker, what })
  })
  const rest = end > PAGE ? [message('history.more', { line: more(page + 1) })] : []
  return [title, ...lines, ...rest]
}
