import { DAY, localTime, momentOf } from './local-time.ts'
import type { Severity } from './severity.ts'

/** `quiet` lets critical incidents through; the others let nothing through; under `maintenance` nothing closes, either. */
export type WindowKind = 'maintenance' | 'mute' | 'quiet'

/** What a window is about; `breaker`: its id. */
export type Scope = { room: string } | { site: string } | { breaker: string }

/** Each week the same, by the local clock. */
export interface Recurring {
  /** On which days it begins, 0 is Monday; absent: each day. */
  days?: number[]
  /** Minutes after midnight. Not later than `from`: on the next day. */
  from: number
  to: number
}

/** ms since 1970; `until` is past it. */
export interface Span {
  from: number
  until: number
}

/** A time in which incidents are recorded, and told of when it is over. */
export interface Window {
  id: string
  kind: WindowKind
  scope: Scope
  when: Span | Recurring
  /** Who set it in a chat; absent: the configuration. */
  by?: string
  reason?: string
}

/** Where a breaker is, as far as windows go by it. */
export interface WindowPlace {
  room: string
  site: string
  /** Its id. */
  breaker: string
}

/** An occurrence of a configured window that was ended by word: it does not stand any more. */
export interface EndedWindow {
  window: string
  /** When it would have ended, ms. */
  until: number
}

/** What keeps an incident from being told of. */
export interface Hush {
  window: string
  kind: WindowKind
  /** When that occurrence of the window began, ms. */
  from: number
  /** When the last of the windows that follow on each other ends, ms. */
  until: number
}

/** Windows that follow on each other for ever end so often all the same, and then begin anew. */
const MOST_IN_A_ROW = 60
const RANK: Record<WindowKind, number> = { maintenance: 0, mute: 1, quiet: 2 }

export function covers({ scope }: Window, place: WindowPlace): boolean {
  if ('room' in scope) return scope.room === place.room
  return 'site' in scope ? scope.site === place.site : scope.breaker === place.breaker
}

/** The occurrence of a window that a moment lies in. An hour that the clock skips or shows twice shifts no later one. */
export function occurrenceAt({ when }: Window, at: number, timezone: string): Span | undefined {
  if ('until' in when) return at >= when.from && at < when.until ? when : undefined
  const { year, month, day } = localTime(at, timezone)
  const midnight = Date.UTC(year, month - 1, day)
  const length = when.to > when.from ? when.to - when.from : when.to - when.from + 24 * 60
  for (const shown of [midnight, midnight - DAY]) {
    if (when.days && !when.days.includes(weekdayOf(shown))) continue
    const begins = shown + when.from * 60_000
    const span = {
      from: momentOf(begins, timezone),
      until: momentOf(begins + length * 60_000, timezone),
    }
    if (at >= span.from && at < span.until) return span
  }
  return undefined
}

/** 0 is Monday; the first day of 1970 was a Thursday. */
const weekdayOf = (shown: number): number => (((Math.floor(shown / DAY) + 3) % 7) + 7) % 7

/** The windows that stand at a place now, the strictest first, each with its occurrence. */
export function standingAt(
  windows: readonly Window[] | undefined,
  place: WindowPlace,
  now: number,
  timezone: string,
): { window: Window; span: Span }[] {
  return (windows ?? [])
    .flatMap((window) => {
      const span = covers(window, place) ? occurrenceAt(window, now, timezone) : undefined
      return span ? [{ window, span }] : []
    })
    .sort((a, b) => RANK[a.window.kind] - RANK[b.window.kind])
}

/** The strictest window that keeps an incident of this severity from being told of now, and how long they do together. */
export function hushFor(
  windows: readonly Window[] | undefined,
  place: WindowPlace,
  severity: Severity,
  now: number,
  timezone: string,
): Hush | undefined {
  const silencing = (windows ?? []).filter((one) => one.kind !== 'quiet' || severity !== 'critical')
  const [first] = standingAt(silencing, place, now, timezone)
  if (!first) return undefined
  let until = now
  for (let row = 0; row < MOST_IN_A_ROW; row++) {
    const ends = standingAt(silencing, place, until, timezone).map((one) => one.span.until)
    if (ends.length === 0) break
    until = Math.max(...ends)
  }
  return { window: first.window.id, kind: first.window.kind, from: first.span.from, until }
}

/** So often is looked whether a window has been ended before its time, ms. */
const LOOK_AGAIN = 300_000

/** When to look again whether what was to last until then still does. */
export const lookAgainAt = (now: number, until: number): number => Math.min(until, now + LOOK_AGAIN)
