import { wordsOf } from '../../domain/history-words.ts'
import { zoneOf } from '../../domain/local-time.ts'
import { VIAS } from '../../domain/people.ts'
import type { BreakerConfig } from '../../domain/policy.ts'
import type { AuditRow } from '../../store/store.ts'
import { translator } from '../../text/translate.ts'
import { CONTROL } from '../control.ts'
import { placeBefore, SLACK } from '../history.ts'
import { type Parts, roomSubject } from '../parts.ts'
import type { Callers, Viewer } from './caller.ts'
import type { Page } from './page.ts'

export interface HistoryAsked {
  breaker?: string | undefined
  room?: string | undefined
  /** ms since 1970: from ≤ at < to. */
  from: number
  to: number
  limit: number
  cursor?: number | undefined
}

/** So many entries are read at least: those of the first hour may be older than what is asked for. */
const LEAST = 100

/** The audit, oldest first, as far as somebody may see it. */
export function createHistoryReading(parts: Parts, { visible }: Callers) {
  const { store } = parts

  function subjectsOf(
    viewer: Viewer,
    { breaker, room }: HistoryAsked,
  ): Map<string, BreakerConfig | undefined> {
    const mine = visible(viewer.person)
    const fits = mine.filter(
      (one) => (breaker === undefined || one.id === breaker) && (room === undefined || one.room === room),
    )
    const rooms = breaker === undefined ? [...new Set(fits.map((one) => one.room))] : []
    return new Map<string, BreakerConfig | undefined>([
      ...fits.map((one): [string, BreakerConfig] => [one.id, one]),
      ...rooms.map((one): [string, undefined] => [roomSubject(one), undefined]),
      ...(rooms.length > 0 ? [[CONTROL, undefined] as [string, undefined]] : []),
    ])
  }

  return async (viewer: Viewer, asked: HistoryAsked): Promise<Page<ReturnType<typeof entry>>> => {
    const { from, to, limit } = asked
    const configs = subjectsOf(viewer, asked)
    const subjects = [...configs.keys()]
    const found: AuditRow[] = []
    let after = asked.cursor ?? (await placeBefore(store, from - SLACK))
    const step = Math.max(limit, LEAST)
    for (;;) {
      const rows = await store.audit({ after, limit: step, subjects })
      for (const row of rows) {
        after = row.seq
        if (row.at >= from && row.at < to) found.push(row)
        if (found.length === limit) return { items: found.map(shown), next: String(after) }
      }
      if (rows.length < step || rows.at(-1)!.at > to + SLACK) return { items: found.map(shown), next: null }
    }

    function shown(row: AuditRow) {
      return entry(row, configs.get(row.subject), viewer, parts)
    }
  }
}

function entry(row: AuditRow, config: BreakerConfig | undefined, { locale }: Viewer, { policy }: Parts) {
  const { seq, at, who, what, subject, details } = row
  const zone = config ? zoneOf(policy, config.room) : policy.timezone
  return {
    seq,
    at,
    who,
    what,
    breaker: config?.id ?? null,
    subject: config?.name ?? subject.replace(/^room:/, ''),
    via: VIAS.find((one) => one === details?.via) ?? null,
    text: translator(locale, zone)(wordsOf(row)),
  }
}
