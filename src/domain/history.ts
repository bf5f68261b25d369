import { localTime, startOfDay } from './local-time.ts'
import { dateTime, lasting, type Message, type MessageKey, message, span, time } from './message.ts'
import { CAUSES, type Cause } from './report.ts'

/** An entry of the audit, as far as history tells it. */
export interface Entry {
  at: number
  who: string
  what: string
  subject: string
  details?: Record<string, unknown>
}

/** What the words after `历史` ask for. */
export interface HistoryAsked {
  /** Names a breaker, a group, or nothing. */
  name: string
  /** One day of the site's calendar, as it was written, from and to, ms; absent: the last {@link USUAL}. */
  day?: { text: string; from: number; to: number }
}

/** How far back history goes where no day is named, ms. */
export const USUAL = 7 * 86_400_000
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

/** Entries that are told by one text; `{who}` is who did it. */
const PLAIN: Record<string, MessageKey> = {
  'incident.resolved': 'history.resolved',
  'incident.acknowledged': 'history.acknowledged',
  'close.asked': 'history.close-asked',
  'close.confirmed': 'history.close-confirmed',
  'close.cancelled': 'history.close-cancelled',
  'close.expired': 'history.close-expired',
  'open.asked': 'history.open-asked',
  'operation.unconfirmed': 'history.unconfirmed',
  'operation.tripped': 'history.tripped-again',
  'reconciliation.found': 'history.found',
  'alarm.undelivered': 'history.undelivered',
  'ack.refused': 'history.turned-away',
  'reclose.refused': 'history.turned-away',
  'confirm.refused': 'history.turned-away',
  'cancel.refused': 'history.turned-away',
  'open.refused': 'history.turned-away',
  'hold.set': 'history.hold-set',
  'hold.lifted': 'history.hold-lifted',
  'lock-out.set': 'history.lock-out-set',
  'lock-out.lifted': 'history.lock-out-lifted',
  'reclosing.announced': 'history.reclosing-announced',
  'reclosing.closed': 'history.reclosing-closed',
  'reclosing.succeeded': 'history.reclosing-succeeded',
  'reclosing.stopped': 'history.reclosing-stopped',
  'reclosing.stopped-by': 'history.reclosing-stopped-by',
  'reclosing.lapsed': 'history.reclosing-lapsed',
  'breaker.closed': 'history.closed-elsewhere',
  'hold.refused': 'history.turned-away',
  'release.refused': 'history.turned-away',
  'unlock.refused': 'history.turned-away',
  'stop.refused': 'history.turned-away',
  'storm.began': 'history.storm-began',
  'control.off': 'history.control-off',
  'control.on': 'history.control-on',
  'control.on-asked': 'history.control-on-asked',
  'control.refused': 'history.control-refused',
}

/** Entries about a command, by which way it was to move the contacts. */
const MOVES = {
  'operation.taken': 'history.sent',
  'operation.refused': 'history.not-sent',
  'operation.unknown': 'history.unknown',
  'operation.done': 'history.done',
} as const

const RUN_STEPS = ['asked', 'confirmed', 'stopped', 'cancelled', 'expired', 'ended'] as const

/** Reasons of the gate that can be told without knowing more. */
const REASONS = [
  'gate.actuation-off',
  'gate.no-remote-close',
  'gate.offline',
  'gate.already-closed',
  'gate.position-unknown',
  'gate.short-circuit',
] as const satisfies MessageKey[]

/** An entry in words. What is not known here is shown as it stands in the audit. */
export function wordsOf({ who, what, details = {} }: Entry): Message {
  const plain = Object.hasOwn(PLAIN, what) ? PLAIN[what] : undefined
  if (plain) return message(plain, { who })
  if (what === 'incident.opened') return message('history.tripped', { cause: causeOf(details) })
  if (what === 'close.refused') return refused(who, details)
  if (what === 'storm.acknowledged')
    return message('history.storm-acknowledged', { who, count: Number(details.count ?? 0) })
  if (what === 'breaker.away' || what === 'breaker.back') return wasAway(details)
  if (what === 'storm.over') return message('history.storm-over', { total: Number(details.total ?? 0) })
  if (Object.hasOwn(MOVES, what)) {
    const to = details.to === 'closed' ? 'closed' : 'open'
    return message(`${MOVES[what as keyof typeof MOVES]}-${to}`)
  }
  const [kind, step] = what.split('.')
  const known = RUN_STEPS.find((one) => one === step)
  if (known && (kind === 'full-off' || kind === 'group-close')) {
    const { place, reached = 0, missed = 0 } = details
    return message(`history.${kind}-${known}`, {
      who,
      place: String(place),
      reached: Number(reached),
      missed: Number(missed),
    })
  }
  return message('history.other', { who, what })
}

/** «away 10:02:10 – 10:02:50, 40 s», or «away since 10:02:10». */
function wasAway({ since, until }: Record<string, unknown>): Message {
  const from = Number(since)
  if (typeof until !== 'number') return message('history.away', { since: time(from) })
  return message('history.was-away', { when: span(from, until), lasting: lasting(until - from) })
}

function causeOf({ cause, raw }: Record<string, unknown>): Message | string {
  const known = CAUSES.find((one) => one === cause) as Cause | undefined
  if (known) return message(`cause.${known}`)
  return typeof raw === 'string' ? raw : message('cause.unknown')
}

function refused(who: string, { reasons }: Record<string, unknown>): Message {
  const why = REASONS.filter((one) => Array.isArray(reasons) && reasons.includes(one)).map((one) =>
    message(one),
  )
  return why.length > 0
    ? message('history.close-refused-why', { who, why })
    : message('history.close-refused', { who })
}
